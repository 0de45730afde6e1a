"""Acts that cost the portal much, or ask somebody else, are limited by account; nobody fills a place with cameras."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from redis import Redis

from fusus_portal.ground.accounts.models import User
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from tests.factories import registrant_at
from tests.people import sign_in

pytestmark = pytest.mark.django_db

PAGES = {
    "export_data": ("own_copy", 6),
    "looks_copy": ("own_copy", 6),
    "camera_picture": ("picture", 20),
    "premises_new": ("address", 30),
    "premises_new_check": ("address", 30),
    "premises_pin": ("address", 30),
    "premises_move": ("address", 30),
    "premises_move_check": ("address", 30),
    "camera_new": ("camera", 60),
    "camera": ("camera", 60),
}
"""By the name of the address: its limit, and how often a minute that lets somebody through."""


def address_of(name: str, camera: Camera) -> str:
    """Return an address, of the camera or of its place where it is of one."""
    if name in {"camera", "camera_picture"}:
        return reverse(name, args=[camera.pk])
    of_place = name.startswith("premises_move") or name in {"premises_pin", "camera_new"}
    return reverse(name, args=[camera.premises_id] if of_place else [])


def used(by: User, limit: str, often: int) -> None:
    """Let somebody have used a limit so often in this minute."""
    Redis.from_url(settings.REDIS_URL).set(f"limit:{limit}:{by.pk}", often, ex=60)


def sent(browser: Client, address: str) -> int:
    """Return the status of an answer, once it is read to its end: a file may come with it."""
    answer = browser.post(address)
    answer.getvalue()
    return int(answer.status_code)


@pytest.mark.parametrize("name", PAGES)
def test_it_is_slowed_down_and_only_for_the_person_who_does_it(
    name: str, registrant: Registrant, camera: Camera, resident_client: Client
) -> None:
    limit, often = PAGES[name]
    used(registrant.user, limit, often - 1)
    answers = [sent(resident_client, address_of(name, camera)) for _ in range(2)]
    assert answers[0] != 429
    assert answers[1] == 429
    neighbor = registrant_at()
    door = Camera.objects.get(premises__registrant=neighbor)
    assert sent(sign_in(neighbor.user), address_of(name, door)) != 429


@pytest.mark.parametrize("name", ["register_place", "register_check"])
def test_registering_is_slowed_down_where_it_looks_for_an_address(
    name: str, resident: User, resident_client: Client
) -> None:
    used(resident, "address", 29)
    assert [resident_client.post(reverse(name)).status_code for _ in range(2)] == [302, 429]


@pytest.mark.usefixtures("registrant")
def test_a_place_holds_no_more_than_so_many_cameras(
    camera: Camera, resident_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.places.policies.CAMERAS_AT_ONE", 1)
    typed = {"name": "One more", "angle": "90"}
    answer = resident_client.post(reverse("camera_new", args=[camera.premises_id]), typed)
    assert answer.context["form"].errors == {
        "name": ["One place holds at most 1 cameras. Please call us if you have more."],
        "facing": ["Say where the camera faces, or leave width and reach empty."],
    }
    assert Camera.objects.count() == 1


def test_a_registration_holds_no_more_than_so_many_places(
    registrant: Registrant, resident_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.places.policies.PLACES_OF_ONE", 1)
    pin = {"latitude": "33.5218", "longitude": "-86.8104"}
    place = {"kind": "other", "street": "1 Capitol Way", "city": "Birmingham", "state": "AL", "zip_code": "35203"}
    resident_client.post(reverse("premises_new"), place)
    resident_client.post(reverse("premises_new_pin"), pin)
    page = resident_client.post(reverse("premises_new_check")).content.decode()
    assert "One registration holds at most 1 places." in page
    assert Premises.objects.filter(registrant=registrant).count() == 1
