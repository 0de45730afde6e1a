"""Pieces in stock that are reserved for an order. Everything here runs inside the transaction of its act."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from shop.catalogue import services as catalogue
from shop.catalogue.models import Reservation
from shop.orders import policies
from shop.orders.models.orders import Order
from shop.orders.selectors.orders import live_reservations


def reserve_stock(*, order: Order) -> None:
    """Reserve a locked order, all or nothing. Raises ValidationError on "lines"."""
    needed = stock_needs_of(order)
    locked = catalogue.lock_stocks(needed)
    short = [
        policies.short_words(name, locked[product].free if product in locked else 0)
        for product, (name, quantity) in needed.items()
        if product not in locked or locked[product].free < quantity
    ]
    if short:
        raise ValidationError({"lines": short})
    for product, stock in locked.items():
        Reservation.objects.create(order=order, stock=stock, quantity=needed[product][1])


def release_stock(*, order: Order) -> None:
    """Release the pieces that a locked order still holds."""
    held = Reservation.objects.filter(order=order, released_at__isnull=True).select_related("stock")
    catalogue.lock_stocks(reservation.stock.product_id for reservation in held)
    held.update(released_at=timezone.now())


def is_reserved(*, order: Order) -> bool:
    return live_reservations(order).keys() >= stock_needs_of(order).keys()


def stock_needs_of(order: Order) -> Mapping[UUID, tuple[str, int]]:
    """Return name and pieces of each product that an order needs from stock, by the product's id."""
    lines = order.lines.select_related("product").order_by("position")
    return {line.product_id: (line.local_name, line.quantity) for line in lines if line.product.is_shipped}


def reserve_again(*, order: Order, needs: Mapping[UUID, int]) -> None:
    """Reserve the pieces that a locked order still owes, by product, as far as the stock goes."""
    held = live_reservations(order)
    short = {pk: needed for pk, needed in needs.items() if needed > (held[pk].left if pk in held else 0)}
    for stock in catalogue.lock_stocks(short).values():
        before, needed = held.get(stock.product_id), short[stock.product_id]
        if stock.free < needed - (before.left if before else 0):
            continue
        if before is not None:
            before.released_at = timezone.now()
            before.save(update_fields=["released_at"])
        Reservation.objects.create(order=order, stock=stock, quantity=needed)
