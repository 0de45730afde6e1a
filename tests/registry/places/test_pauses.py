"""Pauses act at once, and look to a deputy as if the camera had never been registered."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.selectors import entries_of_incident
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest, RequestCamera
from registry.canvasses.services import canvasses, requests
from registry.places.models import Camera
from registry.places.services import cameras
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, person, registrant_at, request_at
from tests.people import sign_in
from tests.registry.entries import entries_of, events_after, newest_id

pytestmark = pytest.mark.django_db


def make_world() -> Registrant:
    """Return somebody with two cameras."""
    return registrant_at(cameras=2)


@pytest.fixture
def registrant(world: Registrant) -> Registrant:
    return world


@pytest.fixture
def camera(registrant: Registrant) -> Camera:
    return Camera.objects.get(premises__registrant=registrant, name="Camera 1")


class TestAtOnce:
    def test_a_draft_that_is_open_shows_it_no_longer(self, registrant: Registrant, camera: Camera) -> None:
        canvass = draft_of(incident_at())
        deputy_client = sign_in(canvass.created_by)
        address = reverse("canvass", args=[canvass.pk])
        assert "Camera 1" in deputy_client.get(address).content.decode()
        cameras.pause(camera=camera, by=registrant.user)
        page = deputy_client.get(address).content.decode()
        assert "Camera 1" not in page
        assert "Camera 2" in page

    def test_sending_that_draft_does_not_ask_about_it(self, registrant: Registrant, camera: Camera) -> None:
        canvass = draft_of(incident_at())
        cameras.pause(camera=camera, by=registrant.user)
        canvasses.send(canvass=canvass, by=canvass.created_by)
        (asked,) = RequestCamera.objects.filter(request__canvass=canvass)
        assert asked.camera.name == "Camera 2"
        assert str(camera.pk) not in {entry.camera_id for entry in entries_of(Event.CAMERA_ASKED)}

    def test_with_all_paused_there_is_nobody_to_ask(self, registrant: Registrant) -> None:
        canvass = draft_of(incident_at())
        assert cameras.pause_all(registrant=registrant, by=registrant.user) == 2
        with pytest.raises(Stale):
            canvasses.send(canvass=canvass, by=canvass.created_by)
        assert not FootageRequest.objects.exists()

    def test_the_end_of_the_pause_acts_at_once_too(self, registrant: Registrant) -> None:
        cameras.pause_all(registrant=registrant, by=registrant.user)
        assert draft_found(registrant) == 0
        assert cameras.resume_all(registrant=registrant, by=registrant.user) == 2
        assert draft_found(registrant) == 2

    def test_the_database_refuses_to_ask_about_it(self, registrant: Registrant, camera: Camera) -> None:
        request = request_at("sent", registrant=registrant)
        RequestCamera.objects.filter(camera=camera).delete()
        cameras.pause(camera=camera, by=registrant.user)
        with pytest.raises(IntegrityError, match="may not be asked about"), transaction.atomic():
            RequestCamera.objects.create(request=request, camera=camera)


class TestWhatWasAsked:
    def test_a_request_stays_answerable(self, registrant: Registrant) -> None:
        request = request_at("sent", registrant=registrant)
        cameras.pause_all(registrant=registrant, by=registrant.user)
        assert requests.answer_none(request=request, by=link_actor(request)).state == "none"

    def test_the_canvass_looks_as_before(self, registrant: Registrant, camera: Camera) -> None:
        request = request_at("sent", registrant=registrant)
        canvass = request.canvass
        before = canvasses.show(canvass=canvass, by=canvass.created_by)
        cameras.pause(camera=camera, by=registrant.user)
        assert canvasses.show(canvass=canvass, by=canvass.created_by) == before


class TestWhoKnows:
    def test_a_deputy_sees_the_same_as_if_it_had_never_been_registered(self) -> None:
        """Two deputies draw the same circle: around a paused camera, and around none."""
        far, nowhere = north_of(LINN_PARK, 6_000), north_of(LINN_PARK, 3_000)
        paused = registrant_at(far, cameras=1)
        cameras.pause_all(registrant=paused, by=paused.user)
        seen = []
        for point in (far, nowhere):
            deputy = person("deputy")
            canvass = draft_of(incident_at(point, by=deputy))
            browser, newest = sign_in(deputy), newest_id()
            page = browser.get(reverse("canvass", args=[canvass.pk])).content.decode()
            visible = [entry.event for entry in entries_of_incident(str(canvass.incident_id))]
            nothing = "No registered camera in this area" in page
            seen.append((nothing, page.count("owner"), visible, events_after(newest)))
        assert seen[0] == seen[1]
        assert seen[0][0]

    def test_the_owner_sees_it_and_the_agency_does_not(self, registrant: Registrant, camera: Camera) -> None:
        cameras.pause(camera=camera, by=registrant.user)
        cameras.resume(camera=camera, by=registrant.user)
        for event in (Event.CAMERA_PAUSED, Event.CAMERA_RESUMED):
            (entry,) = entries_of(event)
            assert (entry.camera_id, event.owner, event.agency) == (str(camera.pk), True, False)

    def test_nobody_pauses_another_s(self, camera: Camera, registrant: Registrant) -> None:
        somebody = person()
        for act in (cameras.pause, cameras.resume):
            with pytest.raises(NotYours):
                act(camera=camera, by=somebody)
        with pytest.raises(NotYours):
            cameras.pause_all(registrant=registrant, by=somebody)


class TestEffects:
    def test_twice_has_one_effect(self, registrant: Registrant, camera: Camera) -> None:
        cameras.pause(camera=camera, by=registrant.user)
        newest, since = newest_id(), Camera.objects.get(pk=camera.pk).paused_at
        cameras.pause(camera=camera, by=registrant.user)
        assert events_after(newest) == []
        assert Camera.objects.get(pk=camera.pk).paused_at == since

    def test_the_switch_pauses_what_is_left(self, registrant: Registrant, camera: Camera) -> None:
        cameras.pause(camera=camera, by=registrant.user)
        assert cameras.pause_all(registrant=registrant, by=registrant.user) == 1

    def test_a_removed_camera_is_not_paused(self, registrant: Registrant, camera: Camera) -> None:
        cameras.remove(camera=camera, by=registrant.user)
        with pytest.raises(Stale):
            cameras.pause(camera=camera, by=registrant.user)

    def test_queries_do_not_depend_on_how_many(self) -> None:
        counted = []
        for number in (1, 20):
            registrant = registrant_at(cameras=number)
            with CaptureQueriesContext(connection) as captured:
                cameras.pause_all(registrant=registrant, by=registrant.user)
            counted.append(len(captured))
        assert counted[0] == counted[1]

    def test_it_is_in_the_row_s_history(self, registrant: Registrant, camera: Camera) -> None:
        cameras.pause_all(registrant=registrant, by=registrant.user)
        latest = Camera.history.filter(id=camera.pk).latest("history_id")
        assert (latest.paused_at is not None, latest.history_user) == (True, registrant.user)


def draft_found(registrant: Registrant) -> int:
    """Return how many of a person's cameras a fresh search finds."""
    newest = newest_id()
    draft_of(incident_at())
    ids = {str(pk) for pk in Camera.objects.filter(premises__registrant=registrant).values_list("pk", flat=True)}
    return AuditEntry.objects.filter(id__gt=newest, event=Event.CAMERA_FOUND, camera_id__in=ids).count()


def test_over_http(resident: User, resident_client: Client, other_resident_client: Client) -> None:
    registrant = registrant_at(user=resident, cameras=3)
    first = Camera.objects.filter(premises__registrant=registrant).order_by("name")[0]
    page = resident_client.get(reverse("profile")).content.decode()
    assert "Your 3 cameras can be found by a search" in page
    page = resident_client.post(reverse("camera_pause", args=[first.pk]), follow=True).content.decode()
    assert "1 of your 3 cameras is paused." in page
    assert other_resident_client.post(reverse("camera_resume", args=[first.pk])).status_code == 404
    page = resident_client.post(reverse("cameras_pause"), follow=True).content.decode()
    assert "All your 3 cameras are paused." in page
    assert "Pause all my cameras" not in page
    page = resident_client.post(reverse("cameras_resume"), follow=True).content.decode()
    assert "The pause of 3 cameras has ended." in page
    assert resident_client.get(reverse("cameras_pause")).status_code == 405
    assert not Camera.objects.filter(paused_at__isnull=False).exists()
