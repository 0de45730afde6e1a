"""Rows that an act locks, in their order, and entries that it leaves.

Two acts that lock the same rows the other way round would wait for each other.
"""

import re
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integration.cores.models import Core
from shop.connections.services import cards, subscriptions, years
from shop.orders.services import orders as order_services
from shop.parcels import services
from shop.payments.gateway.answers import RefundStatus
from shop.payments.services import payments, refunds
from shop.returns import services as returns
from tests.factories import person
from tests.integration.cores.devices import business_at, owner_of
from tests.registry.entries import events_after, newest_id
from tests.shop.connections.renewed import MONTH, announced, on_day, order_core, owing, submitted
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns.returned import accepted, bought, core_of, inspected, labelled, owner_in, paid_back
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1, payments=1, businesses=1, products=1)

LOCK = re.compile(r'FROM "[a-z]+_(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL)
Act = Callable[[], object]


def settle_a_year() -> Act:
    order = announced()
    attempt = payments.begin_attempt(order=order, by=orders.buyer_of(order), return_to=orders.BACK, keeps=True)
    orders.gateway().pay(attempt.session_id)
    return lambda: payments.settle(attempt=attempt)


def settle_an_order() -> Act:
    attempt = orders.opened()
    orders.gateway().pay(attempt.session_id)
    return lambda: payments.settle(attempt=attempt)


def settle_a_change() -> Act:
    owner = business_at()
    change = cards.begin_change(registrant=owner, by=owner.user, return_to=orders.BACK)
    orders.gateway().leave_card(change.session_id)
    return lambda: cards.settle_change(change=change)


def expire() -> Act:
    orders.lapse(orders.placed())
    return order_services.expire_due


def approve_a_year() -> Act:
    sent = submitted(owing())
    return lambda: order_services.approve_purchase_order(purchase_order=sent.purchase_order, by=person("clerk"))


def record_a_check() -> Act:
    order = orders.check_payment(cents=1).order
    return lambda: orders.check_payment(order, cents=1)


def ask_for_a_refund() -> Act:
    payment = orders.paid()
    return lambda: orders.requested(payment)


def send_a_refund() -> Act:
    refund = orders.requested()
    return lambda: refunds.submit(refund=refund, by=person("clerk"))


def let_a_refund_fail() -> Act:
    refund = orders.refund_at("succeeded")
    orders.gateway().move(refund.gateway_id, RefundStatus.FAILED)
    return lambda: refunds.settle(refund=refund)


def pay_a_return() -> Act:
    back = accepted()
    return lambda: paid_back(back)


def cancel_an_order() -> Act:
    order = orders.paid().order
    return lambda: order_services.cancel(order=order, by=orders.buyer_of(order))


def hand_over() -> Act:
    shipment = parcels.labelled()
    return lambda: parcels.handed_over(shipment)


def send_and_activate() -> Act:
    order = orders.paid().order
    return lambda: core_of(order)


def lose() -> Act:
    shipment = parcels.shipment_at("handed_over")
    return lambda: services.lose_parcel(shipment=shipment, by=person("clerk"))


def undo() -> Act:
    back = inspected()
    return lambda: returns.undo_parcel(back=back, by=person("clerk"), reason="The wrong parcel")


def keep() -> Act:
    back = labelled()
    place = owner_in(back).registrant.premises.first()
    return lambda: returns.withdraw_return(back=back, by=owner_in(back), premises=place)


def cancel() -> Act:
    core = order_core(announced())
    return lambda: subscriptions.cancel_now(core=core, by=owner_of(core))


def on(core: Core, day: int, act: Act) -> Act:
    def acts() -> None:
        with on_day(core, day):
            act()

    return acts


def end() -> Act:
    core = bought()
    subscriptions.cancel_with_year(core=core, by=owner_of(core))
    return on(core, 0, subscriptions.end_due)


def announce() -> Act:
    return on(bought(), -MONTH, years.announce_due)


def lapse() -> Act:
    return on(order_core(owing()), MONTH, years.lapse_due)


def submit_a_year() -> Act:
    order = owing()
    return lambda: submitted(order)


@pytest.mark.parametrize(
    ("prepare", "rows", "entries"),
    [
        (
            settle_an_order,
            "order paymentattempt cardonfile cardonfile carduse",
            "attempt:succeed payment:capture order:pay invoice:issue card:save",
        ),
        (
            settle_a_year,
            "registrant core order paymentattempt subscription cardonfile cardonfile carduse",
            "attempt:succeed payment:capture order:pay invoice:issue subscription:renew card:save",
        ),
        (settle_a_change, "registrant cardchange cardonfile cardonfile", "card:save"),
        (expire, "order paymentattempt stock", "order:expire"),
        (
            approve_a_year,
            "registrant core order purchaseorder subscription",
            "purchase-order:approve invoice:issue subscription:renew",
        ),
        (record_a_check, "order payment", "payment:record"),
        (ask_for_a_refund, "order payment user", "refund:request"),
        (send_a_refund, "order payment refund user", "refund:submit"),
        (let_a_refund_fail, "order payment refund", "refund:fail invoice:issue"),
        (
            pay_a_return,
            "order return user subscription cardonfile payment order payment refund user",
            "return:refund subscription:end card:remove refund:request refund:submit",
        ),
        (
            cancel_an_order,
            "order paymentattempt stock payment cardonfile",
            "order:cancel refund:request card:remove",
        ),
        (
            send_and_activate,
            "coremodel registrant core registrant core registrant core activationcode order",
            "core:receive core:allocate core:issue-code core:ship core:activate premises:confirm subscription:begin",
        ),
        (
            hand_over,
            "registrant order shipment registrant core registrant core stock",
            "core:allocate core:issue-code core:ship shipment:hand-over order:ship",
        ),
        (
            lose,
            "registrant order shipment registrant core devicecamera stock",
            "core:return shipment:lose order:owe-again",
        ),
        (undo, "registrant core order return", "return:undo"),
        (keep, "registrant core order return registrant core", "return:withdraw core:keep core:issue-code"),
        (
            cancel,
            "registrant core order order subscription payment cardonfile order paymentattempt payment cardonfile",
            "refund:request subscription:end card:remove order:cancel core:suspend",
        ),
        (end, "registrant core order subscription cardonfile", "subscription:end card:remove core:suspend"),
        (announce, "order subscription", "order:place renewal:announce"),
        (
            lapse,
            "registrant core order order subscription paymentattempt",
            "order:expire subscription:lapse core:suspend",
        ),
        (
            submit_a_year,
            "order order subscription order paymentattempt payment cardonfile order",
            "order:cancel purchase-order:submit",
        ),
    ],
)
def test_what_an_act_locks_and_enters(prepare: Callable[[], Act], rows: str, entries: str) -> None:
    act, before = prepare(), newest_id()
    with CaptureQueriesContext(connection) as asked:
        act()
    assert [found[1] for query in asked if (found := LOCK.search(query["sql"]))] == rows.split()
    assert [event.partition(":")[2] for event in events_after(before)] == entries.split()
