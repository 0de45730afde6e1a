"""Impatient people: two tabs, the Back button, a double click, a line that breaks. One effect each time."""

import hashlib
import time
from pathlib import Path

import pytest
from playwright.sync_api import Request, expect

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.models import Canvass, FootageRequest
from registry.footage.models import Evidence, Upload
from tests.browser import residents
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import PHONE
from tests.browser.window import Window
from tests.factories import canvass_at, owner_of, request_at

pytestmark = pytest.mark.browser

OWNERS = 3
SEND = f"Send to {OWNERS} owners"


@pytest.fixture
def draft(deputy: User, mailbox: Mailbox) -> Canvass:
    """Return a canvass that would ask three owners."""
    return canvass_at("draft", cameras=OWNERS, by=deputy)


def at_the_desk(open_window: OpenWindow, canvass: Canvass) -> Window:
    """Return a window on a canvass."""
    desk = open_window("deputy")
    desk.is_signed_in_as(canvass.created_by)
    desk.open(f"/console/canvasses/{canvass.pk}/")
    return desk


def until_something_arrived(window: Window) -> None:
    """Wait for what came before the line broke to be safe: that the line broke reaches the portal a moment later."""
    latest = time.monotonic() + 20
    while not Upload.objects.filter(received__gt=0).exists():
        assert time.monotonic() < latest, "nothing arrived"
        window.page.wait_for_timeout(50)


def each_owner_got_one_letter(mailbox: Mailbox, canvass: Canvass) -> None:
    """One request and one letter for each owner, and not a second one after that."""
    asked = FootageRequest.objects.filter(incident=canvass.incident).select_related("registrant__user")
    emails = sorted(owner_of(one).email for one in asked)
    assert len(emails) == len(set(emails)) == OWNERS
    for email in emails:
        mailbox.request_link_for(email)
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_REQUEST).count() == OWNERS
    for email in emails:
        assert len([letter for letter in mailbox.letters_to(email) if "/requests/" in letter.text]) == 1


def test_a_double_click_sends_once(open_window: OpenWindow, mailbox: Mailbox, draft: Canvass) -> None:
    desk = at_the_desk(open_window, draft)
    desk.button(SEND).dblclick()
    desk.reads("No reply yet")
    each_owner_got_one_letter(mailbox, draft)


def test_two_tabs_send_once(open_window: OpenWindow, mailbox: Mailbox, draft: Canvass) -> None:
    tabs = [at_the_desk(open_window, draft), at_the_desk(open_window, draft)]
    for tab in tabs:
        tab.press(SEND)
        tab.reads("No reply yet")
    each_owner_got_one_letter(mailbox, draft)


def test_going_back_and_sending_again_sends_once(open_window: OpenWindow, mailbox: Mailbox, draft: Canvass) -> None:
    desk = at_the_desk(open_window, draft)
    desk.press(SEND)
    desk.reads("No reply yet")
    desk.page.go_back()
    if desk.button(SEND).count():
        desk.press(SEND)
    desk.reads("No reply yet")
    each_owner_got_one_letter(mailbox, draft)


def test_the_first_of_two_answers_counts(open_window: OpenWindow, mailbox: Mailbox) -> None:
    asked = request_at("sent")
    link = mailbox.request_link_for(owner_of(asked).email)
    first, second = open_window("link", size=PHONE), open_window("link-again", size=PHONE)
    second.may_answer = {409}
    for tab, answer in [(first, "I have no footage"), (second, "I would rather not")]:
        tab.open(link)
        tab.follow(answer)
    first.press("Yes, I have none")
    first.arrives("Thank you for looking")
    second.press("Yes, rather not")
    second.arrives("Nothing is left to do here")
    asked.refresh_from_db()
    assert asked.state == "none"


def test_an_upload_that_broke_off_goes_on_where_it_stopped(
    open_window: OpenWindow, mailbox: Mailbox, recording: Path
) -> None:
    asked = request_at("sent")
    offsets: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))

    window = open_window("link", size=PHONE)
    window.page.on("request", note)
    window.page.on("dialog", lambda dialog: dialog.accept())  # "leave this page?"
    window.open(mailbox.request_link_for(owner_of(asked).email) + "footage/")
    residents.slows_down(window, bytes_a_second=80_000)
    window.page.locator("input[type=file]").set_input_files(recording)
    window.page.wait_for_function("() => document.querySelector('progress')?.value > 20")
    window.page.reload()
    window.reads("Not finished. Choose this file again and it resumes where it stopped.")
    window.looks()
    until_something_arrived(window)
    window.page.locator("input[type=file]").set_input_files(recording)
    expect(window.page.locator("[data-part=state]").last).to_contain_text("Here.", timeout=20_000)
    window.follow("Look at your files")
    residents.looks_and_gives(window)
    assert Evidence.objects.get().sha256 == hashlib.sha256(recording.read_bytes()).hexdigest()
    first, *_others, last = offsets
    assert first == 0 < last


def test_a_file_that_is_no_video_is_refused_with_a_sentence(
    open_window: OpenWindow, mailbox: Mailbox, tmp_path: Path
) -> None:
    asked = request_at("sent")
    letter = tmp_path / "letter.mp4"
    letter.write_text("Dear deputy, I saw nothing.\n" * 400)
    window = open_window("link", size=PHONE, language="en")
    window.may_answer = {400, 409, 415}
    window.open(mailbox.request_link_for(owner_of(asked).email) + "footage/")
    window.page.locator("input[type=file]").set_input_files(letter)
    window.reads("Not accepted.")
    window.reads("This file is not a video or picture that we can take.")
    window.looks()
    assert not Evidence.objects.exists()
