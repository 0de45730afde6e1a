"""Hours of a camera: outside opening hours in four presses; its own by keyboard, mouse, finger and without script."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from integration.cores.models import DeviceCamera
from integration.sharing.hours import week_of
from integration.sharing.models import OpeningHours, SharingRule
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import HANDHELD
from tests.browser.window import Window
from tests.integration.sharing.consent import connected, owner_of, signed
from tests.peers.portal import Portal

pytestmark = pytest.mark.browser

OFFICE = week_of([("01234", 480, 1080)])
OUTSIDE = "Outside opening hours, during a critical incident nearby"
OWN = "At hours of its own, during a critical incident nearby"


@pytest.fixture
def camera(web: Portal) -> DeviceCamera:
    behind = connected()
    signed(owner_of(behind))
    return behind


def opened_rule(owner: Window, camera: DeviceCamera) -> None:
    owner.is_signed_in_as(owner_of(camera).user)
    owner.open(reverse("sharing_rule", args=[camera.pk]))
    owner.page.get_by_text(OWN, exact=True).click()


def cell(owner: Window, name: str) -> Locator:
    return owner.page.get_by_role("gridcell", name=name, exact=True)


def painted(owner: Window) -> int:
    return owner.page.locator(".hours--schedule [aria-selected=true]").count()


def week_saved(owner: Window, camera: DeviceCamera) -> list[list[list[int]]]:
    owner.press("Save the rule")
    owner.arrives("Sharing")
    return list(SharingRule.objects.get(camera=camera).week)


def test_a_rule_outside_opening_hours_takes_four_presses(open_window: OpenWindow, camera: DeviceCamera) -> None:
    owner = open_window("owner", size=HANDHELD)
    owner.is_signed_in_as(owner_of(camera).user)
    owner.open(reverse("own_sharing"))
    main = owner.page.locator("main")
    presses = [
        main.get_by_role("link", name="Change the rule"),
        main.get_by_text(OUTSIDE, exact=True),
        main.locator(".hours--outside").get_by_role("button", name="Monday to Friday, 8 a.m. to 6 p.m.", exact=True),
        main.get_by_role("button", name="Save the rule"),
    ]
    for press in presses:
        press.tap()
    owner.arrives("Sharing")
    assert len(presses) == 4
    owner.reads("Opening hours: Monday to Friday, 8 a.m. to 6 p.m.")
    assert OpeningHours.objects.get(premises=camera.camera.premises).week == OFFICE
    assert SharingRule.objects.get(camera=camera).mode == "outside"


def test_the_picture_of_a_choice_follows_what_is_painted(open_window: OpenWindow, camera: DeviceCamera) -> None:
    owner = open_window("owner")
    opened_rule(owner, camera)
    bars = {mode: owner.page.locator(f"[data-picture={mode}] [data-bars] rect") for mode in ("outside", "schedule")}
    owner.page.get_by_text(OUTSIDE, exact=True).click()
    expect(bars["outside"]).to_have_count(0)
    owner.page.get_by_role("button", name="Monday to Friday, 8 a.m. to 6 p.m.").first.click()
    # Five mornings, five evenings and two whole days.
    expect(bars["outside"]).to_have_count(12)
    expect(bars["schedule"]).to_have_count(0)
    owner.looks()


def test_a_mouse_paints_a_rectangle_and_takes_hours_out_again(open_window: OpenWindow, camera: DeviceCamera) -> None:
    owner = open_window("owner")
    opened_rule(owner, camera)
    cell(owner, "Monday, 8 a.m. to 9 a.m.").hover()
    owner.page.mouse.down()
    cell(owner, "Sunday, 8 p.m. to 9 p.m.").hover()
    cell(owner, "Friday, 5 p.m. to 6 p.m.").hover()
    owner.page.mouse.up()
    assert painted(owner) == 50
    cell(owner, "Wednesday, noon to 1 p.m.").click()
    assert painted(owner) == 49
    assert week_saved(owner, camera) == [
        [[480, 1080]],
        [[480, 1080]],
        [[480, 720], [780, 1080]],
        [[480, 1080]],
        [[480, 1080]],
        [],
        [],
    ]


def test_the_keyboard_alone_paints_and_saves(open_window: OpenWindow, camera: DeviceCamera) -> None:
    owner = open_window("owner")
    opened_rule(owner, camera)
    keys = owner.page.keyboard
    grid = owner.page.get_by_role("grid", name="Hours of this camera")
    grid.locator("[tabindex='0']").focus()
    expect(cell(owner, "Monday, midnight to 1 a.m.")).to_be_focused()
    for key in ("Control+End", "ArrowUp", "Space", "Shift+ArrowDown", "Shift+ArrowLeft"):
        keys.press(key)
    expect(cell(owner, "Saturday, 11 p.m. to midnight")).to_be_focused()
    assert painted(owner) == 4
    for key in ("Shift+ArrowRight", "Shift+ArrowRight"):  # the rectangle is narrow again, and the week ends on Sunday
        keys.press(key)
    assert painted(owner) == 2
    keys.press("Home")
    keys.press("Enter")  # sends no form, and paints nothing
    expect(cell(owner, "Monday, 11 p.m. to midnight")).to_be_focused()
    keys.press("Control+Home")
    keys.press("Space")
    keys.press("Tab")
    assert painted(owner) == 3
    owner.looks()
    owner.button("Save the rule").focus()
    keys.press("Enter")
    owner.arrives("Sharing")
    # Sunday's hours go on into Monday, as one stretch.
    assert SharingRule.objects.get(camera=camera).week == [[], [], [], [], [], [], [[1320, 1500]]]


def test_a_finger_paints_and_a_phone_scrolls_only_downwards(open_window: OpenWindow, camera: DeviceCamera) -> None:
    owner = open_window("owner", size=HANDHELD)
    opened_rule(owner, camera)
    cell(owner, "Saturday, 10 p.m. to 11 p.m.").tap()
    assert painted(owner) == 1
    first, last = cell(owner, "Monday, 1 p.m. to 2 p.m."), cell(owner, "Tuesday, 4 p.m. to 5 p.m.")
    last.scroll_into_view_if_needed()
    first.scroll_into_view_if_needed()
    finger = owner.context.new_cdp_session(owner.page)
    for kind, where in (("touchStart", first), ("touchMove", last), ("touchEnd", None)):
        box = where.bounding_box() if where else None
        points = [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}] if box else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(owner.page.locator(".hours--schedule [aria-selected=true]")).to_have_count(9)
    for target in (first, last):
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
    owner.looks()
    assert week_saved(owner, camera) == [[[780, 1020]], [[780, 1020]], [], [], [], [[1320, 1380]], []]


def test_without_script_a_list_of_from_and_to_does_the_same(open_window: OpenWindow, camera: DeviceCamera) -> None:
    owner = open_window("owner", size=HANDHELD, script=False)
    opened_rule(owner, camera)
    assert owner.page.get_by_role("grid").count() == 0
    for line, (days, begin, end) in enumerate(
        [("Monday to Friday", "18:00", "08:00"), ("Saturday and Sunday", "00:00", "00:00")], start=1
    ):
        owner.page.get_by_label(f"Days ({line})", exact=True).locator("visible=true").select_option(days)
        owner.page.get_by_label(f"From ({line})", exact=True).locator("visible=true").fill(begin)
        owner.page.get_by_label(f"To ({line})", exact=True).locator("visible=true").fill(end)
    owner.looks()
    assert week_saved(owner, camera) == [
        [[1080, 1920]],
        [[1080, 1920]],
        [[1080, 1920]],
        [[1080, 1920]],
        [[1080, 1440]],
        [[0, 1440]],
        [[0, 1440]],
    ]


def test_times_that_no_hour_begins_at_stay_through_painting(open_window: OpenWindow, camera: DeviceCamera) -> None:
    owner = open_window("owner")
    opened_rule(owner, camera)
    owner.page.locator(".hours--schedule summary").click()
    for part, value in (("Days (1)", "Monday"), ("From (1)", "08:15"), ("To (1)", "10:45")):
        field = owner.page.get_by_label(part, exact=True).locator("visible=true")
        field.select_option(value) if part == "Days (1)" else field.fill(value)
    expect(cell(owner, "Monday, 8 a.m. to 9 a.m., a part of it")).to_have_attribute("aria-selected", "true")
    cell(owner, "Monday, noon to 1 p.m.").click()
    assert week_saved(owner, camera) == [[[495, 645], [720, 780]], *[[]] * 6]


def test_more_hours_are_painted_than_the_list_had_lines(open_window: OpenWindow, camera: DeviceCamera) -> None:
    owner = open_window("owner")
    opened_rule(owner, camera)
    for hour in ("1 a.m. to 2 a.m.", "3 a.m. to 4 a.m.", "5 a.m. to 6 a.m.", "7 a.m. to 8 a.m.", "9 a.m. to 10 a.m."):
        cell(owner, f"Monday, {hour}").click()
    owner.page.locator(".hours--schedule summary").click()
    expect(owner.page.get_by_label("From (5)", exact=True)).to_have_value("09:00")
    owner.looks()
    assert week_saved(owner, camera)[0] == [[60, 120], [180, 240], [300, 360], [420, 480], [540, 600]]
