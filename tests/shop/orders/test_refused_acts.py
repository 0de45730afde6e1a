"""Acts of the shop check role, state and amount in the service, whatever page calls them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.books import services as books
from shop.books.policies import Period
from shop.catalogue import services as catalogue
from shop.catalogue.models import Product
from shop.connections.services import cards, years
from shop.limits.models import ShopLimits
from shop.orders.models.orders import Order, PurchaseOrder, ShopTask, TaxRate
from shop.orders.services import carts, orders as order_services, taxes
from shop.parcels import services
from shop.parcels.models import Shipment
from shop.payments.selectors import giving_of
from shop.payments.services import payments
from shop.returns import services as returns
from shop.returns.models import Return
from shop.warranty import services as warranty
from tests.factories import person, registrant_at
from tests.integration.cores.devices import core_at, owner_of
from tests.shop.connections.renewed import renewed
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK, SENDING, buyer_of, pdf
from tests.shop.parcels import parcels
from tests.shop.returns.returned import accepted, begun, bought, labelled, received, snap
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)

TODAY = timezone.localdate()
ROLES: list[tuple[str, Callable[[User], object]]] = [
    ("deputy", lambda by: books.ask_for_check(by=by, period=Period(TODAY, TODAY))),
    ("clerk", lambda by: returns.publish_deductions(by=by, lowest=1_000, steps={}, parts=[])),
    ("clerk", lambda by: taxes.end(rate=TaxRate(), by=by, ends_on=TODAY)),
    (
        "clerk",
        lambda by: catalogue.add_picture(product=Product(), by=by, upload=snap(), alternative="", alternative_es=""),
    ),
    ("administrator", lambda by: services.ask_about_delay(order=Order(), by=by, sent_by_then=TODAY)),
    ("administrator", lambda by: returns.inspect_return(back=Return(), by=by, parts=[], note="", pictures=[snap()])),
    (
        "administrator",
        lambda by: returns.report_missing_core(back=Return(), by=by, serial="", reason="Empty", pictures=[snap()]),
    ),
    ("administrator", lambda by: order_services.complete_services(order=Order(), by=by)),
    ("administrator", lambda by: services.drop_parcel(shipment=Shipment(), by=by)),
    ("administrator", lambda by: services.scan_core(shipment=Shipment(), by=by, serial="FC4-1")),
    ("administrator", lambda by: services.hand_over_parcel(shipment=Shipment(order=Order()), by=by, premises=None)),
    ("administrator", lambda by: services.lose_parcel(shipment=Shipment(order=Order()), by=by)),
    ("administrator", lambda by: order_services.settle_task(task=ShopTask(), by=by, note="Done")),
    (
        "administrator",
        lambda by: payments.receive_check(order=Order(), by=by, number="1", cents=1, received_on=TODAY),
    ),
    ("deputy", lambda by: order_services.approve_purchase_order(purchase_order=PurchaseOrder(order=Order()), by=by)),
    ("deputy", lambda by: returns.request_return(core=Core(), by=by)),
]


@pytest.mark.parametrize(("role", "act"), ROLES)
def test_another_role_is_refused_before_anything_is_read(role: str, act: Callable[[User], object]) -> None:
    with pytest.raises(Refused):
        act(User(role=role, is_active=True))


def test_money_of_a_return_is_given_back_by_staff_alone() -> None:
    with pytest.raises(Refused, match="Clerks and administrators give refunds"):
        returns.pay_return(back=accepted(), by=person("auditor"))


def test_another_label_is_sent_by_clerks_alone() -> None:
    with pytest.raises(Refused, match="Clerks run the shop"):
        returns.label_return(back=labelled(), by=person("administrator"), carrier="ups", tracking="1Z999AA10123456784")


@pytest.mark.parametrize(
    "act",
    [
        lambda owner: order_services.draft(registrant=owner, cart=None, by=owner.user, sending=SENDING),
        lambda owner: cards.begin_change(registrant=owner, by=owner.user, return_to=BACK),
        lambda owner: taxes.send(
            registrant=owner, by=owner.user, state="AL", number="EX-1", valid_until=TODAY, paper=pdf()
        ),
    ],
)
def test_only_a_business_buys(act: Callable[[Registrant], object]) -> None:
    with pytest.raises(Refused, match="Only businesses can buy"):
        act(registrant_at(user=person("business")))


def test_an_order_holds_no_more_products_than_the_agency_allows_by_now() -> None:
    order = orders.drafted(things=((orders.product(), 1), (orders.product(), 1)))
    owner = order.registrant
    assert owner is not None
    cart = carts.open_for(user=owner.user, browser="")
    ShopLimits.objects.update(most_lines=1)
    with pytest.raises(ValidationError, match="at most 1 products"):
        order_services.draft(registrant=owner, cart=cart, by=owner.user, sending=SENDING)


def test_nobody_is_asked_to_wait_for_what_is_not_bought() -> None:
    with pytest.raises(Stale, match="Nothing of this order is to be sent"):
        services.ask_about_delay(order=orders.placed(), by=person("clerk"), sent_by_then=TODAY + timedelta(days=9))


def test_nothing_is_put_into_a_parcel_that_is_closed() -> None:
    shipment = parcels.labelled()
    with pytest.raises(Stale, match="closed already"):
        services.scan_core(shipment=shipment, by=person("clerk"), serial="FC4-1")


def test_nothing_is_put_into_a_parcel_of_an_order_that_was_canceled() -> None:
    order, clerk = parcels.bought(), person("clerk")
    shipment = services.begin_parcel(order=order, by=clerk)
    order_services.cancel(order=order, by=clerk)
    with pytest.raises(Stale, match="Nothing of this order is to be sent"):
        services.scan_core(shipment=shipment, by=clerk, serial="FC4-1")


@pytest.mark.parametrize(
    ("more", "reason", "field"), [(0, " ", "reason"), (1, "Scratched", "line"), (-38_500, "Scratched", "amounts")]
)
def test_a_refund_says_why_and_is_of_what_was_paid(more: int, reason: str, field: str) -> None:
    payment = orders.paid()
    line, clerk = payment.order.lines.get(), person("clerk")
    giving_of(payment.order, clerk, amounts={line.pk: line.total}, reason="Scratched")
    with pytest.raises(ValidationError) as refused:
        giving_of(payment.order, clerk, amounts={line.pk: line.total + more}, reason=reason)
    assert set(refused.value.message_dict) == {str(line.pk) if field == "line" else field}


def test_a_core_that_works_is_not_connected_again() -> None:
    core = bought()
    with pytest.raises(Stale, match="can't be done with this connection"):
        years.reconnect(core=core, by=owner_of(core))


def test_a_year_that_is_paid_takes_no_purchase_order() -> None:
    order = renewed()
    with pytest.raises(Stale, match="Nothing is due for this order"):
        years.pay_by_purchase_order(order=order, by=buyer_of(order), number="PO-1", limit=10**6, paper=pdf())


def test_a_parcel_that_held_another_core_is_neither_inspected_nor_accepted() -> None:
    clerk = person("clerk")
    back = received(begun())
    Return.objects.filter(pk=back.pk).update(found="FC4-OTHER")
    with pytest.raises(Stale, match="did not hold this CORE"):
        returns.inspect_return(back=back, by=clerk, parts=[], note="", pictures=[snap()])
    Return.objects.filter(pk=back.pk).update(found=back.core.serial)
    back = returns.inspect_return(back=back, by=clerk, parts=[], note="", pictures=[snap()])
    Return.objects.filter(pk=back.pk).update(found="FC4-OTHER")
    with pytest.raises(Stale, match="did not hold this CORE"):
        returns.accept_return(back=back, by=clerk)


def test_without_a_picture_no_parcel_was_empty_and_with_too_many_nothing_is_broken() -> None:
    with pytest.raises(ValidationError, match="pictures"):
        returns.report_missing_core(back=Return(), by=User(role="clerk"), serial="", reason="Empty", pictures=[])
    core = core_at("active")
    with pytest.raises(ValidationError, match="pictures"):
        warranty.open_claim(core=core, by=owner_of(core), problem="It is dark", pictures=[snap()] * 9)
