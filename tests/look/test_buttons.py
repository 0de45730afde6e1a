"""Buttons in a row: on a phone one below the other, as wide as the page, each with its reason below it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

from fusus_portal.ground.pages.components import Action
from tests.browser.chromium import running_chromium
from tests.browser.sizes import HANDHELD, TABLET, Size

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STYLES = "".join((ROOT / f"static/css/{name}.css").read_text(encoding="utf-8") for name in ("portal", "console"))
ACTIONS = [
    Action("story", "Print the timeline", "/story/", is_link=True),
    Action("close", "Close", "/close/", reason="It is closed."),
    Action("verify", "Verify this incident", "/verify/", reason="You opened it, so another supervisor verifies it."),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run one browser for these tests."""
    with running_chromium() as browser:
        yield browser


def row_on(page: Page) -> list[dict[str, float]]:
    """Draw the row; return left edge, right edge and top of each button and reason, in their order."""
    row = render_to_string("registry/components/actions.html", {"actions": ACTIONS})
    page.set_content(f'<style>{STYLES}</style><body class="console"><main>{row}</main></body>')
    script = "all => all.map(one => one.getBoundingClientRect().toJSON())"
    found: list[dict[str, float]] = page.locator(".usa-button, .reason").evaluate_all(script)
    return found


@pytest.mark.parametrize(("size", "is_column"), [(HANDHELD, True), (TABLET, False)], ids=["390", "820"])
def test_disabled_buttons_are_as_wide_as_others_on_a_phone(chromium: Browser, size: Size, is_column: bool) -> None:
    page = chromium.new_page(viewport={"width": size.width, "height": size.height})
    link, close, why_closed, verify, why_not = row_on(page)
    page.close()
    assert all(button["height"] >= 44 for button in (link, close, verify))
    assert (close["left"], verify["left"]) == (why_closed["left"], why_not["left"])
    assert 0 < why_closed["top"] - close["bottom"] < 8
    edges = {(button["left"], button["right"]) for button in (link, close, verify)}
    assert (len(edges) == 1) is is_column
    assert (verify["top"] - why_closed["bottom"] > 8) is is_column
