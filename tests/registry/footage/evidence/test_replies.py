"""The replies of an incident: no address, one press to play, and the house number after its entry."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditDetail
from fusus_portal.ground.accounts.models import User
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import requests
from registry.footage.models import Evidence
from registry.footage.services import custody, uploads
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.places.models import Premises
from registry.places.services import premises
from tests.factories import canvass_at, incident_at, person
from tests.registry.entries import entries_of
from tests.registry.footage.footage import chosen, evidence_of, ready, video

pytestmark = pytest.mark.django_db

STREET = "2024 11th Ave S, Apt 4"


def page_of(incident: Incident, browser: Client) -> str:
    return browser.get(reverse("incident_replies", args=[incident.pk])).content.decode()


def place_of(file: Evidence) -> str:
    return reverse("evidence_place", args=[file.pk])


def make_world() -> Canvass:
    """Return a canvass: of three owners one gave a video of three seconds, one has none, one would rather not."""
    canvass = canvass_at("sent", cameras=3, by=person("deputy"))
    Premises.objects.update(street=STREET)
    gives, has_none, declines = FootageRequest.objects.order_by("number")
    upload = ready(gives, content=video(3))
    assert uploads.make_preview(upload=upload.pk)
    assert custody.receive(upload=chosen(upload).pk) is not None
    requests.answer_none(request=has_none, by=link_actor(has_none))
    requests.decline(request=declines, by=link_actor(declines))
    return canvass


@pytest.fixture
def canvass(world: Canvass) -> Canvass:
    """The canvass."""
    return world


@pytest.fixture
def deputy(world: Canvass) -> User:
    """The deputy who works on it."""
    return world.created_by


class TestTheList:
    def test_it_says_what_came_without_an_address(self, canvass: Canvass, deputy: User, deputy_client: Client) -> None:
        before = len(entries_of(Event.CAMERA_SHOWN))
        page = page_of(canvass.incident, deputy_client)
        file = Evidence.objects.get()
        camera = file.request.cameras.get().camera
        for said in (camera.name, "2000 block of 11th Ave S", "3 s", deputy.pseudonym, canvass.reason, file.number):
            assert said in page
        assert "2024" not in page.replace(canvass.incident.number, "")
        assert len(entries_of(Event.CAMERA_SHOWN)) == before
        assert entries_of(Event.EVIDENCE_LISTED)[-1].actor_id == str(deputy.pk)

    def test_an_owner_who_would_rather_not_is_one_of_a_number(self, canvass: Canvass, deputy_client: Client) -> None:
        page = page_of(canvass.incident, deputy_client)
        _gives, has_none, declines = FootageRequest.objects.order_by("number")
        assert "3 asked · 2 replied · 1 with no reply to show" in page
        assert has_none.number in page
        assert declines.number not in page

    def test_without_a_canvass_it_says_how_to_ask(self, deputy: User, deputy_client: Client) -> None:
        page = page_of(incident_at(by=deputy), deputy_client)
        assert "Nobody has been asked for footage of this incident." in page

    def test_it_asks_the_same_number_of_questions_whatever_came(self, deputy: User, deputy_client: Client) -> None:
        incident, counted = incident_at(by=deputy), []
        for _time in range(3):
            canvass = canvass_at("sent", cameras=2, incident=incident)
            for request in canvass.requests.all():
                requests.give(request=request, by=link_actor(request))
                evidence_of(request)
            with CaptureQueriesContext(connection) as captured:
                page = page_of(incident, deputy_client)
            counted.append(len(captured))
            assert page.count("House number") == Evidence.objects.filter(request__incident=incident).count()
        assert counted[0] == counted[-1]

    def test_nobody_else_reads_it(self, canvass: Canvass, other_deputy_client: Client) -> None:
        answer = other_deputy_client.get(reverse("incident_replies", args=[canvass.incident_id]))
        assert answer.status_code == 404

    def test_canvass_incident_and_start_page_lead_to_it(self, canvass: Canvass, deputy_client: Client) -> None:
        address = reverse("incident_replies", args=[canvass.incident_id])
        pages = [
            reverse("console"),
            reverse("incident", args=[canvass.incident_id]),
            reverse("canvass", args=[canvass.pk]),
            reverse("evidence", args=[Evidence.objects.get().pk]),
        ]
        assert "2 new" in deputy_client.get(pages[1]).content.decode()
        for page in pages:
            assert f'"{address}' in deputy_client.get(page).content.decode()


@pytest.mark.django_db(transaction=True)
class TestOnePress:
    @pytest.fixture
    def canvass(self) -> Canvass:
        """A canvass of this test alone, since a look is a transaction of its own."""
        return make_world()

    @pytest.fixture
    def deputy(self, canvass: Canvass) -> User:
        return canvass.created_by

    def test_it_is_recorded_with_the_reason_of_the_canvass(
        self, canvass: Canvass, deputy: User, deputy_client: Client
    ) -> None:
        file = Evidence.objects.get()
        [reason] = set(re.findall(r'name="reason" value="([^"]*)"', page_of(canvass.incident, deputy_client)))
        answer = deputy_client.post(reverse("evidence", args=[file.pk]), {"reason": reason, "act": "view"}, follow=True)
        assert re.search(r"<video[^>]*\sautoplay\s", answer.content.decode())
        (entry,) = entries_of(Event.EVIDENCE_VIEWED)
        assert AuditDetail.objects.get(digest=bytes(entry.reason_digest or b"")).text == canvass.reason
        assert entry.facts["canvass"] == str(canvass.pk)

    def test_another_reason_is_none_of_the_canvass(self, canvass: Canvass, deputy_client: Client) -> None:
        file, reason = Evidence.objects.get(), "Look for the plate of the grey van at the corner"
        deputy_client.post(reverse("evidence", args=[file.pk]), {"reason": reason, "act": "view"})
        (entry,) = entries_of(Event.EVIDENCE_VIEWED)
        assert "canvass" not in entry.facts

    def test_a_page_that_was_only_opened_does_not_begin_to_play(self, canvass: Canvass, deputy_client: Client) -> None:
        address = reverse("evidence", args=[Evidence.objects.get().pk])
        assert "autoplay" not in deputy_client.get(f"{address}?play").content.decode()


class TestTheHouseNumber:
    def test_it_is_shown_after_its_entry(self, canvass: Canvass, deputy: User, deputy_client: Client) -> None:
        before = len(entries_of(Event.CAMERA_SHOWN))
        file = Evidence.objects.get()
        assert STREET in deputy_client.get(place_of(file)).content.decode()
        (entry,) = entries_of(Event.CAMERA_SHOWN)[before:]
        asked = file.request.cameras.get()
        assert (entry.actor_id, entry.camera_id) == (str(deputy.pk), str(asked.camera_id))

    def test_of_a_place_that_was_removed_nothing_is_left(self, canvass: Canvass, deputy_client: Client) -> None:
        place = Evidence.objects.get().request.cameras.get().camera.premises
        premises.remove(premises=place, by=place.registrant.user)
        assert (
            "The address is not known any more" in deputy_client.get(place_of(Evidence.objects.get())).content.decode()
        )

    def test_nobody_else_reads_it(self, canvass: Canvass, other_deputy_client: Client) -> None:
        assert other_deputy_client.get(place_of(Evidence.objects.get())).status_code == 404

    def test_a_person_taken_off_the_incident_reads_no_more(
        self, canvass: Canvass, deputy: User, supervisor: User
    ) -> None:
        file, before = Evidence.objects.get(), len(entries_of(Event.CAMERA_SHOWN))
        incidents.assign(incident=file.request.incident, user=supervisor, by=supervisor)
        browser = Client()
        browser.force_login(deputy)
        incidents.unassign(incident=file.request.incident, user=deputy, by=supervisor)
        assert STREET not in browser.get(place_of(file)).content.decode()
        assert len(entries_of(Event.CAMERA_SHOWN)) == before
