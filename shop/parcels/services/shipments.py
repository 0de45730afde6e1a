"""Parcels on their way: handed over with their COREs given to the business, delivered, or lost."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import AGENCY_ROLES
from fusus_portal.lifecycle import NotYours, Stale
from integration.models import Core
from integration.services import cores, returning
from integration.states import CoreState
from registry.models import Premises
from registry.services import locking as registry_locking
from shop.models import Order, Shipment
from shop.policies import fulfilment as policy
from shop.selectors.owed import owed_of
from shop.services import holding, packing, steps, telling
from shop.states import SHIPMENT, OrderState, ShipmentState


def hand_over(*, shipment: Shipment, by: User, premises: Premises | None) -> Shipment:
    """Give a parcel to its carrier: each CORE in it is the business's from now on, for one of its places.

    premises: where its COREs are to stand; None for a parcel without one. Their activation codes are issued by the
    business itself once the parcel is there. Raises ValidationError on "premises" or "reference", Stale, Refused.
    """
    policy.may_send(by, subject=shipment.subject)
    with transaction.atomic():
        registry_locking.owners([pk for pk in [shipment.order.registrant_id] if pk])
        order, locked = packing.whole(shipment.pk)
        policy.must_be_owed(order)
        SHIPMENT.check(source=locked.state, target=ShipmentState.HANDED_OVER, role=by.role, subject=locked.subject)
        for core in _cores_in(locked):
            issued = cores.allocate(core=core, by=by, registrant=order.registrant, premises=premises)
            cores.ship(core=issued.core, by=by)
        holding.take(shipment=locked, by=by)
        locked.handed_over_by, locked.handed_over_at = by, timezone.now()
        steps.shipment(locked, ShipmentState.HANDED_OVER, by)
        target = OrderState.PARTLY_SHIPPED if any(owed.to_send for owed in owed_of(order)) else OrderState.SHIPPED
        if order.state != target:
            steps.order(order, target, by)
        telling.shipped(shipment=locked)
    return locked


def deliver(*, shipment: Shipment, by: User) -> Shipment:
    """Write down that a parcel arrived, as a clerk who reads it at the carrier's or as the business that has it."""
    with transaction.atomic():
        order, locked = _of(shipment, by)
        locked.ended_at = timezone.now()
        steps.shipment(locked, ShipmentState.DELIVERED, by)
        on_their_way = order.shipments.exclude(state__in=[ShipmentState.DELIVERED, ShipmentState.LOST])
        if order.state == OrderState.SHIPPED and not on_their_way.exclude(state=ShipmentState.DROPPED).exists():
            steps.order(order, OrderState.COMPLETED, by)
    return locked


def lose(*, shipment: Shipment, by: User) -> Shipment:
    """Write down that a parcel is lost: what was in it is owed again, and nobody can activate its COREs.

    Raises Stale for one of which a CORE works already: it arrived.
    """
    policy.may_send(by, subject=shipment.subject)
    with transaction.atomic():
        registry_locking.owners([pk for pk in [shipment.order.registrant_id] if pk])
        order, locked = packing.whole(shipment.pk)
        SHIPMENT.check(source=locked.state, target=ShipmentState.LOST, role=by.role, subject=locked.subject)
        for core in _cores_in(locked):
            if core.state != CoreState.SHIPPED:
                raise Stale(_("A CORE of this parcel is in use, so it arrived."), subject=locked.subject)
            returning.begin_return(core=core, by=by)
        now = timezone.now()
        locked.items.filter(void_at__isnull=True).update(void_at=now)
        locked.ended_at = now
        steps.shipment(locked, ShipmentState.LOST, by)
        if order.state == OrderState.SHIPPED:
            steps.order(order, OrderState.PARTLY_SHIPPED, by)
        holding.hold_again(order=order)
    return locked


def _of(shipment: Shipment, by: User) -> tuple[Order, Shipment]:
    order, locked = packing.whole(shipment.pk)
    if by.role not in AGENCY_ROLES and (order.registrant is None or order.registrant.user_id != by.pk):
        raise NotYours(_("There is no such parcel."), subject=shipment.subject)
    return order, locked


def _cores_in(shipment: Shipment) -> list[Core]:
    """Return the COREs in a locked parcel, in one order for all."""
    return list(Core.objects.filter(shipment_items__in=shipment.items.filter(void_at__isnull=True)).order_by("pk"))
