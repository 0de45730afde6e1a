"""Rows of sessions: made where something is kept, a bounded number for each network, deleted when they have ended."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as Away

from fusus_portal.ground.access import limits, session_rows
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.tasks import clear_sessions
from shop.orders.models.orders import Cart
from tests.access.addresses import MADE_UP, Address, addresses
from tests.factories import registrant_at
from tests.people import PASSWORD, make_person, sign_in
from tests.shop.orders import orders

pytestmark = pytest.mark.django_db
MOST = 3
KEEPS = {"system_use_notice"}
"""Addresses where a visitor's empty form makes a session: this browser acknowledged the system-use notice."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_rows, "NEW_SESSIONS", f"{MOST}/h")


def acknowledge(address: str = "203.0.113.7") -> tuple[int, str]:
    answer = Client(REMOTE_ADDR=address).post(reverse("system_use_notice"))
    return answer.status_code, answer.content.decode()


def path_of(address: Address) -> str:
    return reverse(address.name, kwargs={name: MADE_UP[kind] for name, kind in address.values.items()})


@pytest.mark.parametrize("method", ["post", pytest.param("get", marks=pytest.mark.long)])
def test_a_visitor_who_leaves_nothing_makes_no_row(method: str) -> None:
    makers = set()
    for address in addresses():
        if address.name and not address.route.startswith("demo/"):
            cache.clear()
            getattr(Client(), method)(path_of(address))
            if Session.objects.exists():
                makers.add(address.name)
                Session.objects.all().delete()
    assert makers == (KEEPS if method == "post" else set())


def test_a_network_makes_so_many_and_then_reads_why_not(few: None) -> None:
    assert [acknowledge()[0] for _number in range(MOST)] == [302] * MOST
    status, page = acknowledge()
    assert status == 429
    assert "Too many tries" in page
    assert Session.objects.count() == MOST
    assert acknowledge("203.0.113.8")[0] == 302


def test_one_network_of_many_ipv6_addresses_is_one(few: None) -> None:
    statuses = [acknowledge(f"2001:db8:1:2::{number}")[0] for number in range(MOST + 1)]
    assert statuses == [302] * MOST + [429]


def test_no_row_is_made_while_nobody_can_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> int:
        raise Away

    monkeypatch.setattr(limits, "_used", away)
    assert acknowledge()[0] == 503
    assert Session.objects.count() == 0


def test_beyond_it_no_cart_and_no_account_is_made_either(few: None) -> None:
    product = orders.product()
    for _number in range(MOST):
        acknowledge("127.0.0.1")
    answer = Client().post(reverse("product_add", args=[product.slug]), {"quantity": "1"})
    assert answer.status_code == 429
    assert not Cart.objects.exists()
    said = {"email": "new@portal.example", "role": "resident", "password1": "quiet harbor nine candles"}
    assert Client().post(reverse("account_signup"), said).status_code == 429
    assert not User.objects.filter(email=said["email"]).exists()
    assert mail.outbox == []
    assert Client().post(reverse("account_reset_password"), {"email": said["email"]}).status_code == 302


def test_somebody_who_has_one_goes_on_and_signs_in(few: None) -> None:
    person = make_person("resident", "rosa@portal.example")
    browser = Client()
    browser.post(reverse("system_use_notice"))
    for _number in range(MOST - 1):
        acknowledge("127.0.0.1")
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    answer = browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("profile")
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert Session.objects.count() == MOST


def test_a_person_with_the_password_signs_in_whatever_others_of_the_network_did(few: None) -> None:
    person = make_person("resident", "rosa@portal.example")
    for _number in range(MOST):
        acknowledge("127.0.0.1")
    answer = Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("profile")
    assert Client().post(reverse("account_login"), {"login": person.email, "password": "wrong"}).status_code == 200


def test_another_password_is_no_further_row(few: None) -> None:
    person = make_person("resident", "rosa@portal.example")
    browser = sign_in(person)
    for _number in range(MOST):
        acknowledge("127.0.0.1")
    another = "quiet harbor nine candles"
    said = {"oldpassword": PASSWORD, "password1": another, "password2": another}
    answer = browser.post(reverse("account_change_password"), said)
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password(another)


def test_an_owner_who_leaves_reads_what_is_kept_whatever_others_of_the_network_did(few: None) -> None:
    browser = sign_in(registrant_at(user=make_person("resident", "rosa@portal.example")).user)
    for _number in range(MOST):
        acknowledge("127.0.0.1")
    answer = browser.post(reverse("leave"), follow=True)
    assert answer.redirect_chain == [(reverse("left"), 302)]
    assert answer.status_code == 200


def test_what_has_ended_is_deleted_every_hour() -> None:
    acknowledge()
    clear_sessions()
    assert Session.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        acknowledge()
        clear_sessions()
    assert Session.objects.count() == 1
    [planned] = [each for each in settings.CELERY_BEAT_SCHEDULE.values() if each["task"] == clear_sessions.name]
    assert planned["schedule"] <= 3600
