"""An incident and the middle of a canvass by an address or a block: with fingers, mouse or keys, without script."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.canvasses.models import Canvass
from registry.incidents.models import Incident
from tests.browser.conftest import OpenWindow
from tests.browser.deputies import NUMBER, PURPOSE, REASON
from tests.browser.hands import hands_at, ways
from tests.browser.town import BLOCK, HOME, at, sees_streets, streets  # noqa: F401
from tests.factories import incident_at, person
from tests.streets import uploads

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("streets")]


@ways("handheld-en", "plain", seldom=("desktop-en", "keys"))
def test_a_deputy_opens_an_incident_on_a_block(way: dict[str, Any], open_window: OpenWindow, deputy: User) -> None:
    now = timezone.now()
    hands = hands_at(open_window, "deputy", way)
    window = hands.window
    window.is_signed_in_as(deputy)
    window.open("/console/incidents/new/")
    if window.script:
        # The map begins on the streets, not on the whole county.
        expect(window.page.locator(".leaflet-control-scale-line")).to_have_text(re.compile(r"^\d+ ft$|^[12] mi$"))
    hands.fills("Incident number", NUMBER)
    hands.selects("Crime or emergency", "Burglary")
    hands.chooses("Place", "2000 block of magn", BLOCK)
    if window.script:
        there = at(BLOCK)
        expect(window.page.locator("[name=latitude]")).to_have_value(str(round(there.latitude, 6)))
        sees_streets(window)
    hands.fills_moment("From", now - timedelta(hours=3))
    hands.fills_moment("To", now - timedelta(hours=1))
    hands.presses("Open it without asking")
    window.arrives(f"{NUMBER} · Burglary")
    incident = Incident.objects.get()
    assert incident.place == BLOCK
    assert incident.point.distance_m(at(BLOCK)) < 1
    assert incident.starts_at == (now - timedelta(hours=3)).replace(second=0, microsecond=0)


@ways("desktop-en", "plain", seldom=("handheld-en", "keys"))
def test_a_deputy_moves_the_middle_of_a_canvass(way: dict[str, Any], open_window: OpenWindow, deputy: User) -> None:
    incident = incident_at(at(BLOCK), by=deputy)
    hands = hands_at(open_window, "deputy", way)
    window = hands.window
    window.is_signed_in_as(deputy)
    window.open(f"/console/incidents/{incident.pk}/canvasses/new/")
    hands.chooses("Move the middle to an address or a corner (optional)", "2024 11th av", HOME)
    if window.script:
        expect(window.page.locator("[name=latitude]")).to_have_value(str(round(at(HOME).latitude, 6)))
        window.page.locator("[data-map]").scroll_into_view_if_needed()
        expect(window.page.locator(".map-pin--incident")).to_be_in_viewport()
        sees_streets(window)
    hands.selects("Purpose", PURPOSE)
    hands.fills("Reason", REASON)
    hands.presses("Search this area")
    window.arrives("Canvass")
    window.looks()
    assert Canvass.objects.get().center.distance_m(at(HOME)) < 1


def test_an_unknown_place_is_said_once_and_the_closest_are_a_list(open_window: OpenWindow, deputy: User) -> None:
    incident = incident_at(at(BLOCK), by=deputy)
    hands = hands_at(open_window, "deputy", {"script": False, "kind": "plain"})
    window = hands.window
    window.is_signed_in_as(deputy)
    window.open(f"/console/incidents/{incident.pk}/canvasses/new/")
    hands.chooses("Move the middle to an address or a corner (optional)", "", "9000 20th Street South")
    hands.selects("Purpose", PURPOSE)
    hands.fills("Reason", REASON)
    hands.presses("Search this area")
    window.reads("We don't know this exact place. Choose one below, write it another way, or put the pin there.")
    window.looks()
    window.page.get_by_text("1689 20th St S, Birmingham 35205").click()
    hands.presses("Search this area")
    window.arrives("Canvass")
    assert Canvass.objects.get().center.distance_m(at("1689 20th St S")) < 1


def test_an_administrator_reads_which_streets_are_added_and_removed(open_window: OpenWindow) -> None:
    data = uploads.ready([Home(2010, "Zebra Walk", "Birmingham", "35203", -86.8005, 33.5133)])
    window = open_window("administrator")
    window.is_signed_in_as(person(Role.ADMINISTRATOR))
    window.open(f"/console/admin/streets/{data.pk}/")
    headings = window.page.locator("main h2").all_inner_texts()
    assert "Added: 1" in headings
    assert any(re.fullmatch(r"Removed: [1-9]\d*", heading) for heading in headings)
    window.press("Use it")
    window.reads("In use")
    assert not re.search(r"streets (come|go)\b", window.text())
