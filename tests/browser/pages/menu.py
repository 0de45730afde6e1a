"""The menu of narrow screens, as a person meets it: opened, read, walked through by keys, closed."""

from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.window import Window

LEAST_CONTRAST = 4.5
"""WCAG 1.4.3 of text of this size."""

READ = """() => {
  const panel = document.querySelector(".menu > nav");
  const button = document.querySelector(".menu > summary");
  const parts = (color) => {
    const [r, g, b, a] = color.match(/[\\d.]+/g).map(Number);
    return { rgb: [r, g, b], a: a ?? 1 };
  };
  const over = (top, below) => ({
    rgb: top.rgb.map((c, i) => top.a * c + (1 - top.a) * below.rgb[i]),
    a: top.a + (1 - top.a) * below.a,
  });
  const ground = (element) => {
    const own = parts(getComputedStyle(element).backgroundColor);
    if (own.a === 1 || element === panel || element === button) return own;
    return over(own, ground(element.parentElement));
  };
  const light = ({ rgb }) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const hit = (element) => {
    element.scrollIntoView({ block: "nearest" });
    const { x, y, width, height } = element.getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, y + height / 2);
  };
  const writes = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [button, ...panel.querySelectorAll("*")].filter(writes).map((element) => {
    const below = ground(element);
    return {
      words: element.textContent.trim(),
      opaque: below.a === 1,
      contrast: contrast(over(parts(getComputedStyle(element).color), below), below),
      onTop: element.contains(hit(element)),
    };
  });
}"""

BEHIND = """() => {
  const seen = new Set();
  for (let x = 1; x < innerWidth; x += innerWidth / 20)
    for (let y = 1; y < innerHeight; y += innerHeight / 20) seen.add(document.elementFromPoint(x, y));
  const menu = document.querySelector(".menu");
  const behind = (element) => element && !menu.contains(element) && !element.contains(menu);
  return [...seen].filter(behind).map((element) => element.outerHTML.slice(0, 80));
}"""

FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return "nowhere";
  if (focused.matches(".menu > summary")) return "button";
  return focused.closest(".menu > nav") ? "menu" : `behind: ${focused.outerHTML.slice(0, 80)}`;
}"""


def button(window: Window) -> Locator:
    """Return what opens and closes the menu."""
    return window.page.locator(".menu > summary")


def is_open(window: Window) -> None:
    """Wait until the menu is open and has the focus."""
    expect(window.page.locator(".menu > nav")).to_be_visible()
    expect(window.page.locator(".menu > nav :focus")).to_be_visible()


def is_closed(window: Window) -> None:
    """Wait until the menu is closed and its button has the focus again."""
    expect(window.page.locator(".menu > nav")).to_be_hidden()
    expect(button(window)).to_be_focused()


def holds(window: Window) -> None:
    """Open the menu of the page, read it, walk it, and close it in both ways."""
    button(window).click()
    is_open(window)
    can_be_read(window)
    nothing_behind_moves(window)
    window.page.keyboard.press("Escape")
    is_closed(window)
    window.page.keyboard.press("Enter")
    is_open(window)
    keys_stay_inside(window)
    button(window).click()
    is_closed(window)


def can_be_read(window: Window) -> None:
    """Fail unless each text stands out from a ground of the menu's own, and nothing lies over the menu."""
    texts: list[dict[str, Any]] = window.page.evaluate(READ)
    assert len(texts) > 2, window.page.url
    wrong = [text for text in texts if not (text["opaque"] and text["onTop"] and text["contrast"] >= LEAST_CONTRAST)]
    assert not wrong, f"{window.page.url}: {wrong}"


def nothing_behind_moves(window: Window) -> None:
    """Fail when the page behind can be pressed, or scrolled by the wheel or by keys."""
    behind = window.page.evaluate(BEHIND)
    assert not behind, f"{window.page.url}: {behind}"
    before = window.page.evaluate("scrollY")
    window.page.mouse.move(5, window.page.evaluate("innerHeight") - 5)
    window.page.mouse.wheel(0, 300)
    window.page.keyboard.press("PageDown")
    window.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert window.page.evaluate("scrollY") == before, window.page.url
    assert window.page.evaluate("getComputedStyle(document.documentElement).overflowY") == "hidden"


def keys_stay_inside(window: Window) -> None:
    """Fail when Tab reaches what is behind the menu, in either direction."""
    stops = window.page.locator(".menu :is(summary, a, button)").count()
    for key in ["Tab"] * (stops + 1) + ["Shift+Tab"] * (stops + 2):
        window.page.keyboard.press(key)
        where = window.page.evaluate(FOCUS)
        assert not where.startswith("behind"), f"{window.page.url}: {where}"
