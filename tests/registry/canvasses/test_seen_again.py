"""A canvass that is opened again and again: what the log says, what its owner reads, and when."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditSighting
from audit.log.sightings import settle_hours
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.services import accounts
from registry.access_log import selectors as access_log
from registry.canvasses.models import Canvass
from registry.registrants.models import Registrant
from tests.factories import canvass_at
from tests.people import sign_in
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def canvass(deputy: User) -> Canvass:
    return canvass_at("sent", by=deputy)


def opened(canvass: Canvass, browser: Client, times: int, **headers: str) -> None:
    for _time in range(times):
        assert browser.get(reverse("canvass", args=[canvass.pk]), **headers).status_code == 200  # type: ignore[arg-type]


def counts() -> list[int]:
    return [int(entry.facts.get("count", 1)) for entry in entries_of(Event.CAMERA_SHOWN)]


def test_the_owner_reads_how_often(canvass: Canvass, deputy: User) -> None:
    browser, before = sign_in(deputy), len(counts())
    opened(canvass, browser, 5)
    assert counts()[before:] == [1, 1]
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert settle_hours() == 1
    assert counts()[before:] == [1, 1, 3]
    registrant = Registrant.objects.get()
    page = sign_in(registrant.user).get(reverse("looks")).content.decode()
    assert "seen 3 more times in the hour from" in page
    month = timezone.localdate().replace(day=1)
    assert access_log.count_month(registrant, month)["looks"] == before + 5


def test_two_sign_ins_are_counted_apart(canvass: Canvass, deputy: User) -> None:
    before = len(counts())
    for _each in range(2):
        opened(canvass, sign_in(deputy), 2)
    assert counts()[before:] == [1, 1, 1, 1]


def test_two_networks_are_counted_apart(canvass: Canvass, deputy: User) -> None:
    browser, before = sign_in(deputy), len(counts())
    for address in ("192.0.2.1", "192.0.2.2"):
        opened(canvass, browser, 2, REMOTE_ADDR=address)
    assert counts()[before:] == [1, 1, 1, 1]


def test_signing_out_writes_what_waits(canvass: Canvass, deputy: User) -> None:
    browser, before = sign_in(deputy), len(counts())
    opened(canvass, browser, 4)
    browser.post(reverse("account_logout"))
    assert counts()[before:] == [1, 1, 2]
    assert not AuditSighting.objects.exists()


def test_the_end_of_an_account_writes_what_waits(canvass: Canvass, deputy: User) -> None:
    browser, before = sign_in(deputy), len(counts())
    opened(canvass, browser, 4)
    with transaction.atomic():
        accounts.disable(account=deputy, by=task_actor("test"), why="left")
    assert counts()[before:] == [1, 1, 2]


def test_an_address_whose_count_can_not_be_kept_is_not_shown(canvass: Canvass, deputy: User) -> None:
    browser = sign_in(deputy)
    opened(canvass, browser, 2)
    browser.raise_request_exception = False

    def refuse(execute: Any, sql: str, *arguments: Any) -> Any:
        if "audit_sighting" in sql:
            raise DatabaseError("no room")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        answer = browser.get(reverse("canvass", args=[canvass.pk]))
    assert answer.status_code == 500
    assert "600 20th Street North" not in answer.content.decode()
