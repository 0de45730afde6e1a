"""Canvasses in the console: drawn, looked at, sent once, followed up; a refusal looks like silence."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.pages import times
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import requests
from registry.incidents.models import Incident
from tests.factories import LINN_PARK, REASON, canvass_at, draft_of, incident_at, north_of, purpose, registrant_at
from tests.registry.canvasses.many import register_many
from tests.registry.footage.footage import given
from tests.typed import typed

pytestmark = pytest.mark.django_db


def drawn(incident: Incident, **changes: object) -> dict[str, object]:
    """Return what a deputy draws and types, on the agency's clock."""
    form: dict[str, object] = {
        "latitude": incident.latitude,
        "longitude": incident.longitude,
        "radius_m": 985,
        "starts_at": typed(incident.starts_at),
        "ends_at": typed(incident.ends_at),
        "purpose": purpose().pk,
        "reason": REASON,
    }
    return form | changes


def address(name: str, canvass: Canvass) -> str:
    return reverse(name, args=[canvass.pk])


class TestDrawing:
    def test_it_leads_to_what_was_found(self, deputy: User, deputy_client: Client) -> None:
        registrant_at(north_of(LINN_PARK, 100))
        incident = incident_at(by=deputy)
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident), follow=True)
        page = answer.content.decode()
        assert "1 owner would be asked" in page
        assert "600 20th Street North, Birmingham, AL 35203" in page
        assert "Nothing has been sent yet." in page
        assert not Message.objects.filter(kind="footage_request").exists()

    def test_bad_input_is_answered_beside_its_field_and_nothing_is_searched(
        self, deputy: User, deputy_client: Client, subtests: pytest.Subtests
    ) -> None:
        incident = incident_at(by=deputy)
        cases: tuple[tuple[dict[str, object], str, str], ...] = (
            ({"radius_m": 5000}, "radius_m", "This area is too large."),
            ({"radius_m": 20}, "radius_m", "This area is too small."),
            ({"latitude": 33.6}, "latitude", "more than a mile from the incident"),
            ({"starts_at": "2026-01-01T10:00", "ends_at": "2026-01-04T10:00"}, "ends_at", "at most 48 hours"),
            ({"reason": "investigation"}, "reason", "This does not say why."),
            ({"reason": "See who came to the protest downtown"}, "reason", "never asked for because of a protest"),
            ({"reason": ""}, "reason", "Fill in “Reason”."),
            ({"purpose": ""}, "purpose", "Choose a purpose. Owners read it in the request."),
        )
        for changes, field, sentence in cases:
            with subtests.test(changes=changes):
                answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident, **changes))
                form = answer.context["form"]
                assert sentence in " ".join(form.errors[field])
                assert form["reason"].value() == drawn(incident, **changes)["reason"]
                assert not Canvass.objects.exists()
                assert not AuditEntry.objects.filter(event="registry:camera:find").exists()

    def test_a_deputy_who_is_not_assigned_finds_no_incident(self, other_deputy_client: Client, deputy: User) -> None:
        incident = incident_at(by=deputy)
        answer = other_deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident))
        assert answer.status_code == 404
        assert not Canvass.objects.exists()


class TestLooking:
    def test_each_camera_shown_is_an_entry_each_time(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("draft", cameras=3, by=deputy)
        for _ in range(2):
            deputy_client.get(address("canvass", canvass))
        shown = AuditEntry.objects.filter(event="registry:camera:show")
        assert shown.count() == 6
        assert set(shown.values_list("actor_pseudonym", flat=True)) == {deputy.pseudonym}

    @pytest.mark.parametrize(("state", "most"), [("draft", 22), ("sent", 19)])
    @pytest.mark.parametrize("cameras", [1, 40])
    def test_its_queries_do_not_depend_on_what_is_found(
        self, deputy: User, deputy_client: Client, cameras: int, state: str, most: int
    ) -> None:
        """A draft comes with its message and with the form to search again.

        One asks which street map is drawn: a name kept in memory would outlive its file when others are loaded.
        """
        register_many(cameras)
        canvass = canvass_at(state, cameras=0, by=deputy)
        with CaptureQueriesContext(connection) as captured:
            page = deputy_client.get(address("canvass", canvass))
        queries = [row["sql"] for row in captured if "SAVEPOINT" not in row["sql"]]
        assert len(queries) <= most
        assert len(page.context["rows"]) == cameras

    def test_nearest_cameras_come_first(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        for meters in (200, 50, 120):
            registrant_at(north_of(LINN_PARK, meters))
        rows = deputy_client.get(address("canvass", draft_of(incident))).context["rows"]
        assert [row["distance"] for row in rows] == ["160 ft", "390 ft", "660 ft"]

    def test_the_message_is_shown_before_it_is_sent(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("draft", by=deputy)
        message = deputy_client.get(address("canvass", canvass)).context["message"]
        assert canvass.incident.number in message.text
        assert deputy.pseudonym in message.text

    def test_a_look_that_shows_no_camera_is_an_entry_too(self, deputy: User, deputy_client: Client) -> None:
        empty = draft_of(incident_at(by=deputy))
        deputy_client.get(address("canvass", empty))
        closed = canvass_at("closed", by=deputy)
        deputy_client.get(address("canvass", closed))
        looks = AuditEntry.objects.filter(event="registry:canvass:view", actor_id=str(deputy.pk))
        assert {entry.subject_id for entry in looks} == {str(empty.pk), str(closed.pk)}

    def test_a_closed_canvass_shows_no_camera(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("closed", by=deputy)
        page = deputy_client.get(address("canvass", canvass)).content.decode()
        assert "600 20th Street North" not in page
        assert "replied" in page


class TestSending:
    def test_each_owner_is_written_to_once(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("draft", cameras=3, by=deputy)
        deputy_client.post(address("canvass_send", canvass))
        assert Message.objects.filter(kind="footage_request").count() == 3

    def test_a_double_click_has_one_effect(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("draft", cameras=2, by=deputy)
        for _ in range(2):
            answer = deputy_client.post(address("canvass_send", canvass))
            assert answer.headers["Location"] == address("canvass", canvass)
        assert FootageRequest.objects.count() == 2
        assert Message.objects.filter(kind="footage_request").count() == 2

    def test_an_empty_circle_can_not_be_sent_and_says_why(self, deputy: User, deputy_client: Client) -> None:
        canvass = draft_of(incident_at(by=deputy))
        page = deputy_client.get(address("canvass", canvass)).content.decode()
        assert "Nobody is left to ask" in page
        assert deputy_client.post(address("canvass_send", canvass)).status_code == 409

    def test_an_unverified_incident_allows_twenty_five_owners(self, deputy: User, deputy_client: Client) -> None:
        register_many(26)
        canvass = draft_of(incident_at(by=deputy, verified=False))
        answer = deputy_client.post(address("canvass_send", canvass))
        assert answer.status_code == 403
        assert "before more than 25 owners are asked" in answer.content.decode()
        assert not FootageRequest.objects.exists()


class TestFollowingUp:
    def test_replies_are_told_one_by_one(self, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("sent", cameras=3, by=deputy)
        gives, has_none, _silent = FootageRequest.objects.order_by("number")
        requests.answer_none(request=has_none, by=link_actor(has_none))
        file = given(gives)
        page = deputy_client.get(address("canvass_replies", canvass))
        follow_up = page.context["follow_up"]
        assert (follow_up["sent"], len(follow_up["replies"]), follow_up["rest"]) == (3, 2, 1)
        assert follow_up["until"] == times.moment(gives.expires_at)
        assert [reply.number for reply, _is_new, _files in follow_up["replies"]] == [gives.number, has_none.number]
        assert re.findall(r'class="usa-tag[^>]*>([^<]+)<', page.content.decode()) == [
            "New",
            "Footage",
            "New",
            "No footage",
        ]
        assert gives.number in page.content.decode()
        assert reverse("evidence", args=[file.pk]) in page.content.decode()
        start = deputy_client.get(reverse("console")).content.decode()
        assert f"2 new replies · {canvass.incident.number}" in start

    @pytest.mark.parametrize("name", ["canvass", "canvass_replies"])
    def test_a_refusal_looks_like_silence(self, deputy: User, deputy_client: Client, name: str) -> None:
        canvass = canvass_at("sent", cameras=2, by=deputy)
        before = visible(deputy_client.get(address(name, canvass)).content.decode())
        declining = FootageRequest.objects.order_by("pk").first()
        assert declining is not None
        requests.decline(request=declining, by=link_actor(declining))
        assert visible(deputy_client.get(address(name, canvass)).content.decode()) == before

    @pytest.mark.parametrize("tab", ["incident", "incident_canvasses", "incident_log"])
    def test_no_tab_of_the_incident_tells_either(self, tab: str, deputy: User, deputy_client: Client) -> None:
        canvass = canvass_at("sent", cameras=2, by=deputy)
        page = reverse(tab, args=[canvass.incident_id])
        before = visible(deputy_client.get(page).content.decode())
        declining = FootageRequest.objects.order_by("pk").first()
        assert declining is not None
        requests.decline(request=declining, by=link_actor(declining))
        assert visible(deputy_client.get(page).content.decode()) == before


def visible(page: str) -> str:
    """Return a page without the token that is new on each."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
