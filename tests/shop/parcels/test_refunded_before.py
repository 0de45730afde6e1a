"""Goods that were refunded or packed before the upgrade: reserved, and followed, as those of after it."""

from functools import partial
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.roles import Role
from shop.catalogue import services as catalogue
from shop.catalogue.models import Stock
from shop.orders.models.orders import Order
from shop.orders.services import orders as order_services
from shop.parcels import services
from tests.factories import person
from tests.shop.orders import orders
from tests.shop.orders.orders import buyer_of
from tests.shop.parcels import parcels
from tests.shop.parcels.test_refunded_pieces import words_of
from tests.shop.payments.test_off_by_clerks import checked
from tests.shop.worlds import ready_with

STEP = import_module("shop.migrations.0018_refunded_before")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, payments=1, businesses=1, products=1)


def upgraded(part: str) -> None:
    """Run a part of the migration on what is there."""
    with connection.cursor() as cursor:
        cursor.execute(getattr(STEP, part))


@pytest.mark.parametrize(
    ("table", "column"),
    [("shop_orderline", "refunded"), ("shop_refundline", "pieces"), ("shop_creditnote", "alone")],
)
def test_a_process_of_before_the_upgrade_still_adds_rows(table: str, column: str) -> None:
    with connection.cursor() as cursor:
        sentence = "SELECT atthasdef FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
        cursor.execute(sentence, [table, column])
        assert cursor.fetchone() == (True,)


def test_the_upgrade_frees_what_was_refunded_before(monkeypatch: pytest.MonkeyPatch) -> None:
    refunded, other = parcels.bought(cores=0, accessories=2).lines.get(), parcels.bought().lines.get()
    with monkeypatch.context() as before:
        before.setattr(order_services, "reserve_for_lines", lambda **_arguments: None)
        orders.refunded(refunded)
    held = Stock.objects.filter(product__in=[refunded.product_id, other.product_id])
    assert sorted(held.values_list("reserved", flat=True)) == [1, 2]
    upgraded("FREED_BEFORE")
    assert sorted(held.values_list("reserved", flat=True)) == [0, 1]


def test_the_upgrade_keeps_of_what_was_refunded_before_only_what_is_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    order = parcels.bought(cores=0, accessories=3)
    line = order.lines.get()
    parcels.packed(order, pieces=1)
    with monkeypatch.context() as before:
        before.setattr(order_services, "reserve_for_lines", lambda **_arguments: None)
        orders.refunded(line)
    for part in ("LOCKED", "FREED_BEFORE", "PACKED_BEFORE"):
        upgraded(part)
    checked()
    assert words_of(line.product) == "9 left, 1 packed"


def test_the_upgrade_takes_orders_whose_rest_was_refunded_to_their_state(monkeypatch: pytest.MonkeyPatch) -> None:
    way, there, asked, other = (parcels.order_on_its_way("partly_shipped") for _order in range(4))
    services.deliver_parcel(shipment=there.shipments.get(), by=buyer_of(there))
    with monkeypatch.context() as before:
        before.setattr(order_services, "follow_parcels", lambda **_arguments: None)
        for order in (way, there):
            line = order.lines.get()
            orders.sent_back(orders.refunded(line, cents=line.total // 2))
    refund = orders.refunded(asked.lines.get(), cents=asked.lines.get().total // 2)
    upgraded("FOLLOWED_BEFORE")
    found = [Order.objects.get(pk=order.pk) for order in (way, there, asked, other)]
    assert [order.state for order in found] == ["shipped", "completed", "partly_shipped", "partly_shipped"]
    for order, event in ((way, Event.ORDER_SHIPPED), (there, Event.ORDER_COMPLETED)):
        entry = AuditEntry.objects.filter(subject_kind="order", subject_id=str(order.pk)).latest("id")
        assert (entry.event, entry.actor_id, entry.facts) == (event, "operator", {"total": order.total})
    entries = AuditEntry.objects.count()
    upgraded("FOLLOWED_BEFORE")
    assert AuditEntry.objects.count() == entries
    orders.sent_back(refund)
    asked.refresh_from_db()
    assert asked.state == "shipped"


def test_the_upgrade_reserves_what_lies_in_parcels_of_canceled_orders() -> None:
    order = parcels.bought(cores=0, accessories=2)
    product, shipment = order.lines.get().product, parcels.labelled(parcels.packed(order))
    order_services.cancel(order=order, by=buyer_of(order))
    order.reservations.update(released_at=timezone.now())
    assert words_of(product) == "10 left, 2 packed"
    upgraded("PACKED_BEFORE")
    assert words_of(product) == "8 left, 2 packed"
    services.drop_parcel(shipment=shipment, by=person(Role.CLERK))
    assert words_of(product) == "10 left"


def test_the_upgrade_reserves_of_them_as_many_as_nobody_else_has() -> None:
    order, clerk = parcels.bought(cores=0, accessories=2), person(Role.CLERK)
    product, shipment = order.lines.get().product, parcels.labelled(parcels.packed(order))
    order_services.cancel(order=order, by=buyer_of(order))
    order.reservations.update(released_at=timezone.now())
    catalogue.change_stock(product=product, by=clerk, kind="scrapped", change=-9, note="Broken")
    upgraded("PACKED_BEFORE")
    assert Stock.objects.get(product=product).reserved == 1
    services.drop_parcel(shipment=shipment, by=clerk)
    assert words_of(product) == "1 left"
