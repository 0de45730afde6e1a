"""Details of a camera from its owner: a name that fits, a direction, and nothing that lets anybody watch it."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.imports.parser.columns import OF_CAMERA
from registry.places.camera_fields import NAMES
from registry.places.models import Camera, Premises
from registry.places.services import cameras
from registry.places.services.cameras import CameraDetails
from registry.registrants.models import Registrant
from tests.factories import registrant_at

pytestmark = pytest.mark.django_db


def make_world() -> Registrant:
    """Return somebody with two cameras."""
    return registrant_at(cameras=2)


@pytest.fixture
def registrant(world: Registrant) -> Registrant:
    return world


@pytest.fixture
def resident(world: Registrant) -> User:
    """Return the account of the owner."""
    return world.user


@pytest.fixture
def place(registrant: Registrant) -> Premises:
    return registrant.premises.get()


def test_what_a_camera_sees_needs_a_direction(registrant: Registrant, place: Premises) -> None:
    with pytest.raises(ValidationError) as error:
        cameras.add(premises=place, by=registrant.user, details=CameraDetails(name="Shed", angle=90))
    assert set(error.value.message_dict) == {"facing"}
    with pytest.raises(IntegrityError, match="camera_sector_has_direction"), transaction.atomic():
        Camera.objects.filter(premises=place).update(reach_m=20)


@pytest.mark.parametrize("name", [" ", "x" * 81])
def test_a_camera_has_a_name_that_fits(registrant: Registrant, place: Premises, name: str) -> None:
    camera, details = place.cameras.get(name="Camera 1"), CameraDetails(name=name)
    attempts: list[Callable[[], Camera]] = [
        lambda: cameras.add(premises=place, by=registrant.user, details=details),
        lambda: cameras.change(camera=camera, by=registrant.user, details=details),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError) as error:
            attempt()
        assert set(error.value.message_dict) == {"name"}


@pytest.mark.parametrize(
    ("column", "value"), [("facing", 360), ("angle", 361), ("angle", 0), ("reach_m", 501), ("days_kept", 0)]
)
def test_the_database_refuses_what_no_camera_sees(place: Premises, column: str, value: int) -> None:
    Camera.objects.filter(premises=place).update(facing=1)
    with pytest.raises(IntegrityError, match="camera_"), transaction.atomic():
        Camera.objects.filter(premises=place).update(**{column: value})


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://10.0.0.9/live",
        "see RTSPS://cam.example/1",
        "http://admin:secret@cam.example/",
        "http://192.168.1.64/view",
        "192.168.1.64:554",
        "[fe80::1]:554",
        "admin:secret@cam.example",
        "rtmp://live.example/key",
    ],
)
@pytest.mark.parametrize("field", ["name", "kind", "make", "model", "covers"])
def test_no_text_of_a_camera_says_how_to_watch_it(
    place: Premises, registrant: Registrant, field: str, text: str
) -> None:
    said: dict[str, Any] = {"name": "Shed", field: text}
    with pytest.raises(ValidationError) as error:
        cameras.add(premises=place, by=registrant.user, details=CameraDetails(**said))
    assert set(error.value.message_dict) == {field}
    assert "so that nobody can watch" in error.value.messages[0]


@pytest.mark.parametrize(
    "text",
    [
        "Reolink 4K, model E1:2",
        "the street at 600:20th",
        "https://shop.example/acme-9",
        "v1.2.3.4",
        "10.5 m: 2 doors",
    ],
)
def test_ordinary_words_are_welcome(place: Premises, registrant: Registrant, text: str) -> None:
    details = CameraDetails(name="Shed", covers=text)
    assert cameras.add(premises=place, by=registrant.user, details=details).covers == text


def test_a_removed_camera_is_not_described_any_more(place: Premises, registrant: Registrant) -> None:
    camera = place.cameras.get(name="Camera 1")
    cameras.remove(camera=camera, by=registrant.user)
    assert Camera.objects.get(pk=camera.pk).removed_at <= timezone.now()  # type: ignore[operator]
    with pytest.raises(Stale):
        cameras.change(camera=camera, by=registrant.user, details=CameraDetails(name="Back"))


def test_what_is_described_is_what_an_owner_gives_and_what_is_kept() -> None:
    assert list(NAMES) == [field.name for field in fields(CameraDetails)]
    assert set(NAMES) <= {field.name for field in Camera._meta.get_fields()}
    assert OF_CAMERA.keys() <= set(NAMES)
