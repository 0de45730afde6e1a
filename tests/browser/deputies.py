"""Steps of deputies and supervisors: sign in, open, verify, search, ask, look."""

import hashlib
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from tests.accounts.codes import app_code
from tests.browser.window import Window
from tests.people import PASSWORD

NUMBER = "2026-004711"
PURPOSE = "Identify a vehicle"
REASON = "Neighbors saw a grey van leave the alley after the break-in."
LOOK = "Look for the grey van that neighbors saw leave the alley."
MOMENT = "%Y-%m-%dT%H:%M"


def signs_in(window: Window, account: User) -> None:
    """Sign in for real: system-use notice, password, code of the app."""
    window.open("/console/")
    window.arrives("This is a restricted system")
    window.press("I have read this and agree")
    window.arrives("Sign in")
    window.page.locator("input[type=email]").fill(account.email)
    window.page.locator("input[type=password]").fill(PASSWORD)
    window.press("Sign in")
    window.arrives("One more step")
    window.page.locator("input[name=code]").fill(app_code())
    window.press("Sign in")
    window.arrives("What waits for you")


def opens_an_incident(window: Window, point: Point) -> None:
    """Open an incident at a point; the last step to it is made by key on the map."""
    now = timezone.now()
    window.follow("New incident")
    window.arrives("New incident")
    window.fill("Incident number", NUMBER)
    window.page.get_by_label("Crime or emergency").select_option(label="Burglary")
    window.fill("Place", "600 block of 20th Street North")
    window.fill("From", f"{timezone.localtime(now - timedelta(hours=3)):{MOMENT}}")
    window.fill("To", f"{timezone.localtime(now - timedelta(hours=1)):{MOMENT}}")
    if not window.page.get_by_label("Latitude", exact=True).is_visible():  # open where there is no ground to point at
        window.page.get_by_text("Or type the area").click()
    window.fill("Latitude", f"{point.latitude:.6f}")
    window.fill("Longitude", f"{point.longitude:.6f}")
    pin = window.page.get_by_role("button", name="Center of the search. Arrow keys move it.")
    pin.press("ArrowUp")
    expect(window.page.locator("[name=latitude]")).not_to_have_value(f"{point.latitude:.6f}")
    window.press("Open it without asking")
    window.arrives(f"{NUMBER} · Burglary")
    window.reads("Not verified")


def verifies(window: Window) -> None:
    """Verify, as a supervisor, the incident that waits: beside its row, or on a page where the screen is narrow."""
    window.page.locator(".work__row", has_text=NUMBER).locator("[data-act]").click()
    window.button("Verify").click()
    window.reads(window.says("Verified: %(number)s.", number=NUMBER))
    window.looks()


def draws_a_canvass(window: Window) -> None:
    """Draw a circle around the incident by the slider, and search it."""
    window.follow("New canvass")
    window.arrives("New canvass")
    slider = window.page.get_by_label("Size of the search")
    slider.fill("349")
    expect(window.page.get_by_label("Radius in feet")).to_have_value("1145")
    expect(window.page.locator("[data-area]")).to_have_text("0.148")
    window.fill("Reason", REASON)
    window.page.get_by_label("Purpose").select_option(label=PURPOSE)
    window.press("Search this area")
    window.arrives("Canvass")


def looks_at_a_reply(window: Window) -> None:
    """Follow the reply that appeared, give the reason and play from the start."""
    window.page.get_by_role("link", name="E-").first.click()
    window.arrives("Evidence")
    window.press("Record and play")
    window.reads("Fill in “Reason”.")
    window.fill("Reason", LOOK)
    window.press("Record and play")
    expect(window.page.locator("video")).to_be_visible()
    window.looks()


def downloads(window: Window) -> str:
    """Download the file that is shown, with a reason; return the hash of what arrived."""
    window.page.get_by_text("Open it again or download it").click()
    window.fill("Reason", LOOK)
    with window.page.expect_download() as started:
        window.press("Record and download")
    assert started.value.suggested_filename.startswith("E-")
    return hashlib.sha256(started.value.path().read_bytes()).hexdigest()
