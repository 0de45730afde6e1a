"""An act that is done already is said to be done: of two people with one page open, the second is told."""

from collections.abc import Callable
from functools import partial

import pytest

from fusus_portal.ground.lifecycle import Stale
from registry.people.services import registrants
from shop.orders.models.orders import Order
from shop.orders.services import orders
from shop.parcels import services
from shop.payments.services import payments
from shop.returns import services as returns
from shop.returns.models import Return
from shop.warranty import services as warranty
from shop.warranty.models import Claim
from tests.factories import person
from tests.shop.orders.orders import buyer_of, gateway, opened, placed, submitted
from tests.shop.parcels import parcels
from tests.shop.returns.returned import doubtful, inspected, missing, received, snap
from tests.shop.warranty.claimed import declinable, replaced
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1, businesses=1, products=1)


def canceled() -> Order:
    """Return an order whose business left while its payment was processed."""
    attempt = opened()
    gateway().process(attempt.session_id)
    payments.settle(attempt=attempt)
    owner = buyer_of(attempt.order)
    registrants.leave(registrant=owner.registrant, by=owner)
    return Order.objects.get(pk=attempt.order_id)


def declined_claim() -> Claim:
    return warranty.decline_claim(claim=declinable(), by=person("clerk"), reason="It is on its way back")


def closed_claim() -> Claim:
    return warranty.close_claim(claim=replaced()[0], by=person("clerk"), reason="It was stolen")


def declined_return() -> Return:
    return returns.decline_return(back=doubtful(), by=person("clerk"), reason="Bought by another")


ACTS: dict[str, tuple[Callable[[], object], Callable[..., object]]] = {
    "an order is placed": (placed, lambda it, by: orders.place(order=it, by=buyer_of(it), consents=False)),
    "an order is canceled": (canceled, lambda it, by: orders.cancel(order=it, by=by)),
    "a purchase order is sent": (submitted, lambda it, by: submitted(it.order, number=it.number)),
    "a parcel goes out": (
        lambda: parcels.handed_over(parcels.labelled(parcels.packed(parcels.bought(cores=2), pieces=1))),
        lambda it, by: services.hand_over_parcel(shipment=it, by=by, premises=None),
    ),
    "a parcel is lost before it goes out": (parcels.labelled, lambda it, by: services.lose_parcel(shipment=it, by=by)),
    "a parcel arrived": (
        lambda: parcels.shipment_at("delivered"),
        lambda it, by: services.deliver_parcel(shipment=it, by=by),
    ),
    "a parcel is dropped": (
        lambda: parcels.shipment_at("handed_over"),
        lambda it, by: services.drop_parcel(shipment=it, by=by),
    ),
    "a claim is declined": (declined_claim, lambda it, by: warranty.decline_claim(claim=it, by=by, reason="")),
    "another CORE is sent": (lambda: replaced()[0], lambda it, by: warranty.replace_core(claim=it, by=by, new=None)),
    "an old CORE came": (closed_claim, lambda it, by: warranty.receive_old_core(claim=it, by=by, serial="FC4-OTHER")),
    "a claim is closed": (closed_claim, lambda it, by: warranty.close_claim(claim=it, by=by, reason="It was stolen")),
    "an old CORE is billed": (closed_claim, lambda it, by: warranty.bill_old_core(claim=it, by=by)),
    "a return is declined": (declined_return, lambda it, by: returns.decline_return(back=it, by=by, reason="")),
    "a parcel came": (received, lambda it, by: returns.receive_return(back=it, by=by, serial="FC4-OTHER")),
    "a CORE is inspected": (
        inspected,
        lambda it, by: returns.inspect_return(back=it, by=by, parts=[], note="n" * 9_999, pictures=[snap()]),
    ),
    "a return is accepted": (missing, lambda it, by: returns.accept_return(back=it, by=by)),
    "a parcel was empty": (
        missing,
        lambda it, by: returns.report_missing_core(back=it, by=by, serial="", reason="Empty", pictures=[snap()]),
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_second_is_told_that_it_is_done(act: str) -> None:
    done, again = ACTS[act]
    with pytest.raises(Stale, match="This is already"):
        again(done(), person("clerk"))
