"""A further year is charged at the payment peer, without its owner: once, whatever fails, dies or is asked twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from integration.cores.models import Core
from shop.books import services as books
from shop.connections.models import CardOnFile
from shop.connections.services import cards, subscriptions
from shop.orders.models.orders import Order, ShopTask
from shop.payments.gateway import client
from shop.payments.models import Payment, PaymentAttempt
from shop.payments.services import notices
from tests.database.clone import Clone
from tests.integration.cores.devices import business_at, owner_of
from tests.peers.payments import ASKS, DECLINED, PAID, PaymentPeer
from tests.registry.test_races import at_once
from tests.shop.connections.renewed import announced, of, on_day, work
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK
from tests.shop.payments import paying
from tests.shop.payments.test_kill import Killer, Point, acting, killer, long_run
from tests.shop.returns.returned import core_of, published

__all__ = ["acting", "killer"]

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = 16_500
FIRST = orders.PRICE * 11 // 10


def bought_at(peer: PaymentPeer, number: str = PAID) -> Core:
    """Return a CORE that was paid by a card at the peer; it is the one that later years are charged to."""
    published()
    bought = paying.begin(orders.product(), owner=business_at())
    peer.pay(bought.attempt.session_id)
    bought.settle()
    core = core_of(bought.order)
    if number != PAID:
        leave(core, peer, number)
    return core


def leave(core: Core, peer: PaymentPeer, number: str) -> None:
    """Use another card on a page of the peer."""
    owner = of(core).registrant
    assert owner is not None
    change = cards.begin_change(registrant=owner, by=owner_of(core), return_to=BACK)
    peer.pay(change.session_id, number)
    cards.settle_change(change=change)


def charged(peer: PaymentPeer) -> int:
    """Return what the peer took for further years."""
    return peer.charged() - FIRST


def captured(order: Order) -> int:
    return sum(payment.captured for payment in Payment.objects.filter(order=order))


def is_paid_once(order: Order, peer: PaymentPeer) -> None:
    """Assert one charge, one payment, one year, and nothing to look into."""
    order.refresh_from_db()
    assert (order.state, captured(order), charged(peer)) == ("completed", YEAR, YEAR)
    assert order.lines.get().terms.count() == 1
    assert not ShopTask.objects.exists()


def test_the_card_of_the_first_payment_is_charged(payment_peer: PaymentPeer) -> None:
    core = bought_at(payment_peer)
    card = CardOnFile.objects.get()
    assert (card.customer[:4], card.method[:3], card.card_last4) == ("cus_", "pm_", "4242")
    order = announced(core)
    with on_day(core, 0):
        work()
        work()
    is_paid_once(order, payment_peer)
    with on_day(core, 1):
        assert books.compare_nightly() == 0
    (attempt,) = PaymentAttempt.objects.filter(order=order)
    assert Payment.objects.get(order=order).card_last4 == "4242"
    posts = [
        key for method, path, key in payment_peer.state()["requests"] if "payment_intents" in path and method == "POST"
    ]
    assert posts == [str(attempt.pk), f"{attempt.pk}-confirm"]


@pytest.mark.parametrize(("number", "failure"), [(DECLINED, "generic_decline"), (ASKS, "authentication_required")])
def test_a_bank_that_says_no_or_wants_its_customer_takes_nothing(
    payment_peer: PaymentPeer, number: str, failure: str
) -> None:
    core = bought_at(payment_peer, number)
    order = announced(core)
    with on_day(core, 0):
        work()
    assert (charged(payment_peer), of(core).state) == (0, "past_due")
    assert order.attempts.get().failure
    with on_day(core, 1):
        leave(core, payment_peer, PAID)
        work()
    is_paid_once(order, payment_peer)


@pytest.mark.long
def test_while_the_service_is_down_nothing_is_said_and_then_it_is_charged_once(payment_peer: PaymentPeer) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    payment_peer.fault(".", "refuse", status=503, times=None)
    with on_day(core, 0):
        work()
        work()
    assert (of(core).state, order.attempts.get().state) == ("active", "created")
    payment_peer.tell("mend")
    with on_day(core, 1):
        work()
    is_paid_once(order, payment_peer)


LOST = ["POST /v1/payment_intents$", "confirm", "GET /v1/payment_intents/"]


@pytest.mark.long
@pytest.mark.parametrize("request_", LOST)
@pytest.mark.parametrize("kind", ["lose", "error", "cut"])
def test_an_answer_that_is_lost_charges_nobody_twice(payment_peer: PaymentPeer, request_: str, kind: str) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    payment_peer.fault(request_, kind)
    with on_day(core, 0):
        work()
        work()
    is_paid_once(order, payment_peer)
    assert order.attempts.count() == 1


def test_two_workers_at_once_charge_once(payment_peer: PaymentPeer) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    with on_day(core, 0):
        moment = timezone.now()

    def charge() -> object:
        return cards.charge_due()

    with time_machine.travel(moment, tick=True):
        at_once(*[charge] * 4)
        work()
    is_paid_once(order, payment_peer)


@pytest.mark.long
def test_a_card_that_is_changed_after_the_notice_is_the_one_that_is_charged(payment_peer: PaymentPeer) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    before = CardOnFile.objects.get().method
    with on_day(core, -1):
        leave(core, payment_peer, PAID)
    with on_day(core, 0):
        work()
    is_paid_once(order, payment_peer)
    assert order.attempts.get().card == CardOnFile.objects.get().method != before


@pytest.mark.long
def test_a_card_that_is_removed_while_the_service_is_down_is_not_charged(payment_peer: PaymentPeer) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    owner = of(core).registrant
    assert owner is not None
    payment_peer.fault("confirm", "cut")
    with on_day(core, 0):
        work()
        cards.remove(registrant=owner, by=owner_of(core))
        work()
        work()
    assert (charged(payment_peer), captured(order), of(core).state) == (0, 0, "past_due")


CANCELS: list[Callable[..., object]] = [subscriptions.cancel_now, subscriptions.cancel_with_year]


@pytest.mark.parametrize("cancel", CANCELS)
@pytest.mark.parametrize("request_", [pytest.param(".", marks=pytest.mark.long), "confirm"])
def test_canceled_the_minute_before_nothing_is_charged(
    payment_peer: PaymentPeer, cancel: Callable[..., object], request_: str
) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    with on_day(core, 0):
        payment_peer.fault(request_, "cut", times=None)
        work()
        payment_peer.tell("mend")
        cancel(core=core, by=owner_of(core))
        work()
    order.refresh_from_db()
    assert (order.state, charged(payment_peer), of(core).state) == ("cancelled", 0, "ended")


@pytest.mark.long
def test_events_that_come_again_and_in_any_order_change_nothing(payment_peer: PaymentPeer) -> None:
    core = bought_at(payment_peer, DECLINED)
    order = announced(core)
    with on_day(core, 0):
        work()
    with on_day(core, 1):
        leave(core, payment_peer, PAID)
        work()
        for one in reversed(payment_peer.state()["events"] * 2):
            notices.follow(kind=one["type"], object_id=one["data"]["object"]["id"])
    is_paid_once(order, payment_peer)


@pytest.mark.long
def test_a_page_on_which_a_card_was_left_is_followed_when_its_owner_never_came_back(payment_peer: PaymentPeer) -> None:
    core = bought_at(payment_peer)
    owner = of(core).registrant
    assert owner is not None
    change = cards.begin_change(registrant=owner, by=owner_of(core), return_to=BACK)
    before = CardOnFile.objects.get().method
    payment_peer.pay(change.session_id)
    (event,) = [one for one in payment_peer.state()["events"] if one["data"]["object"]["id"] == change.session_id]
    payload, header = payment_peer.signed(event["id"])
    answer = Client().post(
        "/payments/webhook/", payload, content_type="application/json", headers={"Stripe-Signature": header}
    )
    assert answer.status_code == 200
    notices.sweep()
    assert CardOnFile.objects.get().method != before


@pytest.mark.long
def test_a_removed_card_is_forgotten_at_the_service(payment_peer: PaymentPeer) -> None:
    core = bought_at(payment_peer)
    owner = of(core).registrant
    assert owner is not None
    method = CardOnFile.objects.get().method
    cards.remove(registrant=owner, by=owner_of(core))
    assert not CardOnFile.objects.exists()
    found = client.make().library.v1.payment_methods.retrieve(method)
    assert found.customer is None


WRITE, TAKE, LOOK = "POST /v1/payment_intents$", "confirm", "GET /v1/payment_intents/"
POINTS = [
    long_run(table="shop_paymentattempt"),
    long_run(table="audit_entry"),
    long_run(WRITE, "hold"),
    long_run(WRITE, "keep"),
    long_run(WRITE, "keep", "audit_entry"),
    long_run(TAKE, "hold"),
    Point(TAKE, "keep"),
    long_run(LOOK, "keep"),
    long_run(table="shop_payment"),
    long_run(table="shop_invoice"),
    long_run(table="shop_term"),
]


@pytest.mark.parametrize("point", POINTS, ids=str)
def test_killed_while_a_year_is_charged(
    killer: Killer, payment_peer: PaymentPeer, portal_db: Clone, point: Point
) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    with on_day(core, 0):
        moment = timezone.now()
    killer.kill_at(point, "charge", moment.isoformat())
    with time_machine.travel(moment + timedelta(minutes=10), tick=True):
        work()
        assert books.compare_nightly() == 0
    is_paid_once(order, payment_peer)


@pytest.mark.long
def test_killed_before_it_was_charged_the_nightly_comparison_takes_up_what_was_taken(
    killer: Killer, payment_peer: PaymentPeer
) -> None:
    core = bought_at(payment_peer)
    order = announced(core)
    with on_day(core, 0):
        moment = timezone.now()
    killer.kill_at(Point(TAKE, "keep"), "charge", moment.isoformat())
    with time_machine.travel(moment + timedelta(hours=9), tick=True):
        payment_peer.tell("clock", ahead=0)
        books.compare_nightly()
    is_paid_once(order, payment_peer)
