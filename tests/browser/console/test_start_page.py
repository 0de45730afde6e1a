"""The start page shows what begins to wait while it is open."""

import pytest
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import HANDHELD
from tests.factories import incident_at

pytestmark = pytest.mark.browser

NUMBER = "2026-004712"


def test_what_begins_to_wait_appears_without_a_press(open_window: OpenWindow, supervisor: User) -> None:
    desk = open_window("supervisor", size=HANDHELD)
    desk.is_signed_in_as(supervisor)
    desk.page.clock.install()
    desk.open("/console/")
    expect(desk.page.get_by_text("Nothing waits for you")).to_be_visible()
    incident_at(number=NUMBER, verified=False)
    desk.page.clock.fast_forward("00:16")
    row = desk.page.locator(".work__row", has_text=NUMBER)
    expect(row).to_contain_text("closes in 23 h")
    row.locator(".work__what").click()
    desk.arrives(f"{NUMBER} · Burglary")
