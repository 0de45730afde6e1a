"""The menu below 1024 px, for every role: it can be read, it covers the page, and keys stay in it.

`test_every_page.py` opens it on each page.
"""

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from tests.browser.conftest import OpenWindow
from tests.browser.pages import menu
from tests.browser.sizes import DESKTOP, HANDHELD, TABLET, Size
from tests.factories import person

pytestmark = pytest.mark.browser

USUAL = {"resident", "deputy"}
"""Roles whose menu each run opens; the long tests open that of all."""

SIZES = pytest.mark.parametrize("size", [HANDHELD, TABLET], ids=["390", "820"])


def start_of(role: str) -> str:
    """Return where somebody of a role begins."""
    return {"visitor": "/", "resident": "/profile/", "business": "/profile/"}.get(role, "/console/")


@pytest.mark.parametrize(
    "role",
    [
        "visitor",
        *(role if role in USUAL else pytest.param(role, marks=pytest.mark.long) for role in Role.values),
    ],
)
def test_the_menu_can_be_read_walked_and_closed(role: str, open_window: OpenWindow) -> None:
    window = open_window(role, size=HANDHELD)
    if role != "visitor":
        window.is_signed_in_as(person(Role(role)))
    window.open(start_of(role))
    for size in (TABLET, HANDHELD):
        window.resize(size)
        menu.holds(window)
    menu.button(window).click()
    menu.is_open(window)
    window.looks(".menu")


@SIZES
def test_the_menu_is_read_without_script_too(size: Size, open_window: OpenWindow) -> None:
    window = open_window("visitor", size=size, script=False)
    window.open("/")
    menu.button(window).click()
    menu.can_be_read(window)


def test_a_press_beside_the_menu_closes_it(open_window: OpenWindow) -> None:
    window = open_window("visitor", size=TABLET)
    window.open("/")
    menu.button(window).click()
    menu.is_open(window)
    window.page.mouse.click(20, 600)
    menu.is_closed(window)


def test_a_screen_that_becomes_wide_gives_the_page_back(open_window: OpenWindow) -> None:
    window = open_window("visitor", size=TABLET)
    window.open("/")
    menu.button(window).click()
    menu.is_open(window)
    window.resize(DESKTOP)
    expect(window.page.locator(".menu")).not_to_have_attribute("open", "")
    expect(window.page.locator("[inert]")).to_have_count(0)


def test_the_warning_before_the_lock_opens_over_the_menu(open_window: OpenWindow, deputy: User) -> None:
    desk = open_window("deputy", size=TABLET)
    desk.is_signed_in_as(deputy)
    desk.page.clock.install()
    desk.open("/console/")
    menu.button(desk).click()
    menu.is_open(desk)
    desk.page.clock.fast_forward("28:30")
    dialog = desk.page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_visible()
    desk.press("Stay signed in")
    expect(dialog).to_be_hidden()
