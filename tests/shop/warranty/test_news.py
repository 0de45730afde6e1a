"""News for a business about its returns, claims, years, orders and refunds: each step, as it is taken."""

from collections.abc import Callable
from functools import partial

import pytest

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from shop.orders.services import orders as order_services
from shop.payments.models import Refund
from shop.payments.services import refunds
from shop.returns import services as returns
from shop.returns.models import Return
from shop.warranty import services
from shop.warranty.models import Claim
from tests.factories import person
from tests.shop.connections.renewed import announced, on_day, order_core, told, work
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns.returned import doubtful, return_at
from tests.shop.warranty.claimed import charged, claim_at, declinable
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1, payments=1, businesses=1, products=1)


def last_told(about: Return | Claim) -> str:
    """Return the last state that a business was told of a return or claim."""
    return str(Message.objects.filter(subject_id=str(about.pk)).latest("queued_at").context["state"])


@pytest.mark.parametrize(
    "state", ["requested", "approved", "declined", "label_sent", "received", "accepted", "rejected"]
)
def test_how_far_a_return_is(state: str) -> None:
    assert last_told(return_at(state)) == state


def test_that_a_clerk_approved_a_return() -> None:
    assert last_told(returns.approve_return(back=doubtful(), by=person("clerk"))) == "approved"


@pytest.mark.parametrize("state", ["approved", "replacement_shipped", "old_unit_due", "charged"])
def test_how_far_a_claim_is(state: str) -> None:
    assert last_told(claim_at(state)) == state


def test_that_a_claim_is_declined_and_that_a_bill_is_taken_back() -> None:
    clerk = person("clerk")
    assert last_told(services.decline_claim(claim=declinable(), by=clerk, reason="It is on its way back")) == "declined"
    claim = charged()
    services.receive_old_core(claim=claim, by=clerk, serial=claim.core.serial)
    assert last_told(claim) == "closed"


@pytest.mark.parametrize("state", ["paid", "on_account"])
def test_that_an_order_is_bought(state: str) -> None:
    order = orders.order_at(state)
    assert Message.objects.filter(kind=MessageKind.ORDER_CONFIRMED, subject_id=str(order.pk)).count() == 1


def canceled() -> Refund:
    order_services.cancel(order=parcels.bought(), by=person("clerk"))
    return Refund.objects.get()


def by_check() -> Refund:
    asked = orders.requested(orders.check_payment())
    refund = refunds.submit(refund=asked, by=person("clerk"))
    return refunds.pay_out(refund=refund, by=person("clerk"), check_number="2201")


@pytest.mark.parametrize("given", [canceled, by_check, lambda: orders.refund_at("succeeded")])
def test_that_money_goes_back(given: Callable[[], Refund]) -> None:
    refund = given()
    assert Message.objects.get(kind=MessageKind.ORDER_REFUND).context["refund"] == str(refund.pk)


def test_that_a_year_begins_in_a_week_once() -> None:
    core = order_core(announced())
    for day in (-7, -6):
        with on_day(core, day):
            work()
    assert told(MessageKind.RENEWAL_REMINDED) == 1
