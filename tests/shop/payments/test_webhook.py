"""Notices of the payment service are believed when they are signed, written down once, and never lost."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client, TestCase
from django.utils import timezone

from fusus_portal.ground.notifications.publishing import broker
from shop.orders.models.orders import ShopTask
from shop.payments.gateway import client
from shop.payments.gateway.answers import Notice
from shop.payments.models import GatewayEvent
from shop.payments.services import notices
from tests.peers.payments import PaymentPeer
from tests.shop.payments.paying import Bought, begin
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "ready")]

make_world = partial(ready_with, businesses=2)

ADDRESS = "/payments/webhook/"
DONE = "checkout.session.completed"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hand nothing to a worker; return what would have been."""
    handed: list[str] = []

    def offer(pk: object, *, task: str = "", **_how: object) -> bool:
        if task == notices.WORKER:
            handed.append(str(pk))
        return True

    monkeypatch.setattr(broker, "offer", offer)
    return handed


def tell(peer: PaymentPeer, event: str, **more: Any) -> int:
    """Send a webhook of an event as the peer signs it; return the status of the answer."""
    payload, signature = peer.signed(event, **more)
    return send(payload, signature)


def send(payload: bytes, signature: str) -> int:
    """Send a webhook; return the status of the answer."""
    headers = {"Stripe-Signature": signature}
    with TestCase.captureOnCommitCallbacks(execute=True):
        return Client().post(ADDRESS, payload, content_type="application/json", headers=headers).status_code


def paid(peer: PaymentPeer) -> tuple[Bought, str]:
    """Return an order that was paid at the peer, and the event that says so; the portal has not heard of it."""
    bought = begin()
    peer.pay(bought.attempt.session_id)
    (event,) = peer.events(DONE)
    return bought, event


def test_a_signed_message_is_written_down_before_the_answer_and_settles_the_order(
    payment_peer: PaymentPeer, no_worker: list[str]
) -> None:
    bought, event = paid(payment_peer)
    assert tell(payment_peer, event) == 200
    row = GatewayEvent.objects.get(pk=event)
    assert (row.kind, row.object_id, row.processed_at) == (DONE, bought.attempt.session_id, None)
    assert no_worker == [event]
    assert notices.work(pk=event)
    assert bought.state() == "paid"
    assert bought.captured() == payment_peer.charged()


def test_a_message_that_comes_five_times_is_one(payment_peer: PaymentPeer, no_worker: list[str]) -> None:
    bought, event = paid(payment_peer)
    assert [tell(payment_peer, event) for _ in range(5)] == [200] * 5
    assert no_worker == [event]
    assert notices.work(pk=event)
    assert not notices.work(pk=event)
    assert [tell(payment_peer, event) for _ in range(2)] == [200] * 2
    assert bought.captured() == payment_peer.charged()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda payload, header: (payload.replace(b"complete", b"COMPLETE"), header),
        lambda payload, header: (payload, ""),
        lambda payload, header: (payload, header.replace("v1=", "v0=")),
        lambda payload, header: (payload, header[:-4] + "0000"),
        lambda payload, header: (payload + b" ", header),
        lambda payload, header: (b"", header),
        lambda payload, header: (b"\xff\xfe", header),
    ],
)
def test_a_message_that_was_changed_is_refused_and_changes_nothing(
    payment_peer: PaymentPeer, spoil: Callable[[bytes, str], tuple[bytes, str]]
) -> None:
    bought, event = paid(payment_peer)
    assert send(*spoil(*payment_peer.signed(event))) == 400
    assert not GatewayEvent.objects.exists()
    assert bought.state() == "awaiting_payment"


@pytest.mark.parametrize("more", [{"wrong": True}, {"age": 301}, {"age": 86_400}])
def test_another_secret_and_an_overheard_message_are_refused(payment_peer: PaymentPeer, more: dict[str, Any]) -> None:
    _bought, event = paid(payment_peer)
    assert tell(payment_peer, event, **more) == 400
    assert not GatewayEvent.objects.exists()
    assert tell(payment_peer, event, age=200) == 200


def test_without_a_secret_nobody_is_believed(payment_peer: PaymentPeer, settings: LazySettings) -> None:
    _bought, event = paid(payment_peer)
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert tell(payment_peer, event) == 400


def test_a_payment_that_is_nobodys_is_one_task_however_it_is_told(payment_peer: PaymentPeer) -> None:
    order = begin().order
    # As if another portal had asked for it: no row of ours has this page or this attempt.
    page = client.make().create_session(
        key=order.pk,
        items=[("Something else", 900)],
        currency="usd",
        email="owner@store.example",
        language="en",
        return_to="http://localhost/",
        expires_at=timezone.now() + timedelta(hours=1),
        metadata={"order": "elsewhere", "attempt": str(order.pk)},
    )
    notices.follow(kind=DONE, object_id=page.id)
    assert not ShopTask.objects.exists()
    made = payment_peer.pay(page.id)
    notices.follow(kind=DONE, object_id=page.id)
    for event in payment_peer.events():
        tell(payment_peer, event)
    notices.work_all()
    found = [(task.about, task.facts) for task in ShopTask.objects.all()]
    assert found == [(made["payment_intent"], {"captured": 900})]


def test_only_posts_are_taken() -> None:
    assert Client().get(ADDRESS).status_code == 405


def test_a_machine_needs_no_cookie_and_its_answer_is_kept_nowhere(payment_peer: PaymentPeer) -> None:
    _bought, event = paid(payment_peer)
    payload, signature = payment_peer.signed(event)
    machine = Client(enforce_csrf_checks=True)
    answer = machine.post(ADDRESS, payload, content_type="application/json", headers={"Stripe-Signature": signature})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_a_message_of_megabytes_is_refused(payment_peer: PaymentPeer) -> None:
    assert send(b"x" * 3 * 1024**2, "t=1,v1=0") == 413


def test_what_can_not_be_written_down_is_not_answered_with_yes(
    payment_peer: PaymentPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bought, event = paid(payment_peer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    monkeypatch.setattr(GatewayEvent.objects, "get_or_create", _disk_full)
    client = Client(raise_request_exception=False)
    payload, signature = payment_peer.signed(event)
    answer = client.post(ADDRESS, payload, content_type="application/json", headers={"Stripe-Signature": signature})
    assert answer.status_code == 500


def _disk_full(*arguments: object, **named: object) -> None:
    raise OSError("no room")


def test_while_the_service_is_down_a_message_waits_and_is_tried_again(payment_peer: PaymentPeer) -> None:
    bought, event = paid(payment_peer)
    tell(payment_peer, event)
    payment_peer.fault("GET", "refuse", status=503, times=None)
    assert not notices.work(pk=event)
    row = GatewayEvent.objects.get(pk=event)
    assert (row.tries, row.processed_at, bought.state()) == (1, None, "awaiting_payment")
    assert notices.sweep() == 0, "its pause is not over"
    payment_peer.tell("mend")
    with time_machine.travel(row.received_at + timedelta(minutes=1), tick=False):
        assert notices.sweep() == 1
    assert bought.state() == "paid"


def test_what_no_worker_heard_of_is_found_by_the_sweep(payment_peer: PaymentPeer) -> None:
    bought, event = paid(payment_peer)
    tell(payment_peer, event)
    assert notices.sweep() == 1
    assert bought.state() == "paid"


def test_a_message_about_nothing_of_ours_is_done_with(payment_peer: PaymentPeer) -> None:
    for kind, pk in (("customer.created", "cus_1"), (DONE, "cs_test_gone"), ("payment_intent.succeeded", "pi_gone")):
        notice = Notice(id=f"evt_{pk}", kind=kind, object_id=pk, made_at=timezone.now())
        assert notices.receive(notice=notice)
        assert notices.work(pk=notice.id)
    assert not GatewayEvent.objects.filter(processed_at__isnull=True).exists()
