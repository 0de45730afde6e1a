"""Scripts in a browser, on pages of our own templates. No server, no database: files come from static/."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Browser, Page, Route

from tests.browser.chromium import running_chromium

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[2] / "static"
SITE = "http://portal.test"
POLICY = "default-src 'self'; img-src 'self' data:"
MAP_PAGE = """<!doctype html><html lang="en"><head><title>Map</title>
<link rel="stylesheet" href="/static/css/portal.css">
</head><body><form><input name="latitude" value="33.520000"><input name="longitude" value="-86.800000">
<input name="radius_m" value="1312">{map}</form></body></html>"""
IDLE_PAGE = """<!doctype html><html lang="en"><head><title>Console</title></head><body>{lock}
<script type="module" src="/static/js/idle.js"></script></body></html>"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run one browser for these tests."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport={"width": 800, "height": 700})
    yield opened
    opened.close()


def show(page: Page, html: str, asked: list[str] | None = None) -> None:
    """Open the page under the strict policy; note what it asks for."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if asked is not None:
            asked.append(f"{route.request.method} {path}")
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
        elif route.request.method == "POST":
            route.fulfill(status=204)
        else:
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    page.route("**/*", answer)
    page.goto(SITE + "/page")


def map_page(mode: str) -> str:
    return MAP_PAGE.format(map=render_to_string("components/map.html", {"mode": mode, "label": "Map", "zoom": 15}))


def value(page: Page, name: str) -> float:
    return float(page.locator(f"input[name={name}]").input_value())


def test_the_pin_moves_by_arrow_keys_and_fills_in_the_form(page: Page) -> None:
    show(page, map_page("pin"))
    page.get_by_role("button", name="Pin. Arrow keys move it.").focus()
    page.keyboard.press("ArrowUp")
    assert value(page, "latitude") > 33.52
    assert value(page, "longitude") == pytest.approx(-86.8, abs=1e-5)
    page.keyboard.press("Shift+ArrowRight")
    assert value(page, "longitude") > -86.8


def test_a_tap_places_the_pin(page: Page) -> None:
    show(page, map_page("pin"))
    page.get_by_role("region", name="Map").click(position={"x": 600, "y": 60})
    assert value(page, "latitude") > 33.521
    assert value(page, "longitude") > -86.799


def test_the_slider_sizes_the_circle_and_says_its_area(page: Page) -> None:
    show(page, map_page("circle"))
    slider = page.get_by_role("slider", name="Size of the search")
    assert slider.input_value() == "400"
    assert page.locator("[data-area]").inner_text() == "0.194"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert value(page, "radius_m") == 1328
    page.locator("input[name=radius_m]").fill("1640")
    assert page.locator("[data-area]").inner_text() == "0.303"


def corners(page: Page) -> list[str]:
    return page.locator("textarea[name=corners]").input_value().splitlines()


def test_a_polygon_is_drawn_moved_and_cut_by_keyboard(page: Page) -> None:
    drawn = {"mode": "polygon", "label": "Map", "zoom": 15, "center": "33.52,-86.80"}
    field = '<textarea name="corners" aria-label="Corners"></textarea>'
    show(page, MAP_PAGE.format(map=field + render_to_string("components/map.html", drawn)))
    for _ in range(4):
        page.get_by_role("button", name="Add a corner").focus()
        page.keyboard.press("Enter")
    before = corners(page)
    assert len(before) == 4
    assert float(page.locator("[data-area]").inner_text()) > 0.01
    page.keyboard.press("Shift+ArrowUp")  # the new corner has the focus
    moved = [line for line in corners(page) if line not in before]
    assert len(moved) == 1
    page.keyboard.press("Delete")
    assert [line for line in corners(page) if line not in before] == []
    assert len(corners(page)) == 3
    page.locator("textarea").fill("33.520, -86.800\n33.530, -86.800\n33.530, -86.790\n33.520, -86.790")
    assert page.get_by_role("button", name="Corner. Arrow keys move it").count() == 4
    assert float(page.locator("[data-area]").inner_text()) == pytest.approx(0.398, abs=0.003)
    page.get_by_role("button", name="Start over").click()
    assert corners(page) == []


def idle_page() -> str:
    asked_for = RequestFactory().get("/console/incidents/", {"page": 2})
    words = {"idle_seconds": 1800, "idle_warning_seconds": 60, "request": asked_for}
    lock = render_to_string("components/idle_lock.html", words)
    return IDLE_PAGE.format(lock=lock)


def test_the_idle_lock_warns_and_one_key_extends(page: Page) -> None:
    asked: list[str] = []
    page.clock.install()
    show(page, idle_page(), asked)
    warning = page.get_by_role("dialog", name="Are you still there?")
    page.clock.run_for(1_730_000)
    assert not warning.is_visible()
    page.clock.run_for(20_000)
    assert warning.is_visible()
    page.keyboard.press("a")
    warning.wait_for(state="hidden")
    extended = str(page.locator("dialog").get_attribute("data-extend"))
    assert [line for line in asked if line.startswith("POST")] == [f"POST {extended}"]
    page.clock.run_for(1_730_000)
    assert not warning.is_visible()


def test_the_idle_lock_asks_for_the_page_again(page: Page) -> None:
    page.clock.install()
    show(page, idle_page())
    page.clock.run_for(1_790_000)
    with page.expect_navigation(url="**/console/incidents/?page=2"):
        page.clock.run_for(15_000)
