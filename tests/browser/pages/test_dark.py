"""Dark pages for those who ask their device for them: axe finds nothing, and everything on them is dark but paper."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from fusus_portal.ground.accounts.roles import Role
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import PHONE
from tests.browser.window import Window
from tests.factories import canvass_at, person
from tests.shop.orders import orders

pytestmark = pytest.mark.browser

PAPER = "rgb(20, 24, 30)"
"""--paper of the night (assets/scss/_colors.scss)."""

LIGHT_GROUNDS = """() => {
  const light = (color) => {
    const [red, green, blue, alpha] = color.match(/[\\d.]+/g).map(Number);
    return color.startsWith("rgb") && (alpha ?? 1) > 0 && Math.min(red, green, blue) > 200;
  };
  const all = [...document.querySelectorAll("body, body *")].filter((one) => one.checkVisibility());
  return all.filter((one) => light(getComputedStyle(one).backgroundColor)).map((one) => one.outerHTML.slice(0, 80));
}"""


def is_dark(window: Window, path: str) -> None:
    """Open a page and look at it: nothing on it has a light ground."""
    window.open(path)
    window.looks()
    expect(window.page.locator("body")).to_have_css("background-color", PAPER)
    assert window.page.evaluate(LIGHT_GROUNDS) == []
    for tiles in window.page.locator(".leaflet-tile-pane").all():
        expect(tiles).to_have_css("filter", re.compile("invert"))


def test_what_anybody_reads_is_dark_by_night(open_window: OpenWindow) -> None:
    window = open_window("visitor", size=PHONE, dark=True)
    for path in (reverse("home"), reverse("product", args=[orders.product().slug]), reverse("account_signup")):
        is_dark(window, path)


def test_the_console_is_dark_by_night(open_window: OpenWindow) -> None:
    sent = canvass_at("sent", cameras=2)
    incident, canvass = reverse("incident", args=[sent.incident_id]), reverse("canvass", args=[sent.pk])
    for account, pages in (
        (sent.created_by, [reverse("console"), incident, canvass]),
        (person(Role.AUDITOR), [reverse("audit")]),
        (person(Role.ADMINISTRATOR), [reverse("people")]),
    ):
        window = open_window(str(account.role), dark=True)
        window.is_signed_in_as(account)
        for path in pages:
            is_dark(window, path)
