"""Acts on the start page, in counted presses: verify, play, answer; by keys that decide nothing; and beside the map."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from audit.log.events import Event
from audit.log.models import AuditDetail
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review.models import ReviewQuestion
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, HANDHELD, TABLET, Size
from tests.browser.window import Window
from tests.factories import LINN_PARK, incident_at, north_of, person, request_at
from tests.oversight.review.reviewing import ANSWER, QUESTION, asked, drawn, searches
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given

pytestmark = pytest.mark.browser

PLAYS = "() => { const video = document.querySelector('video'); return video && video.currentTime > 0 }"


@pytest.fixture
def waiting(supervisor: User) -> list[Incident]:
    """Return two incidents to verify, the older one first."""
    return [incident_at(verified=False, number=f"2026-00471{number}") for number in (1, 2)]


def desk_of(open_window: OpenWindow, user: User, size: Size = DESKTOP) -> Window:
    window = open_window(user.role, size=size)
    window.is_signed_in_as(user)
    window.open("/console/")
    window.comes_to("What waits for you")
    return window


def row(window: Window, words: str) -> Locator:
    return window.page.locator(".work__row", has_text=words)


def side(window: Window) -> Locator:
    return window.page.get_by_role("region", name="The call beside its row")


def test_an_incident_is_verified_in_two_presses(
    open_window: OpenWindow, supervisor: User, waiting: list[Incident]
) -> None:
    desk = desk_of(open_window, supervisor)
    first, second = waiting
    desk.link(f"Verify {first.number}").click()
    expect(side(desk)).to_contain_text("Linn Park, 20th Street North")
    desk.looks()
    side(desk).get_by_role("button", name="Verify").click()
    expect(row(desk, first.number)).to_contain_text(f"Verified: {first.number}.")
    expect(row(desk, first.number).locator("[data-act]")).to_have_count(0)
    expect(side(desk)).to_be_hidden()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_verified, second.is_verified) == (True, False)
    desk.looks()


@pytest.mark.parametrize("size", [HANDHELD, TABLET], ids=["phone", "tablet"])
def test_where_nothing_fits_beside_it_the_call_is_a_page(
    size: Size, open_window: OpenWindow, supervisor: User, waiting: list[Incident]
) -> None:
    desk = desk_of(open_window, supervisor, size)
    expect(desk.page.locator("[data-map]")).to_be_hidden()
    desk.looks()
    desk.link(f"Verify {waiting[0].number}").tap()
    desk.arrives(f"{waiting[0].number} · Burglary")
    desk.press("Verify")
    desk.comes_to("What waits for you")
    expect(desk.page.get_by_text(f"Verified: {waiting[0].number}.")).to_be_visible()


def test_a_row_says_in_place_that_somebody_was_faster(
    open_window: OpenWindow, supervisor: User, waiting: list[Incident]
) -> None:
    desk = desk_of(open_window, supervisor)
    desk.may_answer.add(409)
    desk.link(f"Verify {waiting[0].number}").click()
    verify = side(desk).get_by_role("button", name="Verify")
    expect(verify).to_be_visible()
    incidents.verify(incident=waiting[0], by=person("supervisor"))
    verify.click()
    expect(row(desk, waiting[0].number)).to_contain_text("This incident is already verified.")
    assert desk.page.url.endswith("/console/")


def test_letters_move_and_decide_nothing_and_a_key_pressed_twice_is_one_act(
    open_window: OpenWindow, supervisor: User, waiting: list[Incident]
) -> None:
    desk = desk_of(open_window, supervisor)
    first, second = waiting
    keys = desk.page.keyboard
    for letter in "abcdefghilmnopqrstuvwxyz":
        keys.press(letter)
    assert desk.page.url.endswith("/console/")
    expect(side(desk)).to_be_hidden()
    keys.press("j")
    expect(row(desk, first.number).locator(".work__what")).to_be_focused()
    keys.press("j")
    expect(row(desk, second.number).locator(".work__what")).to_be_focused()
    keys.press("k")
    keys.press("Enter")
    keys.press("Enter")
    expect(side(desk)).to_contain_text("Opened by")
    first.refresh_from_db()
    assert not first.is_verified
    keys.press("Escape")
    expect(row(desk, first.number).locator(".work__what")).to_be_focused()
    keys.press("Enter")
    expect(side(desk)).to_be_focused()
    verify = side(desk).get_by_role("button", name="Verify")
    verify.focus()
    keys.press("Enter")
    keys.press("Enter")
    expect(row(desk, first.number)).to_contain_text(f"Verified: {first.number}.")
    second.refresh_from_db()
    assert not second.is_verified
    assert len(entries_of(Event.INCIDENT_VERIFIED)) == 1


def test_letters_can_be_switched_off(open_window: OpenWindow, supervisor: User, waiting: list[Incident]) -> None:
    desk = desk_of(open_window, supervisor)
    desk.page.get_by_text("Use keys:").click()
    desk.page.keyboard.press("j")
    expect(row(desk, waiting[0].number).locator(".work__what")).not_to_be_focused()
    desk.page.reload()
    expect(desk.page.get_by_label("Use keys:")).not_to_be_checked()


def test_a_new_reply_is_played_in_two_presses_with_the_reason_of_its_canvass(
    open_window: OpenWindow, deputy: User, recording: Path
) -> None:
    file = given(request_at("sent", by=deputy), content=recording.read_bytes(), name=recording.name)
    desk = desk_of(open_window, deputy)
    desk.reads(f"Reason: {file.request.canvass.reason}")
    desk.press(f"Play {file.number}")
    desk.comes_to("Evidence")
    presses = 1
    if not desk.page.evaluate("() => navigator.getAutoplayPolicy?.('mediaelement') !== 'disallowed'"):
        desk.page.locator("video").click()
        presses += 1
    desk.page.wait_for_function(PLAYS)
    assert presses <= 2
    [entry] = entries_of(Event.EVIDENCE_VIEWED)
    assert AuditDetail.objects.get(digest=bytes(entry.reason_digest or b"")).text == file.request.canvass.reason
    desk.open("/console/")
    desk.reads("Nothing waits for you")


def test_a_row_that_leads_on_says_in_place_that_it_waits_no_more(open_window: OpenWindow, deputy: User) -> None:
    file = given(request_at("sent", by=deputy))
    desk = desk_of(open_window, deputy)
    incidents.close(incident=file.request.incident, by=deputy)
    desk.press(f"Play {file.number}")
    expect(row(desk, "1 new reply")).to_contain_text("Somebody else did this a moment ago.")
    assert entries_of(Event.EVIDENCE_VIEWED) == []


@pytest.fixture
def question(deputy: User) -> ReviewQuestion:
    searches(3, by=deputy)
    return asked(drawn().cards.order_by("place")[0])


def test_an_auditor_is_answered_in_two_presses(open_window: OpenWindow, question: ReviewQuestion) -> None:
    desk = desk_of(open_window, question.person)
    desk.page.get_by_role("link", name="Answer").last.click()
    expect(side(desk)).to_contain_text(QUESTION)
    desk.may_answer.add(422)
    side(desk).get_by_role("button", name="Send the answer").click()
    expect(side(desk).get_by_role("alert").or_(side(desk).locator(".usa-error-message")).first).to_be_visible()
    desk.fill("Your answer", ANSWER)
    side(desk).get_by_role("button", name="Send the answer").click()
    expect(row(desk, "An auditor asks you something")).to_contain_text("Answered. The auditor reads it with the card.")
    question.refresh_from_db()
    assert question.answer == ANSWER


def test_rows_and_the_map_light_each_other_up(
    open_window: OpenWindow, supervisor: User, waiting: list[Incident]
) -> None:
    desk = desk_of(open_window, supervisor)
    pins = desk.page.locator(".map-pin--incident")
    expect(pins).to_have_count(2)
    row(desk, waiting[0].number).hover()
    expect(desk.page.locator(".map-pin--incident.is-lit")).to_have_attribute("title", f"{waiting[0].number} · Burglary")
    desk.page.locator("h1").hover()
    expect(desk.page.locator(".is-lit")).to_have_count(0)
    desk.page.get_by_title(f"{waiting[1].number} · Burglary").dispatch_event("mouseover")
    expect(desk.page.locator(".work__row.is-lit")).to_contain_text(waiting[1].number)


def miles_across(window: Window) -> float:
    """Return how much the map of the start page shows from side to side, by its scale."""
    scale = window.page.locator(".desk__map .leaflet-control-scale-line")
    expect(scale).to_be_visible()
    number, unit = scale.inner_text().split()
    line, area = scale.bounding_box(), window.page.locator(".desk__map [data-map]").bounding_box()
    assert line is not None
    assert area is not None
    return float(number) / {"ft": 5280, "mi": 1}[unit] * area["width"] / line["width"]


def test_one_incident_alone_is_shown_with_its_neighborhood_and_two_with_what_is_between(
    open_window: OpenWindow, supervisor: User
) -> None:
    incident_at(verified=False)
    desk = desk_of(open_window, supervisor)
    assert 0.7 < miles_across(desk) < 1.7
    incident_at(north_of(LINN_PARK, 5000), verified=False)
    desk.open("/console/")
    expect(desk.page.locator(".map-pin--incident")).to_have_count(2)
    assert miles_across(desk) > 3


def test_an_incident_that_comes_later_is_drawn_with_its_row(open_window: OpenWindow, supervisor: User) -> None:
    incident_at(verified=False)
    desk = open_window("supervisor", size=DESKTOP)
    desk.is_signed_in_as(supervisor)
    desk.page.clock.install()
    desk.open("/console/")
    pins = desk.page.locator(".map-pin--incident")
    expect(pins).to_have_count(1)
    incident_at(verified=False)
    desk.page.clock.fast_forward("00:16")
    expect(pins).to_have_count(2)
