"""Parcels on their way: handed over, delivered, lost, or late.

If an order can't be sent in time the buyer is asked, and waits or gets the money back (16 CFR 435.2(b)).
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from integration.cores.models import Core
from integration.cores.services import cores, returns
from integration.cores.states import CoreState
from registry.people import locks as people_locks
from registry.places.models import Premises
from shop.catalogue import services as catalogue
from shop.orders import locks
from shop.orders.models.orders import Order
from shop.orders.services import orders
from shop.orders.states import OrderState
from shop.parcels import policies
from shop.parcels.models import Shipment, ShippingDelay
from shop.parcels.selectors import owed_of
from shop.parcels.services import parcel_contents
from shop.parcels.states import ShipmentState


def hand_over(
    *, shipment: Shipment, by: User, premises: Premises | None = None, carrier: str = "", tracking: str = ""
) -> Shipment:
    """Give a parcel to its carrier: from now on its COREs belong to the business, for one of its places.

    premises: the place of its COREs, None for a parcel without one. The business issues their activation codes itself
    once the parcel has arrived. carrier, tracking: of a parcel that was labeled without them. Raises ValidationError on
    "premises", "reference", "carrier" or "tracking", Stale, Refused.
    """
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    with transaction.atomic():
        people_locks.owners([pk for pk in [shipment.order.registrant_id] if pk])
        order, locked = parcel_contents.whole(shipment.pk)
        policies.must_be_owed(order)
        steps.check(locked, ShipmentState.HANDED_OVER, by)
        is_known = locked.carrier != ""
        facts = {} if is_known else parcel_contents.record_carrier(locked, carrier=carrier, tracking=tracking)
        for core in _cores_in(locked):
            issued = cores.allocate(core=core, by=by, registrant=order.registrant, premises=premises)
            cores.ship(core=issued.core, by=by)
        catalogue.take_parcel_from_stock(shipment=locked, by=by)
        locked.handed_over_by, locked.handed_over_at = by, timezone.now()
        steps.take(locked, ShipmentState.HANDED_OVER, by, facts=facts)
        target = OrderState.PARTLY_SHIPPED if any(owed.to_send for owed in owed_of(order)) else OrderState.SHIPPED
        if order.state != target:
            steps.take(order, target, by)
        orders.write_to_buyer(order, MessageKind.ORDER_SHIPPED, shipment=str(locked.pk))
    return locked


def deliver(*, shipment: Shipment, by: User) -> Shipment:
    """Record that a parcel arrived, as a clerk or as the business."""
    with transaction.atomic():
        order, locked = _of(shipment, by)
        locked.ended_at = timezone.now()
        steps.take(locked, ShipmentState.DELIVERED, by)
        on_their_way = order.shipments.exclude(state__in=[ShipmentState.DELIVERED, ShipmentState.LOST])
        if order.state == OrderState.SHIPPED and not on_their_way.exclude(state=ShipmentState.DROPPED).exists():
            steps.take(order, OrderState.COMPLETED, by)
    return locked


def lose(*, shipment: Shipment, by: User) -> Shipment:
    """Record that a parcel is lost: its contents are owed again, and its COREs can't be activated.

    Raises Stale if one of its COREs is in use already: the parcel arrived.
    """
    demand(by, Permission.FULFILMENT, subject=shipment.subject)
    with transaction.atomic():
        people_locks.owners([pk for pk in [shipment.order.registrant_id] if pk])
        order, locked = parcel_contents.whole(shipment.pk)
        steps.check(locked, ShipmentState.LOST, by)
        for core in _cores_in(locked):
            if core.state != CoreState.SHIPPED:
                raise Stale(_("A CORE of this parcel is in use, so it arrived."), subject=locked.subject)
            returns.begin_return(core=core, by=by)
        now = timezone.now()
        locked.items.filter(void_at__isnull=True).update(void_at=now)
        locked.ended_at = now
        steps.take(locked, ShipmentState.LOST, by)
        if order.state == OrderState.SHIPPED:
            steps.take(order, OrderState.PARTLY_SHIPPED, by)
        catalogue.reserve_again(order=order)
    return locked


def ask(*, order: Order, by: User, sent_by_then: date) -> ShippingDelay:
    """Ask a buyer to wait until a day, or to take the money back.

    Raises ValidationError on "sent_by_then", Refused, and Stale for an order that was asked about or is fully sent.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = locks.order(order.pk)
        policies.must_be_owed(locked)
        policies.check_delay(sent_by_then)
        if locked.delays.filter(agreed_at__isnull=True).exists():
            raise Stale(_("The buyer was asked already, and has not answered yet."), subject=locked.subject)
        delay = ShippingDelay.objects.create(order=locked, sent_by_then=sent_by_then, asked_by=by)
        facts: dict[str, int | str] = {"sent_by_then": sent_by_then.isoformat()}
        record(event=Event.DELAY_ASKED, actor=by.actor, subject=locked.subject, facts=facts)
        orders.write_to_buyer(locked, MessageKind.ORDER_DELAYED, delay=str(delay.pk))
    return delay


def agree(*, order: Order, by: User) -> ShippingDelay:
    """Agree to wait, as the buyer. Raises NotYours, Stale if nothing was asked."""
    with transaction.atomic():
        locked = locks.own_order(order.pk, by=by)
        delay = locked.delays.select_for_update(no_key=True).filter(agreed_at__isnull=True).first()
        if delay is None:
            raise Stale(_("Nothing is asked about this order."), subject=locked.subject)
        delay.agreed_at = timezone.now()
        delay.save(update_fields=["agreed_at"])
        facts: dict[str, int | str] = {"sent_by_then": delay.sent_by_then.isoformat()}
        record(event=Event.DELAY_AGREED, actor=by.actor, subject=locked.subject, facts=facts)
    return delay


def _of(shipment: Shipment, by: User) -> tuple[Order, Shipment]:
    order, locked = parcel_contents.whole(shipment.pk)
    if by.role not in AGENCY_ROLES and (order.registrant is None or order.registrant.user_id != by.pk):
        raise NotYours(_("There is no such parcel."), subject=shipment.subject)
    return order, locked


def _cores_in(shipment: Shipment) -> list[Core]:
    """Return the COREs of a locked parcel in the order of their locks."""
    return list(Core.objects.filter(shipment_items__in=shipment.items.filter(void_at__isnull=True)).order_by("pk"))
