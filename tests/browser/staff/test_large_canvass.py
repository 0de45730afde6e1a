"""A canvass of more cameras than a page: its pages, its map, and the way back, with script and without."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from tests.browser.conftest import OpenWindow
from tests.browser.hands import hands_at, ways
from tests.factories import draft_of, incident_at
from tests.registry.canvasses.many import register_many

pytestmark = pytest.mark.browser

CAMERAS = 70


@ways("desktop-en", "plain", seldom=("handheld-en", "keys"))
def test_its_pages_are_turned_there_and_back(way: dict[str, Any], open_window: OpenWindow, deputy: User) -> None:
    register_many(CAMERAS)
    canvass = draft_of(incident_at(by=deputy))
    hands = hands_at(open_window, "deputy", way)
    window = hands.window
    window.is_signed_in_as(deputy)
    window.open(reverse("canvass", args=[canvass.pk]))
    window.reads("70 owners would be asked")
    rows = window.page.locator("tbody tr")
    expect(rows).to_have_count(50)
    first = rows.first.inner_text()
    hands.follows(f"{window.says('Next')} →")
    window.reads("Page 2 of 2")
    window.looks()
    expect(rows).to_have_count(20)
    if window.script:
        expect(window.page.locator(".map-pin--camera")).to_have_count(20)
        numbers = window.page.locator(".map-pin--count").all_inner_texts()
        assert sum(map(int, numbers)) == 50
        window.page.locator(".map-pin--camera").last.click(force=True)
        expect(window.page.locator("tbody tr:focus")).to_have_count(1)
    window.page.go_back()
    expect(rows).to_have_count(50)
    assert rows.first.inner_text() == first
