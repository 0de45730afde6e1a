"""The box of every console page, by keyboard and without script."""

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, HANDHELD
from tests.browser.window import Window
from tests.factories import incident_at

pytestmark = pytest.mark.browser

NUMBER = "2026-004711"
BOX = "[data-find]"


@pytest.fixture
def desk(open_window: OpenWindow, deputy: User) -> Window:
    incident_at(by=deputy, number=NUMBER)
    window = open_window("deputy", size=DESKTOP)
    window.is_signed_in_as(deputy)
    window.open("/console/")
    return window


def test_slash_a_number_and_enter_arrive(desk: Window) -> None:
    desk.page.keyboard.press("/")
    expect(desk.page.locator(BOX)).to_be_focused()
    expect(desk.page.locator(BOX)).to_have_value("")
    desk.page.keyboard.type("2o26 oo47l1")
    desk.page.keyboard.press("Enter")
    desk.arrives(f"{NUMBER} · Burglary")


def test_escape_leaves_the_box_for_where_one_was(desk: Window) -> None:
    link = desk.page.get_by_role("link", name="Incidents", exact=True)
    link.focus()
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("2026")
    desk.page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_a_slash_typed_into_a_field_stays(desk: Window) -> None:
    desk.open("/console/incidents/")
    field = desk.page.get_by_label("Number, or a part of it")
    field.focus()
    desk.page.keyboard.type("B/77")
    expect(field).to_have_value("B/77")


def test_the_key_can_be_turned_off(desk: Window) -> None:
    desk.open("/console/find/")
    desk.page.get_by_text("Use keys:").click()
    desk.open("/console/")
    desk.page.keyboard.press("/")
    expect(desk.page.locator(BOX)).not_to_be_focused()


def test_what_is_not_found_says_what_can_be_and_leads_back(desk: Window) -> None:
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("R-ZZZZZZZZ")
    desk.page.keyboard.press("Enter")
    desk.arrives("Nothing that you may open has this number")
    expect(desk.page.locator(BOX)).to_have_value("R-ZZZZZZZZ")
    desk.follow("Go to the start page")
    desk.arrives("What waits for you")


def test_it_works_without_script_on_a_phone(open_window: OpenWindow, deputy: User) -> None:
    incident_at(by=deputy, number=NUMBER)
    phone = open_window("deputy", size=HANDHELD, script=False)
    phone.is_signed_in_as(deputy)
    phone.open("/console/")
    phone.page.get_by_role("searchbox", name="Find by number").fill("2026004711")
    phone.press("Find")
    phone.arrives(f"{NUMBER} · Burglary")
