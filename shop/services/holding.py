"""Stock that an order holds until its parcels leave, and holds anew after one was lost."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from shop.models import MovementKind, Order, OrderLine, Reservation, Shipment, Stock, StockMovement
from shop.selectors.owed import needs_reservation, owed_of
from shop.services import locking


def hold_again(*, order: Order) -> None:
    """Let a locked order hold all that it still owes, as far as the stock goes. Inside the caller's transaction."""
    needs = needs_reservation(order)
    held = _live(order)
    short = {pk: needed for pk, needed in needs.items() if needed > _holds(held.get(pk))}
    for stock in locking.stocks(short).values():  # type: ignore[arg-type]
        before, needed = held.get(stock.product_id), short[stock.product_id]
        if stock.free < needed - _holds(before):
            continue
        if before is not None:
            before.released_at = timezone.now()
            before.save(update_fields=["released_at"])
        Reservation.objects.create(order=order, stock=stock, quantity=needed)


def must_hold(*, order: Order, line: OrderLine, quantity: int) -> None:
    """Raise ValidationError on "quantity" unless the order holds so many more pieces than lie in its open parcels."""
    owed = next(owed for owed in owed_of(order) if owed.line.pk == line.pk)
    in_open_parcels = owed.packed - owed.sent
    if _holds(_live(order).get(line.product_id)) < in_open_parcels + quantity:
        sentence = _("Of “%(name)s” nothing is left in stock for this order. Receive some first.")
        raise ValidationError({"quantity": sentence % {"name": line.name}})


def take(*, shipment: Shipment, by: User) -> None:
    """Take what lies in a locked parcel off the shelf, inside the caller's transaction."""
    order = shipment.order
    leaving = _contents(shipment)
    held = _live(order)
    for product, stock in locking.stocks(leaving).items():  # type: ignore[arg-type]
        quantity = leaving[product]
        reservation = held[product]
        # First it holds less, then less is there: what is reserved is never more than what lies there.
        reservation.taken += quantity
        reservation.save(update_fields=["taken"])
        _move(stock, order, by, -quantity)


def _move(stock: Stock, order: Order, by: User, change: int) -> None:
    StockMovement.objects.create(stock=stock, kind=MovementKind.SHIPPED, change=change, order=order, staff=by)


def _contents(shipment: Shipment) -> Mapping[object, int]:
    found: dict[object, int] = {}
    for item in shipment.items.filter(void_at__isnull=True).select_related("line"):
        found[item.line.product_id] = found.get(item.line.product_id, 0) + item.quantity
    return found


def _live(order: Order) -> dict[object, Reservation]:
    rows = Reservation.objects.filter(order=order, released_at__isnull=True).select_related("stock")
    return {reservation.stock.product_id: reservation for reservation in rows}


def _holds(reservation: Reservation | None) -> int:
    return reservation.quantity - reservation.taken if reservation else 0
