"""Many orders packed and labeled at once: each in full, or not at all, with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from shop.catalogue import services as catalogue
from shop.catalogue.models import ProductKind
from shop.orders import locks as order_locks
from shop.orders.models.orders import Order
from shop.parcels import locks, policies
from shop.parcels.models import Shipment
from shop.parcels.selectors import OPEN, Owed, owed_of
from shop.parcels.services import parcel_contents


@dataclass(frozen=True, slots=True)
class Packed:
    """left_out: number and reason of each order that was not packed."""

    parcels: list[Shipment]
    left_out: list[tuple[str, str]]


def pack_all(*, orders: Iterable[Order], by: User) -> Packed:
    """Pack and label orders in the given order, each in a transaction of its own. Raises Refused."""
    packed = Packed([], [])
    for order in orders:
        try:
            packed.parcels.append(pack(order=order, by=by))
        except ValidationError as error:
            packed.left_out.append((order.number, " ".join(error.messages)))
        except Stale as error:
            packed.left_out.append((order.number, str(error)))
    return packed


def pack(*, order: Order, by: User) -> Shipment:
    """Pack all that is owed of an order into one labeled parcel, with the lowest serial numbers in stock.

    Raises Refused, NotYours, Stale, and ValidationError if stock is short.
    """
    demand(by, Permission.FULFILMENT, subject=order.subject)
    with transaction.atomic():
        locked = order_locks.order(order.pk)
        policies.must_be_owed(locked)
        if locked.shipments.filter(state__in=OPEN).exists():
            raise Stale(_("A parcel of this order is open already."), subject=locked.subject)
        owed = [each for each in owed_of(locked) if each.to_pack > 0]
        # Another clerk who packs the same product waits here, so that both take different COREs.
        catalogue.lock_stocks(each.line.product_id for each in owed)
        shipment = parcel_contents.begin(order=locked, by=by)
        for each in owed:
            _fill(shipment, each, by)
        return parcel_contents.label(shipment=shipment, by=by)


def _fill(shipment: Shipment, owed: Owed, by: User) -> None:
    line, wanted = owed.line, owed.to_pack
    if line.kind != ProductKind.CORE:
        parcel_contents.put(shipment=shipment, by=by, line=line, quantity=wanted)
        return
    cores = locks.cores_to_take(line, wanted)
    if len(cores) < wanted:
        sentence = _("Of “%(name)s” it needs %(wanted)d, and %(there)d are in stock.")
        raise ValidationError(sentence % {"name": line.name, "wanted": wanted, "there": len(cores)})
    for core in cores:
        parcel_contents.scan(shipment=shipment, by=by, serial=core.serial)
