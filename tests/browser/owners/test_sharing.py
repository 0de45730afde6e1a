"""One sentence says what deputies can see live: on each page of the owner, and on the deputy's after a pause."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.sizes import PHONE
from tests.browser.window import Window
from tests.integration.live.streaming import REASON, Scene, scene
from tests.peers.portal import Portal

pytestmark = pytest.mark.browser

SEEN = "Deputies can see 2 cameras live, only in a critical incident."
PAUSED = "Sharing is paused. Deputies can see no camera of yours live."
ALL_PAUSED = "Sharing is paused, because every connected camera is. Deputies can see none of them live."
DEPUTYS = "Sharing is paused until the owner resumes."


@pytest.fixture
def there(web: Portal) -> Scene:
    """Return a critical incident beside two cameras that a business shares."""
    return scene(cameras=2)


def press(owner: Window, label: str) -> None:
    owner.page.get_by_role("button", name=re.compile(f"^{label} ?: what deputies can see live$")).click()


def every_page_says(owner: Window, there: Scene, sentence: str) -> None:
    for address in (reverse("profile"), reverse("own_sharing"), reverse("device", args=[there.camera.core_id])):
        owner.open(address)
        owner.reads(sentence)
        owner.looks()


def test_profile_sharing_device_and_deputy_say_the_same_of_a_pause(open_window: OpenWindow, there: Scene) -> None:
    owner, deputy = open_window("owner", size=PHONE), open_window("deputy")
    deputy.may_answer = {403, 404, 409}
    owner.is_signed_in_as(there.owner)
    deputy.is_signed_in_as(there.deputy)
    every_page_says(owner, there, SEEN)
    offers = reverse("incident_live", args=[there.incident.pk])
    deputy.open(offers)
    deputy.fill("Why you need to see it now", REASON)
    deputy.page.get_by_role("button", name="View live").first.click()
    deputy.arrives("Live view")
    # The view runs, and the owner's page of the CORE is open, when sharing is paused there.
    press(owner, "Pause")
    owner.reads(PAUSED)
    assert owner.page.url.endswith(reverse("device", args=[there.camera.core_id]))
    deputy.reads(DEPUTYS)
    expect(deputy.page.locator("[data-change]")).to_be_empty()
    every_page_says(owner, there, PAUSED)
    deputy.open(offers)
    deputy.reads(DEPUTYS)
    press(owner, "Resume")
    owner.reads(SEEN)


def test_a_pause_of_all_cameras_in_the_registry_is_said_of_live_view_too(open_window: OpenWindow, there: Scene) -> None:
    owner, deputy = open_window("owner"), open_window("deputy")
    owner.is_signed_in_as(there.owner)
    deputy.is_signed_in_as(there.deputy)
    owner.open(reverse("profile"))
    owner.press("Pause all my cameras")
    every_page_says(owner, there, ALL_PAUSED)
    assert "2 cameras live" not in owner.text()
    deputy.open(reverse("incident_live", args=[there.incident.pk]))
    deputy.reads(DEPUTYS)
    owner.open(reverse("own_sharing"))
    press(owner, "End all pauses")
    owner.reads(SEEN)
    assert owner.page.url.endswith(reverse("own_sharing"))
