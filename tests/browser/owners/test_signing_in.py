"""While strangers try passwords for an account, its owner signs in by keyboard: with a mailed code, then without."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect
from redis import Redis

from fusus_portal.ground.accounts.sign_in import tries
from tests.browser.conftest import OpenWindow
from tests.browser.hands import Keys
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import DESKTOP, HANDHELD, TABLET, Size
from tests.browser.window import Window
from tests.factories import registrant_at
from tests.peers.portal import Portal
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
NEW = "ten green bottles on a wall"
PROFILE = "**/profile/"


@pytest.mark.parametrize(
    ("size", "language"),
    [
        pytest.param(HANDHELD, "en", id="390"),
        pytest.param(TABLET, "es", id="820-es", marks=pytest.mark.long),
        pytest.param(DESKTOP, "en", id="1280", marks=pytest.mark.long),
    ],
)
def test_an_owner_signs_in_while_strangers_try(
    size: Size, language: str, open_window: OpenWindow, web: Portal, mailbox: Mailbox
) -> None:
    owner = registrant_at(language=language).user
    strangers_try(web, owner.email)
    window = open_window("owner", size=size, language=language)
    window.open("/")  # where the language is this person's
    language_of(window)
    signs_in(window, owner.email, PASSWORD)
    types_the_code(window, mailbox.code_for(owner.email))
    window.page.wait_for_url(PROFILE)
    [kept] = [each for each in window.context.cookies() if each["name"] == tries.COOKIE]
    assert (kept["httpOnly"], kept["sameSite"], kept["path"]) == (True, "Lax", reverse("account"))
    window.open(reverse("account_logout"))
    window.press("Sign out")
    signs_in(window, owner.email, PASSWORD)
    window.page.wait_for_url(PROFILE)


def test_an_owner_who_forgot_the_password_chooses_another_while_strangers_try(
    open_window: OpenWindow, web: Portal, mailbox: Mailbox
) -> None:
    owner = registrant_at().user
    strangers_try(web, owner.email)
    window = open_window("owner", size=HANDHELD)
    keys = Keys(window)
    signs_in(window, owner.email, "not the right one")
    window.arrives("Type the code from your e-mail")
    keys.follows("Choose a new password")
    window.arrives("Choose a new password")
    keys.fills("E-mail address", owner.email)
    keys.presses("Send the link")
    window.arrives("Check your e-mail")
    window.open(mailbox.wait_for(owner.email, r"https?://[^/\s]+(/\S*/password/reset/key/\S+)"))
    window.arrives("Choose a new password")
    for label in ("New Password", "New Password (again)"):
        keys.fills(label, NEW)
    keys.presses("Save the password")
    window.arrives("Your password is changed")
    signs_in(window, owner.email, NEW)
    window.page.wait_for_url(PROFILE)


def strangers_try(web: Portal, email: str) -> None:
    """Let an account have a hundred failures today, from wherever."""
    with Redis.from_url(web.queue.url) as server:
        name, _rate, key = tries.of_a_day(tries.digest_of(email))
        server.set(f"limit:{name}:{key}", 100, ex=60 * 60)


def language_of(window: Window) -> None:
    """Let the window have its language from the next page on."""
    name = settings.LANGUAGE_COOKIE_NAME
    window.context.add_cookies([{"name": name, "value": window.language, "url": window.url}])


def signs_in(window: Window, email: str, password: str) -> None:
    """Fill in the page of the sign-in by keys."""
    keys = Keys(window)
    window.open(reverse("account_login"))
    window.arrives("Sign in")
    keys.fills("E-mail address", email)
    keys.fills("Password", password)
    keys.presses("Sign in")


def types_the_code(window: Window, code: str) -> None:
    """Type the code; the cursor is in its field."""
    window.arrives("Type the code from your e-mail")
    expect(window.page.locator("input[name=code]")).to_be_focused()
    window.page.keyboard.type(code)
    window.page.keyboard.press("Enter")
