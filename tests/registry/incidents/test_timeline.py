"""The page that tells an incident, and the list of incidents: in pages, and nothing that tells a refusal."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Line, record_many
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages.components import cursor, entry_of_cursor
from registry.canvasses.services import canvasses
from registry.incidents import selectors
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.places.models import Camera
from tests.factories import canvass_at, incident_at, let_time_pass, person, request_at
from tests.times import TIME_OF_DAY

pytestmark = pytest.mark.django_db

TASK = Actor(ActorKind.TASK, "registry.test", role="task")


def page_of(incident: Incident, client: Client, **query: str) -> str:
    return client.get(reverse("incident_log", args=[incident.pk]), query).content.decode()


def lines_of(page: str) -> list[str]:
    found = re.search(r'<ol class="timeline">(.*?)</ol>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in found[1].split("</li>")[:-1]] if found else []


def write_many(incident: Incident, number: int) -> None:
    with transaction.atomic():
        record_many(
            event=Event.CANVASS_CLOSED,
            actor=TASK,
            lines=[Line(Subject("canvass", f"00000000-0000-4000-8000-{n:012}")) for n in range(number)],
            incident=str(incident.pk),
        )


@contextmanager
def queries() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as captured:
        yield captured


class TestTheStory:
    def test_it_is_told_from_opening_to_closing(self, deputy: User, deputy_client: Client) -> None:
        request = request_at("none", by=deputy)
        incidents.close(incident=request.incident, by=deputy)
        told = lines_of(page_of(request.incident, deputy_client))
        words = ["closed an incident", "answered that there is no footage", "sent a canvass", "prepared a canvass"]
        words += ["verified an incident", "opened an incident"]
        assert len(told) == len(words)
        assert all(word in line for word, line in zip(words, told, strict=True))
        assert "1 owner asked" in told[2]
        assert all(re.search(rf"{TIME_OF_DAY} C[SD]T", line) for line in told)

    @pytest.mark.parametrize("state", ["declined", "expired", "withdrawn", "sent"])
    def test_an_owner_who_declined_looks_like_one_who_kept_silent(
        self, deputy: User, deputy_client: Client, state: str
    ) -> None:
        request = request_at(state, by=deputy)
        for told in (
            page_of(request.incident, deputy_client),
            page_of(request.incident, deputy_client, kind="replies"),
            deputy_client.get(reverse("incident_story", args=[request.incident_id])).content.decode(),
        ):
            assert not {"declin", "preferred not", "expire", "withdr", "remind"} & set(told.lower().split())
            assert request.number not in told
            assert len(lines_of(told)) in {0, 4}

    def test_each_line_may_be_read_by_those_who_work_on_it(self) -> None:
        told = {event for kind in selectors.STORY_KINDS for event in selectors.story_events(kind)}
        assert told == {event.value for event in Event if event.agency}

    def test_each_event_is_of_one_kind(self) -> None:
        told = [event for kind in selectors.STORY_KINDS for event in selectors.story_events(kind)]
        assert len(told) == len(set(told))

    def test_a_kind_is_shown_alone(self, deputy: User, deputy_client: Client) -> None:
        incident = canvass_at("sent", by=deputy).incident
        told = lines_of(page_of(incident, deputy_client, kind="canvasses"))
        assert [("canvass" in line) for line in told] == [True, True]
        assert len(lines_of(page_of(incident, deputy_client, kind="nonsense"))) == 4

    def test_cameras_that_were_left_out_at_once_are_one_line(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("draft", cameras=3, by=deputy)
        cameras = list(Camera.objects.values_list("pk", flat=True))
        canvasses.leave_out(canvass=canvass, by=deputy, cameras=cameras, why="contacted")
        told = lines_of(page_of(canvass.incident, deputy_client, kind="canvasses"))
        assert len(cameras) == 3
        assert ["left cameras out" in line for line in told] == [True, False]

    def test_a_person_who_was_assigned_is_named(self, deputy: User, deputy_client: Client) -> None:
        incident, other = incident_at(by=deputy), person("deputy")
        incidents.assign(incident=incident, user=other, by=person("supervisor"))
        (line,) = lines_of(page_of(incident, deputy_client, kind="people"))
        assert other.name in line

    def test_many_entries_come_in_pages_and_each_once(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        write_many(incident, 500)
        address, seen, pages = "", [], 0
        while True:
            page = deputy_client.get(reverse("incident_log", args=[incident.pk]) + address).content.decode()
            seen += lines_of(page)
            pages += 1
            older = re.search(r'href="(\?before=[^"]+)#timeline"', page)
            if not older or pages > 3:
                break
            address = older[1].replace("&amp;", "&")
        assert pages == 4
        assert len(seen) == 4 * selectors.STORY_PAGE
        last = selectors.story_stretch(incident, before=3)
        assert len(last.entries) <= selectors.STORY_PAGE

    def test_it_takes_as_many_queries_for_a_long_story_as_for_a_short_one(
        self, deputy: User, deputy_client: Client
    ) -> None:
        incident = canvass_at("sent", by=deputy).incident
        page_of(incident, deputy_client)
        with queries() as short:
            page_of(incident, deputy_client)
        write_many(incident, 300)
        with queries() as long:
            page_of(incident, deputy_client)
        assert len(long) == len(short)

    def test_a_place_in_the_log_does_not_tell_what_else_happened(self) -> None:
        assert "12345" not in cursor(12345)
        assert cursor(12345) != cursor(12345)
        assert entry_of_cursor(cursor(12345)) == 12345
        assert entry_of_cursor("12345") is None

    def test_the_printed_story_is_whole_and_an_entry(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        write_many(incident, 120)
        printed = deputy_client.get(reverse("incident_story", args=[incident.pk])).content.decode()
        assert len(lines_of(printed)) == 122
        assert "opened an incident" in lines_of(printed)[0]
        assert AuditEntry.objects.get(event=Event.INCIDENT_PRINTED).actor_id == str(deputy.pk)

    @pytest.mark.parametrize(("entries", "goes_on"), [(4, False), (5, True)])
    def test_a_story_that_fits_a_page_or_a_print_says_so(
        self, entries: int, goes_on: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        incident = incident_at()
        known = len(selectors.whole_story(incident).entries)
        write_many(incident, entries)
        monkeypatch.setattr(selectors, "STORY_PAGE", known + 4)
        monkeypatch.setattr(selectors, "LONGEST_STORY", known + 4)
        for part in (selectors.story_stretch(incident), selectors.whole_story(incident)):
            assert len(part.entries) == known + 4
            assert part.older == (part.entries[-1].pk if goes_on else None)

    def test_nobody_else_reads_it(self, other_deputy: User, other_deputy_client: Client) -> None:
        incident = incident_at()
        assert other_deputy_client.get(reverse("incident_story", args=[incident.pk])).status_code == 404


class TestTheList:
    def test_a_deputy_finds_their_own_and_a_supervisor_all(
        self, deputy: User, deputy_client: Client, supervisor_client: Client
    ) -> None:
        own, other = incident_at(by=deputy), incident_at()
        page = deputy_client.get(reverse("incidents")).content.decode()
        assert (own.number in page, other.number in page) == (True, False)
        page = supervisor_client.get(reverse("incidents")).content.decode()
        assert (own.number in page, other.number in page) == (True, True)

    def test_a_supervisor_asks_for_their_own(self, supervisor: User, supervisor_client: Client) -> None:
        own, other = incident_at(by=supervisor, verified=False), incident_at()
        page = supervisor_client.get(reverse("incidents"), {"whose": "own"}).content.decode()
        assert (own.number in page, other.number in page) == (True, False)

    def test_a_part_of_the_number_finds_it(self, supervisor_client: Client) -> None:
        found, other = incident_at(number="2026-774711"), incident_at(number="2026-880000")
        page = supervisor_client.get(reverse("incidents"), {"number": "4711"}).content.decode()
        assert (found.number in page, other.number in page) == (True, False)
        nothing = supervisor_client.get(reverse("incidents"), {"number": "9999999"}).content.decode()
        assert "No incident like this" in nothing

    def test_it_is_filtered_by_how_they_stand(self, supervisor_client: Client) -> None:
        closed, unverified, verified = incident_at(), incident_at(verified=False), incident_at()
        incidents.close(incident=closed, by=closed.opened_by)
        for standing, expected in (
            ("open", {unverified, verified}),
            ("closed", {closed}),
            ("unverified", {unverified}),
            ("flagged", set()),
        ):
            page = supervisor_client.get(reverse("incidents"), {"standing": standing}).context["page"]
            assert set(page) == expected, standing

    def test_looking_through_it_is_an_entry(self, supervisor: User, supervisor_client: Client) -> None:
        supervisor_client.get(reverse("incidents"), {"number": "47", "standing": "open"})
        entry = AuditEntry.objects.get(event=Event.INCIDENTS_LISTED)
        assert (entry.actor_id, entry.facts) == (str(supervisor.pk), {"standing": "open", "number": "47"})

    def test_it_comes_in_pages_with_as_many_queries(self, deputy: User, deputy_client: Client) -> None:
        first = incident_at(by=deputy)
        deputy_client.get(reverse("incidents"))
        with queries() as short:
            deputy_client.get(reverse("incidents"))
        for _ in range(27):
            incident_at(by=deputy)
        with queries() as long:
            page = deputy_client.get(reverse("incidents")).content.decode()
        searched = deputy_client.get(reverse("incidents"), {"number": first.number[:4], "standing": "", "page": "1"})
        assert f'href="?number={first.number[:4]}&amp;page=2"' in searched.content.decode()
        assert len(long) == len(short)
        assert "Page 1 of 2" in page
        assert first.number in deputy_client.get(reverse("incidents"), {"page": "2"}).content.decode()


class TestPeople:
    def test_a_name_is_typed(self, supervisor_client: Client) -> None:
        incident, other = incident_at(), person("deputy")
        supervisor_client.post(reverse("incident_assign", args=[incident.pk]), {"user": other.pseudonym.lower()})
        assert other in {one.user for one in incident.assignments.all()}

    @pytest.mark.parametrize("typed", ["nobody like this", "deputy"])
    def test_nobody_or_several_are_asked_back(self, supervisor_client: Client, typed: str) -> None:
        incident = incident_at()
        for _ in range(2):
            person("deputy")
        answer = supervisor_client.post(reverse("incident_assign", args=[incident.pk]), {"user": typed})
        assert answer.status_code == 422
        assert incident.assignments.count() == 1


class TestTheFlag:
    def test_auditors_and_supervisors_see_what_nobody_verified(
        self, deputy_client: Client, supervisor_client: Client, auditor_client: Client
    ) -> None:
        incident = incident_at(verified=False)
        Incident.objects.filter(pk=incident.pk).update(opened_at=incident.opened_at.replace(year=2025, day=1))
        incidents.close_unverified()
        flag = escape(f"{incident.number} · Burglary closed automatically")
        for client, seen in ((deputy_client, False), (supervisor_client, True), (auditor_client, True)):
            assert (flag in client.get(reverse("console")).content.decode()) == seen


def test_expiry_leaves_no_line(deputy: User, deputy_client: Client) -> None:
    request = request_at("sent", by=deputy)
    before = lines_of(page_of(request.incident, deputy_client))
    let_time_pass(request)
    assert lines_of(page_of(request.incident, deputy_client)) == before
