"""An address that is wrong, or has an account already, is no dead end while somebody signs up."""

from typing import Final

import pytest
from django.conf import settings
from playwright.sync_api import expect

from fusus_portal.ground.accounts.models import User
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import HANDHELD
from tests.browser.window import Window
from tests.factories import registrant_at
from tests.people import PASSWORD

pytestmark = pytest.mark.browser

WRONG: Final = "ana@poeple.example"
RIGHT: Final = "ana@people.example"
CODE_PAGE: Final = "Type the code from your e-mail"


def signs_up(window: Window, email: str) -> str:
    """Ask for an account of a business; return what the page of the code says, without the address."""
    window.open("/account/signup/")
    window.arrives("Create an account")
    window.page.get_by_text("A business or other organization").click()
    window.page.locator("[name=email]").fill(email)
    window.page.locator("[name=password1]").fill(PASSWORD)
    window.press("Continue")
    window.arrives(CODE_PAGE)
    return window.text().replace(email, "")


def changes_to(window: Window, email: str) -> str:
    """Correct the address; return what the page of the code says, without the address."""
    window.follow("Change it")
    window.arrives("Change your e-mail address")
    window.page.locator("[name=email]").fill(email)
    window.press("Continue")
    window.arrives(CODE_PAGE)
    return window.text().replace(email, "")


def types_the_code(window: Window, code: str) -> None:
    window.page.locator("input[name=code]").fill(code)
    window.press("Continue")
    window.arrives("How can we reach you?")


def test_a_wrong_address_is_changed_and_the_rest_stays(open_window: OpenWindow, mailbox: Mailbox) -> None:
    window = open_window("business", size=HANDHELD)
    page = signs_up(window, WRONG)
    minutes = settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60
    assert f"The code works for {minutes} minutes." in page
    assert f"It works for {minutes} minutes." in mailbox.wait_for(WRONG, r"It works for .* minutes\.")
    window.follow("Change it")
    expect(window.page.locator("[name=email]")).to_have_value(WRONG)
    window.page.go_back()
    changes_to(window, RIGHT)
    types_the_code(window, mailbox.code_for(RIGHT))
    account = User.objects.get()
    assert (account.email, account.role) == (RIGHT, "business")
    assert account.check_password(PASSWORD)


def test_a_used_address_has_the_same_pages_and_its_owner_a_mail(open_window: OpenWindow, mailbox: Mailbox) -> None:
    used = registrant_at().user
    assert used is not None
    window = open_window("business", size=HANDHELD)
    as_used = signs_up(window, used.email)
    assert "one already" in mailbox.wait_for(used.email, r"You have one already, so no second one was made")
    as_new = changes_to(window, RIGHT)
    assert as_new == as_used
    types_the_code(window, mailbox.code_for(RIGHT))
    assert User.objects.get(email=RIGHT).check_password(PASSWORD)
    assert not User.objects.get(pk=used.pk).check_password("")


def test_start_again_starts_again(open_window: OpenWindow, mailbox: Mailbox) -> None:
    window = open_window("business", size=HANDHELD)
    signs_up(window, WRONG)
    window.press("Start again")
    window.arrives("Create an account")
    window.reads("Step 1 of 5")
    expect(window.page.locator("[name=email]")).to_have_value("")
    assert not User.objects.exists()
    signs_up(window, RIGHT)
    types_the_code(window, mailbox.code_for(RIGHT))


def test_back_to_a_form_that_was_corrected_shows_the_form(open_window: OpenWindow, mailbox: Mailbox) -> None:
    window = open_window("business", size=HANDHELD)
    signs_up(window, RIGHT)
    types_the_code(window, mailbox.code_for(RIGHT))
    window.page.locator("[name=name]").fill("Ana Rivera")
    window.page.locator("[name=phone]").fill("12345")
    window.press("Continue")
    window.reads("A phone number has ten digits, for example 205-555-0100.")
    window.page.locator("[name=phone]").fill("205-555-0117")
    window.press("Continue")
    window.arrives("Where are your cameras?")
    window.page.go_back()
    window.arrives("How can we reach you?")
    expect(window.page.get_by_role("alert")).to_have_count(0)
