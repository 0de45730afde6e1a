"""A browser window of one person: what they read, press and type. Labels are looked up in the person's language."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, Response, expect

from fusus_portal.ground.accounts.models import User
from tests.browser import accessibility
from tests.browser.sizes import NARROWEST, Size
from tests.people import sign_in

PICTURES = os.environ.get("PICTURES", "")
"""A directory; when it is set, every page that is looked at is also drawn into it."""

PATIENCE_MS = 15_000
STATUS = re.compile(r"responded with a status of (\d+)")


class Window:
    """One window with cookies of its own. problems: what no page may do, in the order it happened.

    dark: this person asks for dark pages. statuses: of each answer, with its path. may_answer: statuses of refusals
    that a test provokes. may_go: hosts and ports of other sites that a test leads to.
    """

    def __init__(
        self, browser: Browser, url: str, *, who: str, size: Size, language: str, script: bool, dark: bool = False
    ) -> None:
        self.url, self.who, self.size, self.language, self.script = url, who, size, language, script
        self.problems: list[str] = []
        self.statuses: list[tuple[int, str]] = []
        self.may_answer: set[int] = set()
        self.may_go: set[str] = set()
        self._pictures = 0
        self.context = browser.new_context(
            viewport={"width": size.width, "height": size.height},
            has_touch=size.touch,
            is_mobile=size.touch,
            locale={"en": "en-US", "es": "es-US"}[language],
            java_script_enabled=script,
            reduced_motion="reduce",
            color_scheme="dark" if dark else "light",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        self.context.on("request", self._on_request)
        self.context.on("response", self._on_response)
        self.page = self.context.new_page()

    def says(self, words: str, **filled: object) -> str:
        """Return the words as this person reads them."""
        with translation.override(self.language):
            found = gettext(words)
        return found % filled if filled else found

    def is_signed_in_as(self, account: User) -> SessionBase:
        """Take the place of somebody who signed in just now; return what the portal keeps of that."""
        session = sign_in(account).session
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": self.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]
        return session

    def open(self, address: str) -> None:
        """Go to an address of the portal."""
        self.page.goto(address if "://" in address else self.url + address)

    def arrives(self, heading: str | re.Pattern[str]) -> None:
        """Wait for the page with this heading, and look at it: axe finds nothing, nothing is cut off."""
        self.comes_to(heading)
        self.looks()

    def comes_to(self, heading: str | re.Pattern[str]) -> None:
        """Wait for the page with this heading, which is looked at elsewhere."""
        expected = heading if isinstance(heading, re.Pattern) else self.says(heading)
        expect(self.page.locator("h1")).to_contain_text(expected, timeout=PATIENCE_MS)

    def looks(self, part: str = "html") -> None:
        """Look at the page as it is now. axe is a script itself: without any, only pictures are made.

        part: what axe reads, where something lies over the rest.
        """
        self.page.wait_for_load_state("load")
        if PICTURES:
            self._draw()
        if self.script:
            accessibility.check(self.page, part)
        else:
            accessibility.check_width(self.page)
        if self.size.touch:
            self.resize(NARROWEST)
            accessibility.check_width(self.page)
            self.resize(self.size)

    def button(self, words: str, *, whole: bool = True) -> Locator:
        """Return the button with these words."""
        return self.page.get_by_role("button", name=self.says(words), exact=whole)

    def link(self, words: str) -> Locator:
        """Return the link with these words."""
        return self.page.get_by_role("link", name=self.says(words), exact=True)

    def press(self, words: str) -> None:
        """Press a button."""
        self.button(words).first.click()

    def follow(self, words: str) -> None:
        """Follow a link of the page's own part."""
        self.page.locator("main").get_by_role("link", name=self.says(words), exact=True).first.click()

    def unfolds(self, words: str) -> None:
        """Open the fold with these words, by keyboard."""
        self.page.locator("main details:not([open]) > summary", has_text=self.says(words)).first.press("Enter")

    def fill(self, label: str, value: str) -> None:
        """Type into a field."""
        self.page.get_by_label(self.says(label), exact=True).fill(value)

    def reads(self, words: str) -> None:
        """Wait until these words can be read in the page's own part."""
        expect(self.page.locator("main")).to_contain_text(self.says(words), timeout=PATIENCE_MS)

    def text(self) -> str:
        """Return what the page's own part says."""
        return self.page.locator("main").inner_text()

    def close(self) -> None:
        """Close the window and forget its cookies."""
        self.context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        refused = STATUS.search(message.text)
        if refused and int(refused[1]) in self.may_answer:
            return
        if message.type in {"error", "warning"}:
            self.problems.append(f"console: {message.text} {message.location['url']}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc not in {urlsplit(self.url).netloc, *self.may_go}:
            self.problems.append(f"elsewhere: {request.url}")

    def _on_response(self, response: Response) -> None:
        self.statuses.append((response.status, urlsplit(response.url).path))
        if response.status >= 500:
            self.problems.append(f"{response.status}: {response.url}")

    def resize(self, size: Size) -> None:
        """Make the window as wide and high as this screen."""
        self.page.set_viewport_size({"width": size.width, "height": size.height})

    def _draw(self) -> None:
        self._pictures += 1
        test = re.split(r"::|\[| ", os.environ.get("PYTEST_CURRENT_TEST", ""))[1]
        folder = Path(PICTURES) / f"{self.size.name}-{self.language}"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{test}-{self.who}-{self._pictures:02}.png", full_page=True)
