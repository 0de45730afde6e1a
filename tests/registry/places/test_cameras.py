"""Cameras: added, changed and removed, each with its entry, and no place for a way in."""

import pytest

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.places import selectors
from registry.places.models import Camera, Premises
from registry.places.services import cameras
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.factories import camera_at
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def test_a_camera_is_added_and_changed_with_an_entry_for_each(resident: User) -> None:
    place = camera_at(user=resident).premises
    camera = cameras.add(premises=place, by=resident, details=CameraDetails(name=" Back  yard "))
    assert camera.name == "Back yard"
    cameras.change(camera=camera, by=resident, details=CameraDetails(name="Back yard", covers="the gate"))
    cameras.change(camera=camera, by=resident, details=CameraDetails(name="Back yard", covers="the gate"))
    camera.refresh_from_db()
    assert camera.covers == "the gate"
    (entry,) = entries_of(Event.CAMERA_CHANGED, camera)
    assert (entry.facts, entry.camera_number) == ({"fields": "covers"}, 2)


def test_a_camera_is_removed_once_and_its_owner_still_reads_who_looked(resident: User) -> None:
    camera = camera_at(user=resident)
    cameras.remove(camera=camera, by=resident)
    cameras.remove(camera=camera, by=resident)
    assert len(entries_of(Event.CAMERA_REMOVED, camera)) == 1
    registrant = camera.premises.registrant
    assert [list(place.cameras.all()) for place in selectors.premises_of(registrant)] == [[]]
    assert list(selectors.all_cameras_of(registrant)) == [camera]
    assert not Camera.objects.registered().exists()


def test_a_removed_camera_can_t_be_changed(resident: User) -> None:
    camera = camera_at(user=resident)
    cameras.remove(camera=camera, by=resident)
    with pytest.raises(Stale, match="no longer in the registry"):
        cameras.change(camera=camera, by=resident, details=CameraDetails(name="Again"))


def test_the_schema_has_no_place_for_a_way_into_a_camera() -> None:
    names = {field.name for model in (Registrant, Premises, Camera) for field in model._meta.get_fields()}
    forbidden = ("url", "stream", "address", "host", "ip", "port", "password", "credential", "key", "token", "login")
    assert not [name for name in names for word in forbidden if word in name.split("_")]


def test_what_a_row_looked_like_before_is_kept(resident: User) -> None:
    camera = camera_at(user=resident)
    cameras.change(camera=camera, by=resident, details=CameraDetails(name="Porch"))
    assert list(camera.history.order_by("history_date").values_list("name", flat=True)) == ["Camera 1", "Porch"]
