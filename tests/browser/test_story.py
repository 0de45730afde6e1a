"""The story: from a resident's camera to footage in a deputy's console, in real browsers, with a real video."""

import hashlib
from collections import defaultdict
from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import expect

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from tests.browser import deputies, residents
from tests.browser.people import People
from tests.browser.sizes import DESKTOP, PHONE
from tests.browser.window import Window
from tests.factories import north_of

pytestmark = pytest.mark.browser

RESIDENT = "ana@people.example"
PLAYED = "() => { const video = document.querySelector('video'); return video.currentTime > %s && !video.seeking }"
TOLD = [
    Event.CAMERA_FOUND,
    Event.CAMERA_SHOWN,
    Event.CAMERA_ASKED,
    Event.EVIDENCE_VIEWED,
    Event.EVIDENCE_DOWNLOADED,
]


@pytest.mark.parametrize(
    "people",
    [(PHONE, "es"), pytest.param((DESKTOP, "en"), marks=pytest.mark.long)],
    ids=["phone-es", "desktop-en"],
    indirect=True,
)
def test_footage_finds_its_way_from_a_camera_to_the_console(people: People, recording: Path) -> None:
    sha256 = hashlib.sha256(recording.read_bytes()).hexdigest()
    pin = given_a_resident_with_a_camera(people)
    given_a_verified_incident(people, north_of(pin, 120))
    preview = when_the_deputy_asks_everybody_in_a_circle(people)
    then_the_resident_gets_that_message(people, preview)
    when_the_resident_sends_the_video(people, recording, sha256)
    then_the_deputy_sees_plays_and_downloads_it(people, sha256)
    then_the_resident_sees_who_searched_asked_and_looked(people.home, people.deputy)


def given_a_resident_with_a_camera(people: People) -> Point:
    residents.signs_up(people.home, people.mailbox, RESIDENT)
    return residents.registers(people.home)


def given_a_verified_incident(people: People, point: Point) -> None:
    deputies.signs_in(people.desk, people.deputy)
    deputies.opens_an_incident(people.desk, point)
    people.office.is_signed_in_as(people.supervisor)
    people.office.open("/console/")
    deputies.verifies(people.office)


def when_the_deputy_asks_everybody_in_a_circle(people: People) -> str:
    desk = people.desk
    desk.page.reload()
    deputies.draws_a_canvass(desk)
    desk.reads("1 owner would be asked")
    desk.reads("Nothing has been sent yet.")
    row = desk.page.get_by_role("row", name="Front door")
    expect(row).to_contain_text("600 20th Street North, Birmingham, AL 35203")
    expect(desk.page.locator(".map-pin--camera")).to_have_count(1)
    previews = desk.page.locator(".letter pre").all()
    preview = previews[1 if people.home.language == "es" else 0].text_content() or ""
    desk.press("Send to 1 owner")
    desk.reads("No reply yet")
    desk.looks()
    return preview


def then_the_resident_gets_that_message(people: People, preview: str) -> None:
    """The mail is the message of the preview, but for what is one owner's own: link, number, cameras, last day."""
    people.mailbox.request_link_for(RESIDENT)
    [letter] = [letter for letter in people.mailbox.letters_to(RESIDENT) if "/requests/" in letter.text]
    sent = {line.strip() for line in letter.text.splitlines() if line.strip()}
    shown = {line.strip() for line in preview.splitlines() if line.strip()}
    assert len(sent & shown) >= 8
    assert len(sent - shown) <= 6, sent - shown


def when_the_resident_sends_the_video(people: People, recording: Path, sha256: str) -> None:
    phone = people.phone
    assert residents.gives(phone, people.mailbox.request_link_for(RESIDENT), recording) == sha256
    assert sha256 in phone.text()
    assert people.mailbox.wait_for(RESIDENT, sha256) == sha256


def then_the_deputy_sees_plays_and_downloads_it(people: People, sha256: str) -> None:
    """The page of the canvass shows the reply by itself; the rest the deputy does, with a reason."""
    desk = people.desk
    expect(desk.page.get_by_text("Footage", exact=True)).to_be_visible(timeout=30_000)
    desk.looks()
    deputies.looks_at_a_reply(desk)
    plays_and_seeks(desk)
    assert deputies.downloads(desk) == sha256
    desk.reads(sha256)


def plays_and_seeks(desk: Window) -> None:
    """The video plays on from its start, and from its middle; the server answers with parts of it."""
    video = desk.page.locator("video")
    desk.page.wait_for_function("() => document.querySelector('video').readyState >= 2")
    video.evaluate("video => { video.muted = true; return video.play() }")
    desk.page.wait_for_function(PLAYED % 0.3)
    length = float(video.evaluate("video => video.duration"))
    assert length > 11
    assert video.evaluate("video => video.seekable.end(0)") == pytest.approx(length)
    video.evaluate("video => { video.currentTime = video.duration / 2 }")
    desk.page.wait_for_function(PLAYED % (length / 2 + 0.3))
    video.evaluate("video => video.pause()")
    assert {status for status, path in desk.statuses if path.endswith("/stream/")} == {206}


def then_the_resident_sees_who_searched_asked_and_looked(home: Window, deputy: User) -> None:
    """Every step of the deputy is a line, under the badge name; the camera's and the owner's have no gap."""
    home.open("/profile/")
    home.follow("Who looked")
    home.arrives("Who looked")
    for folded in home.page.locator("[data-details] > summary").all():
        folded.click()
    lines = home.page.get_by_role("row").all_inner_texts()[1:]
    with translation.override(home.language):
        told = [line for line in lines if deputy.badge in line]
    for step in TOLD:
        assert any(home.says(str(step.sentence)) in line for line in told), (step, told)
    assert all(deputies.NUMBER in line for line in told)
    numbers = defaultdict[str, list[int]](list)
    for entry in home.page.locator("[data-entry]").all():
        numbers[entry.get_attribute("data-camera") or ""].append(int(entry.get_attribute("data-number") or 0))
    assert len(numbers) == 2
    assert all(sorted(each) == list(range(1, len(each) + 1)) for each in numbers.values())
    assert deputy.name not in home.text()
