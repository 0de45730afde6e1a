"""Leaving cameras out of a canvass: whom that spares, who learns of it, and until when it can be done."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from registry.canvasses.models import FootageRequest, LeftOut
from registry.canvasses.presenters.console import sheet
from registry.canvasses.services import canvasses
from registry.people.services import registrants
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.factories import camera_at, canvass_at, draft_of, incident_at, registrant_at
from tests.registry.entries import entries_of, events_after, newest_id

pytestmark = pytest.mark.django_db


def cameras_of(registrant: Registrant) -> list[Camera]:
    return list(Camera.objects.filter(premises__registrant=registrant).order_by("name"))


@pytest.mark.parametrize("why", ["contacted", "involved"])
def test_a_reason_about_the_owner_spares_the_owner_altogether(why: str) -> None:
    spared, other = registrant_at(cameras=2), registrant_at()
    canvass = draft_of(incident_at())
    first, _second = cameras_of(spared)
    assert canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=[first.pk], why=why) == 1
    assert canvasses.show(canvass=canvass, by=canvass.created_by).owners == 1
    canvasses.send(canvass=canvass, by=canvass.created_by)
    assert FootageRequest.objects.get().registrant == other


def test_a_reason_about_the_view_leaves_the_other_cameras_in() -> None:
    registrant = registrant_at(cameras=2)
    canvass = draft_of(incident_at())
    first, second = cameras_of(registrant)
    canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=[first.pk], why="view")
    canvasses.send(canvass=canvass, by=canvass.created_by)
    assert FootageRequest.objects.get().cameras.get().camera == second
    assert [entry.camera_id for entry in entries_of(Event.CAMERA_ASKED)] == [str(second.pk)]


def test_the_entry_names_camera_and_reason_and_the_owner_s_numbers_have_no_gap() -> None:
    camera = camera_at()
    canvass = draft_of(incident_at())
    canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=[camera.pk], why="involved")
    (entry,) = entries_of(Event.CANVASS_LEFT_OUT, canvass)
    assert entry.facts == {"left_out": str(camera.pk), "why": "involved"}
    assert entry.camera_id == ""
    canvasses.put_back(canvass=canvass, by=canvass.created_by, cameras=[camera.pk])
    (back,) = entries_of(Event.CANVASS_PUT_BACK, canvass)
    assert back.facts == entry.facts
    assert not LeftOut.objects.exists()


def test_leaving_out_twice_has_one_effect() -> None:
    camera = camera_at()
    canvass = draft_of(incident_at())
    for expected in (1, 0):
        assert canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=[camera.pk], why="view") == expected
    assert len(entries_of(Event.CANVASS_LEFT_OUT, canvass)) == 1


@pytest.mark.parametrize(
    ("why", "known", "unknown", "field"),
    [
        ("", 1, 0, "why"),
        ("revenge", 1, 0, "why"),
        ("view", 0, 0, "cameras"),
        ("view", 0, 1, "cameras"),
        ("view", 1, 1, "cameras"),
    ],
)
def test_no_reason_or_camera_or_a_made_up_one_is_refused(why: str, known: int, unknown: int, field: str) -> None:
    canvass = canvass_at("draft")
    cameras = [*[camera.pk for camera in Camera.objects.all()][:known], *(uuid4() for _ in range(unknown))]
    before = newest_id()
    with pytest.raises(ValidationError) as error:
        canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=cameras, why=why)
    assert set(error.value.message_dict) == {field}
    assert not events_after(before)


def test_when_all_are_left_out_nobody_is_left_to_ask() -> None:
    canvass = canvass_at("draft", cameras=2)
    chosen = [camera.pk for camera in Camera.objects.all()]
    canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=chosen, why="contacted")
    with pytest.raises(Stale, match="or is left out"):
        canvasses.send(canvass=canvass, by=canvass.created_by)


def test_an_approved_canvass_may_be_narrowed_and_stays_approved() -> None:
    canvass = canvass_at("approved", cameras=2)
    chosen = Camera.objects.order_by("pk").first()
    assert chosen is not None
    canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=[chosen.pk], why="contacted")
    assert canvasses.send(canvass=canvass, by=canvass.created_by).state == "sent"
    assert FootageRequest.objects.count() == 1


@pytest.mark.parametrize("state", ["waiting", "denied", "sent", "closed"])
def test_it_is_too_late_once_it_waits_or_was_sent(state: str) -> None:
    canvass, camera = canvass_at(state), Camera.objects.get()
    with pytest.raises(Stale, match="before a canvass is sent"):
        canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=[camera.pk], why="view")
    with pytest.raises(Stale, match="before a canvass is sent"):
        canvasses.put_back(canvass=canvass, by=canvass.created_by, cameras=[camera.pk])


def test_only_people_on_the_incident_choose(other_deputy: User) -> None:
    canvass, camera = canvass_at("draft"), Camera.objects.get()
    with pytest.raises(Refused):
        canvasses.leave_out(canvass=canvass, by=other_deputy, cameras=[camera.pk], why="view")


def test_the_sheet_for_going_door_to_door_leaves_them_out() -> None:
    canvass, camera = canvass_at("draft"), Camera.objects.get()
    canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=[camera.pk], why="involved")
    findings = canvasses.show(canvass=canvass, by=canvass.created_by)
    assert not sheet(canvass, findings.cameras or (), canvass.created_by)["doors"]


def test_leaving_the_registry_takes_the_row_along() -> None:
    registrant = registrant_at()
    canvass = draft_of(incident_at())
    (camera,) = cameras_of(registrant)
    canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=[camera.pk], why="involved")
    registrants.leave(registrant=registrant, by=registrant.user)
    assert not LeftOut.objects.exists()
