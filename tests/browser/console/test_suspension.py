"""A stolen account: one administrator suspends it, the deputy is out, and a second confirms it, or a day passes."""

import pytest
from django.urls import reverse

from fusus_portal.ground.accounts.models import Suspension, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import suspensions
from fusus_portal.ground.accounts.tasks import SUSPENSION_ROUND
from tests.accounts.codes import app_code
from tests.accounts.suspending import REASON
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.people import make_person

pytestmark = pytest.mark.browser

NEW_PASSWORD = "nine herons on a cold levee"


@pytest.fixture
def ada(portal_db: Clone) -> User:
    """Return the administrator who hears of it first."""
    return make_person(Role.ADMINISTRATOR, "ada@sheriff.example", name="Ada Moss")


@pytest.fixture
def ben(portal_db: Clone) -> User:
    """Return another administrator."""
    return make_person(Role.ADMINISTRATOR, "ben@sheriff.example", name="Ben Ortiz")


def test_one_suspends_and_a_second_confirms(
    open_window: OpenWindow, mailbox: Mailbox, deputy: User, ada: User, ben: User
) -> None:
    auditor = make_person(Role.AUDITOR, "ines@sheriff.example")
    desk, hers, his, log = (open_window(who) for who in ("deputy", "ada", "ben", "auditor"))
    desk.is_signed_in_as(deputy)
    desk.open("/console/")
    when_one_administrator_suspends(hers, ada, deputy)
    then_the_deputy_is_out(desk)
    for each in (ada, ben, auditor):
        mailbox.wait_for(each.email, rf"{deputy.pseudonym} is suspended|{ada.pseudonym} suspended this account")
    log.is_signed_in_as(auditor)
    log.open("/console/")
    log.reads(deputy.pseudonym)
    then_the_one_who_suspended_cannot_confirm(hers)
    when_another_confirms(his, ben, mailbox)
    assert Suspension.objects.get().state == "confirmed"


def test_nobody_confirms_and_the_deputy_comes_back_with_a_new_password(
    open_window: OpenWindow, mailbox: Mailbox, deputy: User, ada: User
) -> None:
    desk, hers = open_window("deputy"), open_window("ada")
    desk.is_signed_in_as(deputy)
    desk.open("/console/")
    when_one_administrator_suspends(hers, ada, deputy)
    then_the_deputy_is_out(desk)
    suspensions.end_due(now=Suspension.objects.get().expires_at, by=SUSPENSION_ROUND)
    link = mailbox.wait_for(deputy.email, r"https?://\S+/password/reset/")
    when_the_deputy_chooses_a_new_password(desk, mailbox, deputy, link)
    then_the_deputy_sets_up_a_code_app(desk, deputy)


def when_one_administrator_suspends(window: Window, by: User, account: User) -> None:
    window.is_signed_in_as(by)
    window.open(reverse("people"))
    window.arrives("People and roles")
    window.follow(account.name)
    window.arrives(account.name)
    window.follow("Suspend the account")
    window.arrives("Suspend the account")
    window.press("Suspend now")
    window.fill("Reason", " ")
    window.press("Suspend now")
    window.reads("Fill in “Reason”.")
    window.fill("Reason", REASON)
    window.press("Suspend now")
    window.arrives("People and roles")
    window.reads("Suspended. Ask another administrator to confirm it within a day.")


def then_the_deputy_is_out(window: Window) -> None:
    window.follow("New incident")
    window.arrives("This is a restricted system")


def then_the_one_who_suspended_cannot_confirm(window: Window) -> None:
    window.reads("You suspended this account, so another administrator must confirm it.")
    assert window.button("Confirm it").is_disabled()


def when_another_confirms(window: Window, by: User, mailbox: Mailbox) -> None:
    window.is_signed_in_as(by)
    window.open(mailbox.wait_for(by.email, r"https?://\S+/people/"))
    window.reads(REASON)
    window.press("Confirm it")
    window.arrives("People and roles")
    window.reads("Confirmed. The account stays disabled until two administrators enable it.")


def when_the_deputy_chooses_a_new_password(window: Window, mailbox: Mailbox, deputy: User, link: str) -> None:
    window.open(link)
    window.arrives("Choose a new password")
    window.page.locator("input[type=email]").fill(deputy.email)
    window.press("Send the link")
    window.arrives("Check your e-mail")
    window.open(mailbox.wait_for(deputy.email, r"https?://[^/\s]+(/\S*/password/reset/key/\S+)"))
    window.arrives("Choose a new password")
    for name in ("password1", "password2"):
        window.page.locator(f"input[name={name}]").fill(NEW_PASSWORD)
    window.press("Save the password")
    window.arrives("Your password is changed")


def then_the_deputy_sets_up_a_code_app(window: Window, deputy: User) -> None:
    window.follow("Sign in")
    window.page.locator("input[type=email]").fill(deputy.email)
    window.page.locator("input[type=password]").fill(NEW_PASSWORD)
    window.press("Sign in")
    window.arrives("Passkeys and code apps")
    window.follow("Set up a code app")
    window.arrives("Set up a code app")
    window.page.locator("input[name=code]").fill(app_code(window.page.locator("code").inner_text()))
    window.press("Set it up")
    window.arrives("Recovery codes")
    window.open("/console/")
    window.arrives("This is a restricted system")
    window.press("I have read this and agree")
    window.arrives("What waits for you")
