"""Pages that anybody can open, in both languages: at the desk, on phones down to the narrowest, in large print."""

import pytest
from django.urls import reverse

from tests.browser import accessibility
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, NARROWEST, PHONE
from tests.browser.window import Window

pytestmark = pytest.mark.browser

PAGES = [
    "home",
    "how_it_works",
    "faq",
    "transparency",
    "shop",
    "register",
    "account_signup",
    "account_login",
    "account_reset_password",
]
LARGE_PRINT = "() => { document.documentElement.style.fontSize = '200%' }"


def views(window: Window, page: str) -> str:
    """Look at a page in all its sizes; return its heading."""
    window.open(reverse(page))
    window.looks()
    for size in (PHONE, NARROWEST):
        window.resize(size)
        accessibility.check_width(window.page)
    window.resize(DESKTOP)
    window.page.evaluate(LARGE_PRINT)
    accessibility.check_width(window.page)
    return window.page.locator("h1").inner_text()


@pytest.mark.long
def test_everybody_can_read_them_in_their_language(open_window: OpenWindow) -> None:
    english, spanish = open_window("visitor"), open_window("visitor", language="es")
    for page in PAGES:
        assert views(english, page) != views(spanish, page)
        assert spanish.page.locator("html").get_attribute("lang") == "es"
        assert english.page.locator("html").get_attribute("lang") == "en"


def test_the_language_is_switched_on_the_page(open_window: OpenWindow) -> None:
    window = open_window("visitor", size=PHONE)
    window.open(reverse("faq"))
    window.page.get_by_role("button", name="Español").click()
    window.language = "es"
    window.arrives("Questions")
    assert window.page.url.endswith(reverse("faq"))
    window.open(reverse("home"))
    window.arrives("You register your camera. You decide what we ever see.")
