"""Places, cameras, pauses and pictures in the profile: by keyboard, without script, on a phone, in both languages."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from registry.places.models import Camera, Premises
from tests.browser.conftest import OpenWindow
from tests.browser.residents import pastes_the_pin
from tests.browser.sizes import DESKTOP, NARROWEST, PHONE
from tests.browser.window import Window
from tests.factories import LINN_PARK, person, registrant_at
from tests.registry.places.snapshots import picture

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "how",
    [
        {"size": NARROWEST, "language": "es", "script": False},
        pytest.param({"size": PHONE, "language": "en", "script": True}, marks=pytest.mark.long),
        pytest.param({"size": DESKTOP, "language": "en", "script": True}, marks=pytest.mark.long),
    ],
)
def test_a_place_is_added_with_a_camera_paused_and_removed(
    how: dict[str, Any], open_window: OpenWindow, tmp_path: Path
) -> None:
    registrant = registrant_at(user=person(language=how["language"]), language=how["language"])
    window = open_window("resident", **how)
    window.is_signed_in_as(registrant.user)
    adds_a_place(window)
    camera = Camera.objects.get(name="Shed")
    describes(window, camera, tmp_path)
    window.page.locator("main form[action$='/pause/'] button").click()
    window.reads(window.says("Paused: %(name)s. No search finds it until you end the pause.", name="Shed"))
    window.open("/profile/history/")
    window.looks()
    window.open(f"/profile/places/{camera.premises_id}/remove/")
    window.looks()
    window.press("Remove this place")
    assert [place.name for place in Premises.objects.registered()] == [""]
    assert Camera.objects.get(pk=camera.pk).facing is None


def adds_a_place(window: Window) -> None:
    """Add a place with one camera, from the profile on."""
    window.open("/profile/")
    window.looks()
    window.follow("Add a place")
    window.arrives("Add a place")
    window.fill("Street and number", "1 Capitol Way")
    window.fill("City", "Birmingham")
    window.fill("ZIP code", "35203")
    window.page.locator("[name=name]").fill("Cabin")
    window.press("Find it on the map")
    window.arrives("Is this the right building?")
    pastes_the_pin(window, LINN_PARK)
    window.press("Yes, continue")
    window.arrives("Is everything right?")
    window.press("Add this place")
    window.arrives("Add a camera")
    window.fill("What do you call it?", "Shed")
    window.press("Save")


def describes(window: Window, camera: Camera, directory: Path) -> None:
    """Say where a camera looks, and add a picture of it."""
    window.open(f"/profile/cameras/{camera.pk}/")
    window.looks()
    window.page.locator("[name=facing]").fill(window.says("northeast"))
    window.press("Save")
    window.open(f"/profile/cameras/{camera.pk}/picture/")
    window.looks()
    file = directory / "photo.jpg"
    file.write_bytes(picture().read())
    window.page.locator("input[type=file]").set_input_files(file)
    window.press("Save the picture")
    window.arrives("Shed")
    expect(window.page.locator("img.snapshot")).to_be_visible()


def test_what_a_camera_sees_is_drawn_by_keyboard(open_window: OpenWindow) -> None:
    registrant = registrant_at()
    camera = Camera.objects.get(premises__registrant=registrant)
    window = open_window("resident", size=DESKTOP)
    window.is_signed_in_as(registrant.user)
    window.open(f"/profile/cameras/{camera.pk}/")
    handle = window.page.locator(".map-handle")
    handle.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowUp", "Shift+ArrowUp"):
        window.page.keyboard.press(key)
    window.page.locator("input[data-angle]").focus()
    window.page.keyboard.press("ArrowRight")
    window.press("Save")
    window.arrives(window.says("Hello, %(name)s", name="Ana Rivera"))
    camera.refresh_from_db()
    assert (camera.facing, camera.reach_m) == (55, 31)
    assert camera.angle == 95
    window.reads("faces northeast, 95° wide, as far as 100 feet")
