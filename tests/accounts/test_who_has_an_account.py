"""Nobody learns who has an account: not by the answer, the mails, the work with a password, or the time it takes."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit.log.actors import VISITOR
from fusus_portal.ground.access.requests import ATTRIBUTE
from fusus_portal.ground.accounts import views
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.accounts.urls import DOORS
from tests.access.addresses import addresses
from tests.people import PASSWORD, make_person, sign_in, unconfirmed_account

pytestmark = pytest.mark.django_db
Post = Callable[[str, dict[str, str]], HttpResponse]
NEW = "new@portal.example"
WRONG_ADDRESS = "wrong@portal.example"
WRONG = "quiet harbor nine candles"


@pytest.fixture
def known() -> list[str]:
    """Return addresses that have an account of every kind."""
    disabled = make_person("deputy", "disabled@agency.example")
    accounts.disable(account=disabled, by=VISITOR, why="administrators")
    locked = make_person("deputy", "locked@agency.example")
    User.objects.filter(pk=locked.pk).update(locked_at=locked.joined_at)
    made = [make_person("resident", "known@portal.example"), make_person("deputy", "dan@agency.example")]
    unconfirmed = unconfirmed_account("unconfirmed@portal.example")
    return [account.email for account in [*made, disabled, locked, unconfirmed]]


def sign_up(post: Post, email: str) -> HttpResponse:
    return post("account_signup", {"email": email, "role": "resident", "password1": WRONG})


def send_again(post: Post, email: str) -> HttpResponse:
    sign_up(post, email)
    cache.clear()  # a mail is sent again after a while
    mail.outbox.clear()
    return post("account_email_verification_sent", {"action": "resend"})


def type_code(post: Post, email: str) -> HttpResponse:
    sign_up(post, email)
    return post("account_email_verification_sent", {"code": "WRONG1"})


def change_the_address(post: Post, email: str) -> HttpResponse:
    sign_up(post, WRONG_ADDRESS)
    mail.outbox.clear()
    return post("account_other_address", {"email": email})


def change_it_back(post: Post, email: str) -> HttpResponse:
    sign_up(post, email)
    mail.outbox.clear()
    return post("account_other_address", {"email": WRONG_ADDRESS})


def reset(post: Post, email: str) -> HttpResponse:
    return post("account_reset_password", {"email": email})


def fail_to_sign_in(post: Post, email: str) -> HttpResponse:
    return post("account_login", {"login": email, "password": WRONG})


def change_to(post: Post, email: str) -> HttpResponse:
    return post("account_email", {"email": email, "action_add": ""})


@pytest.mark.parametrize(
    "act",
    [sign_up, send_again, type_code, change_the_address, change_it_back, reset, fail_to_sign_in, change_to],
    ids=lambda act: act.__name__,
)
def test_a_known_address_is_answered_with_the_same_work(
    act: Callable[[Post, str], HttpResponse],
    known: list[str],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    hashings: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str, *more: int) -> str:
        hashings.append(password)
        return encode(self, password, salt, *more)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    def seen(email: str) -> tuple[int, str, int, int]:
        cache.clear()
        mail.outbox.clear()
        asking = make_person("resident", f"asks.for.{email}") if act is change_to else None
        browser = sign_in(asking) if asking else Client()
        hashings.clear()

        def post(name: str, said: dict[str, str]) -> Any:
            with django_capture_on_commit_callbacks(execute=True):
                return browser.post(reverse(name), said)

        answer = act(post, email)
        return answer.status_code, answer.headers.get("Location", ""), len(hashings), len(mail.outbox)

    as_new = seen(NEW)
    assert {email: seen(email) for email in known} == dict.fromkeys(known, as_new)
    assert PASSWORD not in hashings


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_answers_at_even_times(name: str, monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.EVEN_ANSWER_SECONDS = 0.25  # type: ignore[attr-defined]
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    browser = sign_in(make_person("resident", NEW)) if name == "account_email" else Client()
    browser.post(reverse(name), {"email": "who@portal.example", "action_add": ""})
    [rest] = slept
    assert 0 < rest < 0.25


def test_every_page_where_an_address_is_typed_is_a_door() -> None:
    """Names of the addresses that anybody may post to, and that are neither a door nor about no address.

    Ours are marked where they are written.
    """
    without = {
        "account_logout",
        "account_inactive",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
    }
    pages = {
        each.name: each.view
        for each in addresses()
        if each.name.startswith("account_") and "allauth" in str(each.view.__module__)
    }
    assert set(pages) - without == set(DOORS)
    assert all(hasattr(pages[name], ATTRIBUTE) for name in DOORS)
    assert all(hasattr(view, ATTRIBUTE) for view in (views.other_address, views.start_again))
