"""What lies on the shelf: counted by staff, reserved by orders, free again when they end."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from shop.models import Order, Product, Reservation, Stock, StockMovement
from shop.policies import catalogue as policy
from shop.policies import orders as order_policy
from shop.services import locking


def change(*, product: Product, by: User, kind: str, change: int, note: str = "") -> Stock:
    """Write down that there is more or less of a product. Raises ValidationError by field, Refused.

    kind: received, corrected or scrapped. What is sold already can't be counted away.
    """
    policy.may_count(by, subject=product.subject)
    with transaction.atomic():
        locked = locking.stocks([product.pk]).get(product.pk)
        if locked is None:
            raise ValidationError({"kind": _("This is not kept in stock.")})
        policy.check_kind(kind)
        policy.check_change(change, free=locked.free)
        policy.check_direction(kind, change)
        tidy = policy.check_note(note, kind=kind)
        StockMovement.objects.create(stock=locked, kind=kind, change=change, note=tidy, staff=by)
        facts: dict[str, int | str] = {"kind": kind, "change": change}
        record(event=Event.STOCK_CHANGED, actor=by.actor, subject=product.subject, facts=facts)
        locked.refresh_from_db()
    return locked


def reserve(*, order: Order) -> None:
    """Reserve what a locked order needs, all or nothing, inside the caller's transaction.

    Raises ValidationError on "lines" that says of what there is too little.
    """
    needed = needs_of(order)
    locked = locking.stocks(needed)
    short = [
        order_policy.short_words(name, locked[product].free if product in locked else 0)
        for product, (name, quantity) in needed.items()
        if product not in locked or locked[product].free < quantity
    ]
    if short:
        raise ValidationError({"lines": short})
    for product, stock in locked.items():
        Reservation.objects.create(order=order, stock=stock, quantity=needed[product][1])


def release(*, order: Order) -> None:
    """Let others buy what a locked order still holds, inside the caller's transaction."""
    held = Reservation.objects.filter(order=order, released_at__isnull=True).select_related("stock")
    locking.stocks(reservation.stock.product_id for reservation in held)
    held.update(released_at=timezone.now())


def is_reserved(*, order: Order) -> bool:
    """Tell whether a locked order still holds what it needs."""
    held = set(
        Reservation.objects.filter(order=order, released_at__isnull=True).values_list("stock__product", flat=True)
    )
    return held >= needs_of(order).keys()


def needs_of(order: Order) -> Mapping[UUID, tuple[str, int]]:
    """Return how many pieces an order needs of what lies on a shelf, with the name to say it by."""
    lines = order.lines.select_related("product").order_by("position")
    return {line.product_id: (line.local_name, line.quantity) for line in lines if line.product.is_shipped}
