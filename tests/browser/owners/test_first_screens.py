"""The first two screens of the profile on a phone, and the part of a screen that the footer takes."""

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import OpenWindow
from tests.browser.sizes import HANDHELD
from tests.browser.window import Window
from tests.factories import person, registrant_at, request_at

pytestmark = pytest.mark.browser


@pytest.fixture
def profile(open_window: OpenWindow, language: str) -> Window:
    """Return the profile of somebody who has a request to answer, at its beginning."""
    registrant = registrant_at(user=person(language=language), language=language)
    request_at("sent", registrant=registrant)
    assert registrant.user is not None
    window = open_window("resident", size=HANDHELD, language=language)
    window.is_signed_in_as(registrant.user)
    window.open("/profile/")
    return window


def bottom(of: Locator) -> float:
    """Return where something ends, in pixels from the top of the page."""
    box = of.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_waits_what_is_shared_and_the_latest_look_are_on_two_screens(profile: Window) -> None:
    for part in ("waiting", "shared", "latest"):
        assert bottom(profile.page.locator(f"section[aria-labelledby={part}-heading]")) <= 2 * HANDHELD.height


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_footer_fits_half_a_screen(profile: Window) -> None:
    footer = profile.page.locator("footer").bounding_box()
    assert footer is not None
    assert footer["height"] <= HANDHELD.height / 2
