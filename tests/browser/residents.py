"""Steps of a resident: sign up, register, answer."""

from pathlib import Path

from playwright.sync_api import expect

from fusus_portal.ground.geo.points import Point
from tests.browser.mailbox import Mailbox
from tests.browser.window import Window
from tests.people import PASSWORD


def signs_up(window: Window, mailbox: Mailbox, email: str) -> None:
    """Make an account from the home page on; the address is proved by the code from the mail."""
    window.open("/")
    window.arrives("You register your camera. You decide what we ever see.")
    window.follow("Register a camera")
    window.arrives("Register a camera")
    window.page.locator("input[type=email]").fill(email)
    window.page.locator("input[type=password]").fill(PASSWORD)
    window.press("Continue")
    window.arrives("Type the code from your e-mail")
    window.page.locator("input[name=code]").fill(mailbox.code_for(email))
    window.press("Continue")
    window.arrives("How can we reach you?")


def registers(window: Window, *, pin: Point | None = None) -> Point:
    """Register one place with one camera; return where the pin was put. test_addresses.py looks at more.

    pin: to paste its spot; without it the pin on the map is moved.
    """
    window.fill("Your name", "Ana Rivera")
    window.page.locator("[name=phone]").fill("205-555-0117")
    window.press("Continue")
    window.arrives("Where are your cameras?")
    window.fill("Street and number", "600 20th Street North")
    window.fill("City", "Birmingham")
    window.fill("ZIP code", "35203")
    window.press("Find it on the map")
    window.arrives("Is this the right building?")
    point = pastes_the_pin(window, pin) if pin else moves_the_pin(window)
    window.press("Yes, continue")
    window.comes_to("Which cameras are there?")
    window.page.locator("[name=camera-0-name]").fill("Front door")
    window.page.get_by_role("button", name=window.says("Continue"), exact=True).last.click()
    window.comes_to("Is everything right?")
    window.reads("600 20th Street North, Birmingham, AL 35203")
    window.page.get_by_text(window.says("I have read this, and I want to register.")).click()
    window.press("Confirm and register")
    window.arrives(window.says("Hello, %(name)s", name="Ana Rivera"))
    return point


def moves_the_pin(window: Window) -> Point:
    """Move the pin: by fingers on a tap, by mouse on a drag, and then a step by key; return where it is."""
    before = pin_of(window)
    pin = window.page.get_by_role("button", name=window.says("Pin. Arrow keys move it."))
    box = pin.bounding_box()
    assert box is not None
    if window.size.touch:
        window.page.touchscreen.tap(box["x"] + 70, box["y"] + 70)
    else:
        pin.drag_to(window.page.locator("[data-map]"), target_position={"x": 380, "y": 110}, force=True)
    expect(window.page.locator("[name=latitude]")).not_to_have_value(str(before.latitude))
    tapped = pin_of(window)
    pin.press("ArrowUp")
    moved = pin_of(window)
    assert moved.latitude > tapped.latitude
    assert 20 < moved.distance_m(before) < 5_000
    return moved


def pastes_the_pin(window: Window, pin: Point) -> Point:
    """Paste where the place is, as somebody does who copies it from a map app."""
    says_where(window, f"{pin.latitude:.6f}, {pin.longitude:.6f}")
    return pin


def says_where(window: Window, words: str) -> None:
    """Say where the place is without the map."""
    field = window.page.get_by_label(window.says("Where is it?"), exact=True)
    if not field.is_visible():
        window.page.get_by_text(window.says("Or say where it is")).click()
    field.fill(words)


def pin_of(window: Window) -> Point:
    """Return what the two hidden fields hold."""
    latitude, longitude = (window.page.locator(f"[name={name}]").input_value() for name in ("latitude", "longitude"))
    return Point(float(latitude), float(longitude))


def gives(window: Window, link: str, recording: Path) -> str:
    """Open the link, send a file over a slow line, look at it and give it; return the hash that the page shows."""
    window.open(link)
    window.arrives("Do you have footage of this?")
    window.follow("Give footage")
    window.arrives("Give footage")
    slows_down(window, bytes_a_second=150_000)
    window.page.locator("input[type=file]").set_input_files(recording)
    bar = window.page.get_by_role("progressbar", name=recording.name)
    expect(bar).to_be_visible()
    window.page.wait_for_function(
        "() => { const at = document.querySelector('progress').value; return at > 0 && at < 100 }"
    )
    expect(window.page.locator("[data-part=figures]").last).to_contain_text("%")
    window.looks()
    expect(window.page.locator("[data-part=state]").last).to_contain_text(
        window.says("Here. Not given yet."), timeout=40_000
    )
    window.looks()
    window.follow("Look at your files")
    looks_and_gives(window)
    return window.page.locator("code").first.inner_text()


def looks_and_gives(window: Window) -> None:
    """Look at the one file that is here, and give it; the page shows by itself that it was received."""
    expect(window.button("Give this file")).to_be_visible(timeout=90_000)
    window.arrives("Look at your files")
    picture = window.page.locator(".upload img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    window.press("Give this file")
    heading = window.page.get_by_role("heading", name=window.says("Thank you for your footage"))
    expect(heading).to_be_visible(timeout=40_000)
    window.arrives("Thank you for your footage")


def slows_down(window: Window, *, bytes_a_second: int) -> None:
    """Send as slowly as a phone at the edge of a cell, so that progress can be seen."""
    session = window.context.new_cdp_session(window.page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 20, "downloadThroughput": 2_000_000, "uploadThroughput": bytes_a_second},
    )
