"""The client of the payment service says what is known and what is not, and asks each thing once."""

import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from shop.payments.gateway import answers, client
from shop.payments.gateway.answers import (
    Failed,
    GatewayFault,
    IntentStatus,
    Missing,
    RefundStatus,
    SavedCard,
    Session,
    SessionStatus,
    Unknown,
)
from tests.peers.payments import ASKS, DECLINED, KEY, PAID, PaymentPeer

ITEMS = [("2 x CORE for 4 cameras", 70_000), ("Sales tax", 2_800)]
TOTAL = 72_800
PAGE: dict[str, Any] = {
    "email": "owner@store.example",
    "language": "en",
    "return_to": "http://x",
    "metadata": {},
}


def open_page(key: uuid.UUID | None = None, **more: object) -> Session:
    """Make a payment page."""
    key = key or uuid.uuid4()
    told: dict[str, object] = {
        "key": key,
        "items": ITEMS,
        "currency": "usd",
        "email": "owner@store.example",
        "language": "es",
        "return_to": "http://localhost/done/",
        "expires_at": datetime.now(UTC) + timedelta(minutes=60),
        "metadata": {"order": "order-1", "attempt": str(key)},
        **more,
    }
    return client.make().create_session(**told)  # type: ignore[arg-type]


def paid_intent(peer: PaymentPeer) -> str:
    """Return the id of a payment of TOTAL."""
    page = open_page()
    peer.pay(page.id)
    return client.make().retrieve_session(session_id=page.id).intent_id


def test_a_page_is_opened_paid_and_read_back_to_the_cent(payment_peer: PaymentPeer) -> None:
    key = uuid.uuid4()
    page = open_page(key, save_card=True)
    assert (page.status, page.paid, page.amount, page.currency) == (SessionStatus.OPEN, False, TOTAL, "usd")
    assert page.url.startswith(payment_peer.url)
    payment_peer.pay(page.id)
    found = client.make().retrieve_session(session_id=page.id)
    assert (found.status, found.paid, found.url) == (SessionStatus.COMPLETE, True, page.url)
    assert found.metadata == {"order": "order-1", "attempt": str(key)}
    [shown] = [each for each in payment_peer.state()["sessions"] if each["id"] == page.id]
    assert shown["client_reference_id"] == "order-1"
    intent = client.make().retrieve_intent(intent_id=found.intent_id)
    assert (intent.status, intent.amount, intent.captured) == (IntentStatus.SUCCEEDED, TOTAL, TOTAL)
    assert intent.metadata["attempt"] == str(key)
    assert (intent.customer, intent.customer) == (found.customer, found.customer)
    assert intent.method.startswith("pm_")
    assert found.card == intent.card == SavedCard("visa", "4242")


@pytest.mark.parametrize(
    "method",
    [
        None,
        "pm_1",
        {"id": "pm_1", "type": "us_bank_account"},
        {"id": "pm_1", "card": {"brand": "visa", "last4": None}},
        {"id": "pm_1", "card": {"brand": "<b>", "last4": "4242"}},
        {"id": "pm_1", "card": {"brand": "visa", "last4": "42424"}},
    ],
)
def test_a_card_that_is_not_told_right_is_not_told(method: object) -> None:
    assert answers.card(method) == SavedCard()


def test_each_order_that_makes_or_moves_something_bears_the_id_of_its_row(payment_peer: PaymentPeer) -> None:
    keys = [uuid.uuid4() for _ in range(4)]
    page = open_page(keys[0])
    payment_peer.pay(page.id)
    paid = client.make().retrieve_session(session_id=page.id)
    card = payment_peer.tell("card", number=PAID, customer=paid.customer)
    made = client.make().create_intent(
        key=keys[1], amount=100, currency="usd", customer=paid.customer, method=card["payment_method"], metadata={}
    )
    client.make().confirm_intent(intent_id=made.id, key=keys[1])
    client.make().create_refund(key=keys[2], intent_id=paid.intent_id, amount=1, metadata={"refund": str(keys[2])})
    client.make().create_setup_session(key=keys[3], customer=paid.customer, **PAGE)
    posted = [key for method, _path, key in payment_peer.state()["requests"] if method == "POST"]
    assert posted == [str(keys[0]), str(keys[1]), f"{keys[1]}-confirm", str(keys[2]), str(keys[3])]


def test_a_page_ends_when_it_is_told_to_and_only_while_it_is_open(payment_peer: PaymentPeer) -> None:
    page = open_page()
    assert client.make().expire_session(session_id=page.id).status == SessionStatus.EXPIRED
    with pytest.raises(Failed):
        client.make().expire_session(session_id=page.id)
    assert "declined" not in payment_peer.state()


def test_another_card_is_kept_for_later(payment_peer: PaymentPeer) -> None:
    page = open_page(save_card=True)
    payment_peer.pay(page.id)
    customer = client.make().retrieve_session(session_id=page.id).customer
    setup = client.make().create_setup_session(key=uuid.uuid4(), customer=customer, **PAGE)
    assert (setup.amount, setup.setup_method) == (None, "")
    payment_peer.pay(setup.id, ASKS)
    done = client.make().retrieve_session(session_id=setup.id)
    assert done.setup_method.startswith("pm_")
    assert (done.paid, done.amount, done.customer) == (False, None, customer)


@pytest.mark.parametrize(("number", "code"), [(DECLINED, "generic_decline"), (ASKS, "authentication_required")])
def test_a_card_is_declined_in_its_owners_absence(payment_peer: PaymentPeer, number: str, code: str) -> None:
    card = payment_peer.tell("card", number=number)
    key = uuid.uuid4()
    made = client.make().create_intent(
        key=key,
        amount=15_000,
        currency="usd",
        customer=card["customer"],
        method=card["payment_method"],
        metadata={"term": "t"},
    )
    assert made.status == IntentStatus.NEW
    with pytest.raises(Failed) as refused:
        client.make().confirm_intent(intent_id=made.id, key=key)
    assert refused.value.code == code
    found = client.make().retrieve_intent(intent_id=made.id)
    assert (found.status, found.captured) == (IntentStatus.FAILED, 0)
    assert found.failure


def test_every_refund_of_a_payment_is_found_however_many_pages(payment_peer: PaymentPeer) -> None:
    intent, other = paid_intent(payment_peer), paid_intent(payment_peer)
    for number in range(103):
        payment_peer.tell("refund", payment_intent=intent, amount=1, metadata={"refund": str(number)})
    payment_peer.tell("refund", payment_intent=other, amount=1)
    found = client.make().list_refunds(intent_id=intent)
    assert {one.metadata["refund"] for one in found} == {str(number) for number in range(103)}
    assert len(found) == 103


def test_a_refund_says_what_the_bank_made_of_it(payment_peer: PaymentPeer) -> None:
    intent = paid_intent(payment_peer)
    made = client.make().create_refund(key=uuid.uuid4(), intent_id=intent, amount=5, metadata={})
    assert (made.status, made.amount, made.intent_id) == (RefundStatus.SUCCEEDED, 5, intent)
    for status in RefundStatus:
        turned = "canceled" if status == RefundStatus.CANCELLED else status.value
        payment_peer.tell("turn", refund=made.id, status=turned, reason="expired_or_canceled_card")
        found = client.make().retrieve_refund(refund_id=made.id)
        assert (found.status, found.failure) == (status, "expired_or_canceled_card")


@pytest.mark.parametrize("kind", ["cut", "lose", "error", "refuse"])
def test_without_an_answer_nothing_is_known_and_nothing_is_asked_again(payment_peer: PaymentPeer, kind: str) -> None:
    payment_peer.fault("POST", kind, times=None)
    with pytest.raises(Unknown):
        open_page()
    assert len(payment_peer.state()["requests"]) == 1


def test_a_late_answer_is_no_answer(payment_peer: PaymentPeer, settings: LazySettings) -> None:
    settings.STRIPE_TIMEOUT_SECONDS = 0.2
    payment_peer.fault("POST", "keep")
    began = time.monotonic()
    with pytest.raises(Unknown):
        open_page()
    assert time.monotonic() - began < 5
    payment_peer.tell("release")


def test_nobody_listens(settings: LazySettings) -> None:
    settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY = "http://127.0.0.1:9", KEY
    with pytest.raises(Unknown):
        client.make().retrieve_session(session_id="cs_test_x")


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Failed), (404, Missing), (401, Unknown), (403, Unknown), (409, Unknown), (429, Unknown)],
)
def test_what_the_service_refuses_was_not_done_and_what_it_does_not_answer_is_tried_again(
    payment_peer: PaymentPeer, status: int, error: type[GatewayFault]
) -> None:
    payment_peer.fault("POST", "refuse", status=status)
    with pytest.raises(error) as refused:
        open_page()
    assert type(refused.value) is error


def test_an_object_that_is_not_there_is_missing(payment_peer: PaymentPeer) -> None:
    with pytest.raises(Missing):
        client.make().retrieve_session(session_id="cs_test_nowhere")
    with pytest.raises(Missing):
        client.make().retrieve_refund(refund_id="re_nowhere")


def test_no_fault_carries_a_text_of_the_service(payment_peer: PaymentPeer) -> None:
    payment_peer.fault("POST", "refuse", status=401)
    with pytest.raises(Unknown) as refused:
        open_page()
    assert "Something went wrong" not in str(refused.value)
    assert KEY not in repr(refused.value)
