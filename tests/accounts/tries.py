"""Who tries to sign in, from where."""

from itertools import count
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from redis import Redis

from fusus_portal.ground.accounts.models import User
from tests.people import PASSWORD

HOME, LIBRARY, ELSEWHERE = "198.51.100.7", "203.0.113.9", "192.0.2.44"
WRONG = "quiet harbor nine candles"
_hosts = count()


def browser_at(network: str) -> Client:
    """Return a browser that nobody has used, in a network."""
    return Client(REMOTE_ADDR=network)


def give_password(browser: Client, account: User | str, password: str = PASSWORD, **more: str) -> Any:
    """Send the sign-in page; return its answer. account: one, or an address."""
    email = account if isinstance(account, str) else account.email
    return browser.post(reverse("account_login"), {"login": email, "password": password, **more})


def is_signed_in(browser: Client) -> bool:
    """Return whether somebody is signed in in a browser."""
    return "_auth_user_id" in browser.session


def sign_out(browser: Client) -> None:
    """End the sign-in."""
    browser.post(reverse("account_logout"))
    assert not is_signed_in(browser)


def known_browser(email: str, network: str = HOME) -> Client:
    """Return a browser where somebody signed in and out again."""
    browser = browser_at(network)
    give_password(browser, email)
    assert is_signed_in(browser)
    sign_out(browser)
    return browser


def fail(email: str, times: int, network: str = "") -> list[HttpResponse]:
    """Give wrong passwords, each from a browser of its own; without a network each from another one."""
    return [give_password(browser_at(network or _another()), email, WRONG) for _try in range(times)]


def _another() -> str:
    number = next(_hosts)
    return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"


def wait(minutes: int) -> None:
    """Let so much time pass for everything that is counted."""
    server = Redis.from_url(settings.REDIS_URL)
    for place in server.scan_iter("limit:*"):
        server.expire(place, max(server.ttl(place) - 60 * minutes, 0))
