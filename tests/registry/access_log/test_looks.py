"""Who looked, over HTTP (promise B1): every act on a camera is on its owner's page, and nobody else's."""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from registry.access_log import selectors, services
from registry.canvasses.services import canvasses
from registry.footage.services import custody
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.factories import REASON, draft_of, incident_at, person, registrant_at, request_at
from tests.people import sign_in
from tests.registry.access_log.delays import DELAY_REASON, case_of, delayed
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given

pytestmark = pytest.mark.django_db
LOOKS = reverse("looks")


@dataclass
class World:
    """An owner whose camera was found, shown, asked for, its footage played and downloaded; and one of a new camera."""

    watched: Registrant
    registrant: Registrant


def make_kept_world() -> World:
    watched, deputy = registrant_at(), person("deputy")
    request = request_at("footage", registrant=watched, by=deputy)
    canvasses.show(canvass=request.canvass, by=deputy)
    file = given(request)
    custody.view(evidence=file, by=deputy, reason=REASON)
    custody.download(evidence=file, by=deputy, reason=REASON)
    return World(watched, registrant_at())


@pytest.fixture
def registrant(kept_world: World) -> Registrant:
    return kept_world.registrant


@pytest.fixture
def resident(registrant: Registrant) -> User:
    """The account of the one whose camera is new."""
    return registrant.user


def text(browser: Client, **asked: str) -> str:
    return browser.get(LOOKS, asked).content.decode()


def copy(browser: Client, **asked: str) -> list[dict[str, str]]:
    response = browser.post(reverse("looks_copy"), asked)
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


class TestEveryActOnACamera:
    @pytest.fixture
    def footage(self, kept_world: World) -> Registrant:
        """Return the owner whose footage was played and downloaded."""
        return kept_world.watched

    def test_it_is_on_the_owners_page_with_who_when_and_for_which_incident(self, footage: Registrant) -> None:
        page = text(sign_in(footage.user))
        for event in (
            Event.CAMERA_FOUND,
            Event.CAMERA_SHOWN,
            Event.CAMERA_ASKED,
            Event.EVIDENCE_VIEWED,
            Event.EVIDENCE_DOWNLOADED,
        ):
            (entry,) = entries_of(event)
            assert entry.sentence.replace("'", "&#x27;") in page
            assert entry.actor_pseudonym in page
            assert f"entry {entry.camera_number}" in page
        request = footage.requests.get()
        assert request.incident.number in page
        assert request.incident.type.name in page
        assert request.canvass.asker.name not in page
        assert REASON.replace("'", "&#x27;") not in page
        assert "up to 10 minutes" in page

    def test_its_numbers_have_no_gap(self, footage: Registrant) -> None:
        numbers = sorted(int(row["entry"]) for row in copy(sign_in(footage.user)))
        assert numbers == list(range(1, len(numbers) + 1))

    def test_nobody_else_reads_it(self, footage: Registrant, resident_client: Client) -> None:
        number = footage.requests.get().incident.number
        assert number not in text(resident_client)
        camera = Camera.objects.get(premises__registrant=footage)
        for asked in ({"where": str(camera.pk)}, {"where": str(camera.premises_id)}, {"before": f"{camera.pk}.9"}):
            assert resident_client.get(LOOKS, asked).status_code == 404
        assert resident_client.post(reverse("looks_copy"), {"where": str(camera.pk)}).status_code == 404

    def test_it_is_on_no_page_of_a_deputy(self, deputy_client: Client) -> None:
        assert deputy_client.get(LOOKS).status_code == 403
        assert deputy_client.post(reverse("looks_copy")).status_code == 403


class TestTheList:
    def test_it_says_so_when_nobody_has_looked(self, registrant: Registrant, resident: User) -> None:
        Camera.objects.filter(premises__registrant=registrant).delete()
        assert "Nobody has looked yet" in text(sign_in(resident))

    def test_it_is_narrowed_by_camera_place_kind_and_time(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        camera = Camera.objects.get(premises__registrant=registrant)
        number = draft_of(incident_at()).incident.number
        today = timezone.localdate()
        for asked in (
            {"where": str(camera.pk)},
            {"where": str(camera.premises_id)},
            {"kind": "found"},
            {"since": today.isoformat()},
            {"until": today.isoformat()},
        ):
            assert number in text(resident_client, **asked)
        for asked in (
            {"kind": "asked"},
            {"kind": "other"},
            {"since": (today + timedelta(days=1)).isoformat()},
            {"until": (today - timedelta(days=1)).isoformat()},
        ):
            assert number not in text(resident_client, **asked)

    def test_a_period_that_ends_before_it_begins_is_explained(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        assert "must come after" in text(resident_client, since="2026-05-02", until="2026-05-01")

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_the_calendar_s_first_and_last_day_are_days_like_others(
        self, registrant: Registrant, resident_client: Client, day: str
    ) -> None:
        assert resident_client.get(LOOKS, {"since": day}).status_code == 200
        assert resident_client.get(LOOKS, {"until": day}).status_code == 200

    @pytest.mark.parametrize("where", ["not-an-id", "00000000-0000-4000-8000-000000000001"])
    def test_a_place_that_is_none_of_theirs_is_not_found(
        self, registrant: Registrant, resident_client: Client, where: str
    ) -> None:
        assert resident_client.get(LOOKS, {"where": where}).status_code == 404

    def test_older_entries_follow_without_a_gap_or_a_double(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        canvass = draft_of(incident_at())
        for _again in range(60):
            canvasses.show(canvass=canvass, by=canvass.created_by)
        seen: list[int] = []
        address, pages = LOOKS, 0
        while address:
            context = resident_client.get(address).context
            seen += [look.number for look in context["looks"]]
            address, pages = context["older"] and LOOKS + context["older"], pages + 1
        assert seen == list(range(62, 0, -1))
        assert pages == 2

    @pytest.mark.parametrize("before", ["x", "1.2", "1.x", "."])
    def test_a_place_in_the_list_that_is_none_begins_at_the_top(
        self, registrant: Registrant, resident_client: Client, before: str
    ) -> None:
        assert "added this camera" in text(resident_client, before=before)

    def test_its_queries_do_not_grow(self, registrant: Registrant, resident_client: Client) -> None:
        text(resident_client)
        counts = []
        for _round in range(2):
            for _again in range(8):
                draft_of(incident_at())
            with CaptureQueriesContext(connection) as queries:
                text(resident_client)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 14


class TestTheCopy:
    def test_it_has_every_entry_and_is_one(self, registrant: Registrant, resident_client: Client) -> None:
        incident = draft_of(incident_at()).incident
        newest, oldest = copy(resident_client)
        assert (newest["incident"], newest["who"]) == (incident.number, incident.opened_by.pseudonym)
        assert (oldest["who"], oldest["entry"], oldest["open"]) == ("You", "1", "1")
        assert len(entries_of(Event.LOOKS_COPIED, registrant)) == 1

    def test_it_is_narrowed_like_the_page(self, registrant: Registrant, resident_client: Client) -> None:
        draft_of(incident_at())
        assert len(copy(resident_client, kind="found")) == 1
        assert copy(resident_client, kind="asked") == []

    def test_a_long_one_comes_in_pieces_with_one_head(
        self, registrant: Registrant, resident_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("registry.access_log.presenters.looks.A_PIECE", 2)
        for _again in range(4):
            draft_of(incident_at())
        assert [row["entry"] for row in copy(resident_client)] == ["5", "4", "3", "2", "1"]


class TestADelay:
    """The owner sees at once that there is an entry and when it opens, and not what it says."""

    def _hidden(self, browser: Client, case_secrets: list[str]) -> str:
        page = text(browser)
        assert [secret for secret in case_secrets if secret in page] == []
        return page

    def test_it_withholds_who_what_and_which_incident_and_leaves_no_gap(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        case = case_of(registrant)
        before = len(copy(resident_client))
        until = delayed(case).ends_at
        secrets = [case.incident.number, case.supervisor.pseudonym, case.canvass.created_by.pseudonym, DELAY_REASON]
        page = self._hidden(
            resident_client, [*secrets, case.incident.type.name, "where this camera is", "delayed what"]
        )
        assert date_format(timezone.localtime(until), "DATE_FORMAT") in page
        rows = copy(resident_client)
        assert [int(row["entry"]) for row in rows] == list(range(before + 1, 0, -1))
        closed = [row for row in rows if row["open"] == "0"]
        assert len(closed) == 3
        assert not any(secret in str(closed) for secret in secrets)
        assert {(row["incident"], row["offense"], row["reason"], row["lasted"]) for row in closed} == {("", "", "", "")}

    def test_no_filter_tells_what_a_withheld_entry_is(self, registrant: Registrant, resident_client: Client) -> None:
        delayed(case_of(registrant))
        for kind in ("found", "shown", "asked", "played", "downloaded", "delayed", "other"):
            assert "Opens later" not in text(resident_client, kind=kind)
        assert text(resident_client, kind="later").count(">Opens later<") == 3

    def test_other_incidents_stay_readable(self, registrant: Registrant, resident_client: Client) -> None:
        other = draft_of(incident_at()).incident.number
        delayed(case_of(registrant))
        assert other in text(resident_client)

    def test_what_comes_later_is_withheld_too(self, registrant: Registrant, resident_client: Client) -> None:
        case = case_of(registrant)
        delayed(case)
        canvasses.show(canvass=case.canvass, by=case.canvass.created_by)
        self._hidden(resident_client, [case.canvass.created_by.pseudonym])

    def test_the_profile_and_the_export_withhold_the_same(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        case = case_of(registrant)
        delayed(case)
        secrets = [case.incident.number, case.supervisor.pseudonym, case.canvass.created_by.pseudonym]
        profile = resident_client.get(reverse("profile")).content.decode()
        export = resident_client.post(reverse("export_data")).getvalue()
        assert "Opens later" in profile
        assert [secret for secret in secrets if secret in profile] == []
        looks_of_export = ZipFile(io.BytesIO(export)).read("looks.csv").decode()
        assert "Opens later" in looks_of_export
        assert [secret for secret in secrets if secret in looks_of_export] == []

    def test_it_opens_by_itself_with_its_supervisor_and_reason(self, registrant: Registrant, resident: User) -> None:
        case = case_of(registrant)
        placed = delayed(case)
        with time_machine.travel(placed.ends_at + timedelta(seconds=1)):
            page = text(sign_in(resident))
        for opened in (case.incident.number, case.supervisor.pseudonym, case.canvass.created_by.pseudonym):
            assert opened in page
        assert DELAY_REASON.replace("'", "&#x27;") in page
        assert "Opens later" not in page

    def test_ended_early_or_with_the_owner_asked_it_opens_at_once(
        self, registrant: Registrant, resident_client: Client
    ) -> None:
        case = case_of(registrant)
        services.end_delay(delay=delayed(case), by=case.supervisor)
        assert case.incident.number in text(resident_client)
        other = case_of(registrant)
        delayed(other)
        assert other.incident.number not in text(resident_client)
        canvasses.send(canvass=other.canvass, by=other.canvass.created_by)
        assert other.incident.number in text(resident_client)

    def test_another_owner_reads_on(self, registrant: Registrant) -> None:
        other = registrant_at()
        case = case_of(registrant)
        delayed(case)
        assert case.incident.number in text(sign_in(other.user))

    def test_while_nobody_can_tell_everything_about_incidents_is_withheld(
        self, registrant: Registrant, resident_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        incident = draft_of(incident_at()).incident

        def fail(now: object) -> None:
            raise DatabaseError

        monkeypatch.setattr(selectors, "delays_running", fail)
        page = self._hidden(resident_client, [incident.number, incident.opened_by.pseudonym])
        assert "be shown just now" in page
        assert "added this camera" in page
        assert text(resident_client, kind="found").count("Opens later") == 0
