"""From the replies of an incident to a picture that moves: two presses at most, and no field to fill in."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from registry.footage.models import Evidence
from tests.browser.conftest import OpenWindow
from tests.browser.hands import hands_at, ways
from tests.browser.staff.test_call_to_request import Counted
from tests.factories import request_at
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given

pytestmark = pytest.mark.browser

PLAYS = "() => { const video = document.querySelector('video'); return video && video.currentTime > 0 }"


@pytest.fixture
def file(deputy: User, recording: Path) -> Evidence:
    return given(request_at("sent", by=deputy), content=recording.read_bytes(), name=recording.name)


@ways("keys", "handheld-en", seldom=("desktop-en", "desktop-es"))
def test_a_reply_is_played_in_two_presses(
    way: dict[str, Any], open_window: OpenWindow, file: Evidence, deputy: User
) -> None:
    hands = hands_at(open_window, "deputy", way)
    window, counted = hands.window, Counted(hands)
    window.is_signed_in_as(deputy)
    window.open(reverse("incident_replies", args=[file.request.incident_id]))
    window.arrives("Replies")
    window.reads(file.request.canvass.reason)
    expect(window.page.locator("main input:visible, main textarea:visible")).to_have_count(0)
    shown = len(entries_of(Event.CAMERA_SHOWN))
    counted.press(f"{window.says('Play')} {file.number}")
    window.arrives("Evidence")
    if not window.page.evaluate("() => navigator.getAutoplayPolicy?.('mediaelement') !== 'disallowed'"):
        window.page.locator("video").click()
        counted.presses += 1
    window.page.wait_for_function(PLAYS)
    assert counted.presses <= 2
    assert len(entries_of(Event.EVIDENCE_VIEWED)) == 1
    assert len(entries_of(Event.CAMERA_SHOWN)) == shown
    back = f"{window.says('Replies')} · {file.request.incident.number}"
    hands.follows(back)
    window.comes_to("Replies")
    hands.follows(f"{window.says('House number')} {file.number}")
    window.arrives("Where it was recorded")
    assert len(entries_of(Event.CAMERA_SHOWN)) == shown + 1
    hands.follows(back)
    window.comes_to("Replies")


def test_without_script_it_is_one_press_and_the_player_s_own(
    open_window: OpenWindow, file: Evidence, deputy: User
) -> None:
    hands = hands_at(open_window, "deputy", {"script": False})
    window, counted = hands.window, Counted(hands)
    window.is_signed_in_as(deputy)
    window.open(reverse("incident_replies", args=[file.request.incident_id]))
    counted.press(f"Play {file.number}")
    window.arrives("Evidence")
    expect(window.page.locator("video[controls]")).to_be_visible()
    assert (counted.presses, len(entries_of(Event.EVIDENCE_VIEWED))) == (1, 1)
