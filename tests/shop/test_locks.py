"""Which rows an act locks, and in which order: two acts that lock the same rows the other way round wait for ever."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integration.models import Core
from shop.services import (
    announcing,
    inspecting,
    lapsing,
    orders,
    paying,
    payment_methods,
    purchase_orders,
    refunding,
    returns,
    sending,
    settling,
    subscriptions,
)
from tests.factories import person
from tests.integration.devices import business_at, owner_of
from tests.shop import orders as made
from tests.shop import parcels
from tests.shop.renewed import MONTH, announced, on_day, order_core, owing, submitted
from tests.shop.returned import bought, inspected, labelled, owner_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]

LOCK = re.compile(r'FROM "[a-z]+_(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL)
Act = Callable[[], object]


def settle_a_year() -> Act:
    order = announced()
    attempt = paying.begin(order=order, by=made.buyer_of(order), return_to=made.BACK)
    made.gateway().pay(attempt.session_id)
    return lambda: settling.settle(attempt=attempt)


def settle_a_change() -> Act:
    owner = business_at()
    change = payment_methods.begin_change(registrant=owner, by=owner.user, return_to=made.BACK)
    made.gateway().leave_card(change.session_id)
    return lambda: payment_methods.settle_change(change=change)


def expire() -> Act:
    made.lapse(made.placed())
    return orders.expire_due


def approve_a_year() -> Act:
    sent = submitted(owing())
    return lambda: purchase_orders.approve(purchase_order=sent.purchase_order, by=person("clerk"))


def record_a_check() -> Act:
    order = made.check_payment(cents=1).order
    return lambda: made.check_payment(order, cents=1)


def ask_for_a_refund() -> Act:
    payment = made.paid()
    return lambda: made.requested(payment)


def send_a_refund() -> Act:
    refund = made.requested()
    return lambda: refunding.submit(refund=refund, by=person("clerk"))


def hand_over() -> Act:
    shipment = parcels.labelled()
    return lambda: parcels.handed_over(shipment)


def lose() -> Act:
    shipment = parcels.shipment_at("handed_over")
    return lambda: sending.lose(shipment=shipment, by=person("clerk"))


def undo() -> Act:
    back = inspected()
    return lambda: inspecting.undo(back=back, by=person("clerk"), reason="The wrong parcel")


def keep() -> Act:
    back = labelled()
    place = owner_in(back).registrant.premises.first()
    return lambda: returns.withdraw(back=back, by=owner_in(back), premises=place)


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
    return on(bought(), -MONTH, announcing.announce_due)


def lapse() -> Act:
    return on(order_core(owing()), MONTH, lapsing.lapse_due)


def submit_a_year() -> Act:
    order = owing()
    return lambda: submitted(order)


@pytest.mark.parametrize(
    ("prepare", "rows"),
    [
        (settle_a_year, "registrant core order paymentattempt cardonfile cardonfile subscription"),
        (settle_a_change, "registrant cardchange cardonfile cardonfile"),
        (expire, "order paymentattempt stock"),
        (approve_a_year, "registrant core order purchaseorder subscription"),
        (record_a_check, "order payment"),
        (ask_for_a_refund, "order payment user"),
        (send_a_refund, "order payment refund user"),
        (hand_over, "registrant order shipment registrant core registrant core stock"),
        (lose, "registrant order shipment registrant core devicecamera stock"),
        (undo, "registrant core order return"),
        (keep, "registrant core order return registrant core"),
        (cancel, "registrant core order order subscription payment order paymentattempt payment"),
        (end, "registrant core order subscription"),
        (announce, "order subscription"),
        (lapse, "registrant core order order subscription paymentattempt"),
        (submit_a_year, "order order subscription order paymentattempt payment order"),
    ],
)
def test_what_an_act_locks(prepare: Callable[[], Act], rows: str) -> None:
    act = prepare()
    with CaptureQueriesContext(connection) as asked:
        act()
    assert [found[1] for query in asked if (found := LOCK.search(query["sql"]))] == rows.split()
