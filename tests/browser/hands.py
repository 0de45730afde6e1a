"""How people press and type: with fingers or a mouse, by keys alone, or in a browser without script."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Locator, expect

from tests.browser.sizes import DESKTOP, HANDHELD
from tests.browser.test_keyboard import enters, tabs_to, types
from tests.browser.window import PATIENCE_MS, Window


class Hands:
    """Fingers or a mouse, as the screen takes them."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def presses(self, words: str) -> None:
        """Press a button."""
        self._touch(self.window.button(words).first)

    def follows(self, words: str) -> None:
        """Follow a link."""
        self._touch(self.window.page.locator("main a", has_text=self.window.says(words)).first)

    def ticks(self, words: str) -> None:
        """Tick a box by its label."""
        self._touch(self.window.page.get_by_text(self.window.says(words)))

    def fills(self, label: str, words: str) -> None:
        """Type into a field."""
        self.window.fill(label, words)

    def fills_moment(self, label: str, moment: datetime) -> None:
        """Set day and time, on the agency's clock."""
        self.window.fill(label, f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}")

    def selects(self, label: str, choice: str) -> None:
        """Choose one of a list."""
        self.window.page.get_by_label(self.window.says(label), exact=True).select_option(label=choice)

    def chooses(self, label: str, typed: str, place: str) -> None:
        """Type a part of an address, and take a suggestion."""
        field = self._field(label)
        self._touch(field)
        field.press_sequentially(typed)
        option = self._suggested(place)
        self._touch(option)
        expect(field).to_have_value(place)

    def _field(self, label: str) -> Locator:
        return self.window.page.get_by_label(self.window.says(label), exact=True)

    def _suggested(self, place: str) -> Locator:
        option = self.window.page.get_by_role("option", name=place).first
        expect(option).to_be_visible(timeout=PATIENCE_MS)
        self.window.looks()
        return option

    def _touch(self, what: Locator) -> None:
        if self.window.size.touch:
            what.tap()
        else:
            what.click()


class Keys(Hands):
    """Keys alone, on whatever screen."""

    def presses(self, words: str) -> None:
        """Go to a button by Tab and press it."""
        enters(self.window, words)

    follows = presses

    def ticks(self, words: str) -> None:
        """Go to a box by Tab, and tick it by the space bar."""
        tabs_to(self.window, words)
        self.window.page.keyboard.press("Space")

    def fills(self, label: str, words: str) -> None:
        """Go to a field by Tab and type."""
        types(self.window, label, words)

    def fills_moment(self, label: str, moment: datetime) -> None:
        """Go to day and time by Tab, and type each part of them."""
        tabs_to(self.window, label)
        local = timezone.localtime(moment)
        self.window.page.keyboard.type(f"{local:%m%d%Y}")
        self.window.page.keyboard.press("ArrowRight")
        self.window.page.keyboard.type(f"{local:%I%M%p}")

    def selects(self, label: str, choice: str) -> None:
        """Go to a list by Tab, and type the beginning of a choice."""
        tabs_to(self.window, label)
        self.window.page.keyboard.type(choice)

    def chooses(self, label: str, typed: str, place: str) -> None:
        """Type a part of an address, go down to a suggestion, and take it by Enter."""
        tabs_to(self.window, label)
        self.window.page.keyboard.type(typed)
        option = self._suggested(place)
        self.window.page.keyboard.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        self.window.page.keyboard.press("Enter")
        expect(self._field(label)).to_have_value(place)


class Plain(Hands):
    """A browser without script, which suggests nothing: the whole is typed."""

    def chooses(self, label: str, typed: str, place: str) -> None:
        """Type the whole address; its other parts are fields of their own, where the form has them."""
        self._field(label).fill(place)
        for name, words in (("city", "Birmingham"), ("zip_code", "35205")):
            beside = self.window.page.locator(f"input[name={name}]")
            if beside.count():
                beside.fill(words)


KINDS: Final = {"hands": Hands, "keys": Keys, "plain": Plain}
WAYS: Final[dict[str, dict[str, Any]]] = {
    "handheld-en": {"size": HANDHELD},
    "handheld-es": {"size": HANDHELD, "language": "es"},
    "desktop-en": {"size": DESKTOP},
    "desktop-es": {"size": DESKTOP, "language": "es"},
    "keys": {"size": DESKTOP, "kind": "keys"},
    "keys-es": {"size": HANDHELD, "language": "es", "kind": "keys"},
    "plain": {"size": HANDHELD, "script": False, "kind": "plain"},
}
"""Screen and language, and how somebody presses and types there."""


def ways(*often: str, seldom: tuple[str, ...] = ()) -> pytest.MarkDecorator:
    """Let a test take each of these ways, the seldom ones only among the long tests."""
    rare = [pytest.param(WAYS[name], id=name, marks=pytest.mark.long) for name in seldom]
    return pytest.mark.parametrize("way", [*(pytest.param(WAYS[name], id=name) for name in often), *rare])


def hands_at(open_window: Callable[..., Window], who: str, way: dict[str, Any]) -> Hands:
    """Return somebody's hands at a new window, which has the language of the way from its first page on."""
    kind = KINDS[way.get("kind", "hands")]
    window = open_window(who, **{name: value for name, value in way.items() if name != "kind"})
    name = settings.LANGUAGE_COOKIE_NAME
    window.context.add_cookies([{"name": name, "value": window.language, "url": window.url}])
    return kind(window)
