"""Stock: counted by staff, reserved by orders, released when they end; and single COREs outside of parcels."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from integration.cores.models import Core
from shop.catalogue import policies
from shop.catalogue.models import MovementKind, Product, Reservation, Stock, StockMovement
from shop.orders.models.orders import Order, OrderLine
from shop.orders.policies import orders
from shop.parcels.models import Shipment, ShipmentItem
from shop.parcels.selectors import needs_reservation, owed_of
from shop.warranty import selectors
from shop.warranty.models import Claim


def change(*, product: Product, by: User, kind: str, change: int, note: str = "") -> Stock:
    """Record that there is more or less of a product. Raises ValidationError by field, Refused.

    kind: received, corrected or scrapped. Pieces that are sold already can't be counted away.
    """
    demand(by, Permission.ADMINISTER, Permission.FULFILMENT, subject=product.subject)
    with transaction.atomic():
        locked = stocks([product.pk]).get(product.pk)
        if locked is None:
            raise ValidationError({"kind": _("This is not kept in stock.")})
        policies.check_kind(kind)
        policies.check_change(change, free=locked.free)
        policies.check_direction(kind, change)
        tidy = policies.check_note(note, kind=kind)
        StockMovement.objects.create(stock=locked, kind=kind, change=change, note=tidy, staff=by)
        facts: dict[str, int | str] = {"kind": kind, "change": change}
        record(event=Event.STOCK_CHANGED, actor=by.actor, subject=product.subject, facts=facts)
        locked.refresh_from_db()
    return locked


def reserve(*, order: Order) -> None:
    """Reserve a locked order, all or nothing, inside the caller's transaction. Raises ValidationError on "lines"."""
    needed = needs_of(order)
    locked = stocks(needed)
    short = [
        orders.short_words(name, locked[product].free if product in locked else 0)
        for product, (name, quantity) in needed.items()
        if product not in locked or locked[product].free < quantity
    ]
    if short:
        raise ValidationError({"lines": short})
    for product, stock in locked.items():
        Reservation.objects.create(order=order, stock=stock, quantity=needed[product][1])


def release(*, order: Order) -> None:
    """Release the pieces that a locked order still holds, inside the caller's transaction."""
    held = Reservation.objects.filter(order=order, released_at__isnull=True).select_related("stock")
    stocks(reservation.stock.product_id for reservation in held)
    held.update(released_at=timezone.now())


def is_reserved(*, order: Order) -> bool:
    return _live(order).keys() >= needs_of(order).keys()


def needs_of(order: Order) -> Mapping[UUID, tuple[str, int]]:
    """Return name and pieces of each product that an order needs from stock, by the product's id."""
    lines = order.lines.select_related("product").order_by("position")
    return {line.product_id: (line.local_name, line.quantity) for line in lines if line.product.is_shipped}


def must_hold(*, order: Order, line: OrderLine, quantity: int) -> None:
    """Raise ValidationError on "quantity" unless the order holds that many pieces beyond its open parcels."""
    owed = next(owed for owed in owed_of(order) if owed.line.pk == line.pk)
    in_open_parcels = owed.packed - owed.sent
    if _holds(_live(order).get(line.product_id)) < in_open_parcels + quantity:
        sentence = _("Of “%(name)s” nothing is left in stock for this order. Receive some first.")
        raise ValidationError({"quantity": sentence % {"name": line.name}})


def take(*, shipment: Shipment, by: User) -> None:
    """Take the pieces of a locked parcel out of stock, inside the caller's transaction."""
    order = shipment.order
    leaving = _contents(shipment)
    held = _live(order)
    for product, stock in stocks(leaving).items():  # type: ignore[arg-type]
        quantity = leaving[product]
        reservation = held[product]
        # The reservation shrinks first: stock is never less than what is reserved.
        reservation.taken += quantity
        reservation.save(update_fields=["taken"])
        StockMovement.objects.create(stock=stock, kind=MovementKind.SHIPPED, change=-quantity, order=order, staff=by)


def take_for_claim(*, core: Core, claim: Claim, by: User) -> None:
    """Take a locked CORE that is sent under warranty out of stock, inside the caller's transaction.

    If all stock is reserved for orders, the CORE came from elsewhere, and the count stays.
    """
    item = selectors.bought_as(claim)
    sold = item.line.product_id if item is not None else None
    products = Product.objects.filter(core_model=core.model_id).values_list("pk", flat=True)
    found = [stock for stock in stocks(products).values() if stock.free > 0]
    if found:
        best = max(found, key=lambda stock: (stock.product_id == sold, stock.free))
        _move_core(best, core, by, kind=MovementKind.SHIPPED, change=-1, note=claim.number)


def hold_again(*, order: Order) -> None:
    """Reserve the pieces that a locked order still owes, as far as the stock goes, inside the caller's transaction."""
    needs = needs_reservation(order)
    held = _live(order)
    short = {pk: needed for pk, needed in needs.items() if needed > _holds(held.get(pk))}
    for stock in stocks(short).values():  # type: ignore[arg-type]
        before, needed = held.get(stock.product_id), short[stock.product_id]
        if stock.free < needed - _holds(before):
            continue
        if before is not None:
            before.released_at = timezone.now()
            before.save(update_fields=["released_at"])
        Reservation.objects.create(order=order, stock=stock, quantity=needed)


def put_back(core: Core, by: User) -> None:
    """Put a locked CORE that left stock back into it, inside the transaction that restocks it."""
    sent = ShipmentItem.objects.filter(core=core, shipment__handed_over_at__isnull=False).select_related("line")
    moved = StockMovement.objects.filter(core=core).select_related("stock").order_by("-moved_at")
    left = sent.count() + moved.filter(kind=MovementKind.SHIPPED).count()
    if left <= moved.filter(kind=MovementKind.RETURNED).count():
        # A CORE that was never in stock, such as a donated one, is not added automatically.
        return
    item = sent.select_related("shipment__order").order_by("-packed_at").first()
    under_warranty = moved.filter(kind=MovementKind.SHIPPED).first()
    product = item.line.product_id if item is not None else under_warranty.stock.product_id if under_warranty else None
    for stock in stocks([product] if product else []).values():
        order = item.shipment.order if item is not None else None
        _move_core(stock, core, by, kind=MovementKind.RETURNED, change=1, note=core.serial, order=order)


def stocks(products: Iterable[UUID]) -> dict[UUID, Stock]:
    """Lock the stock of products, always in the order of its ids, whatever the order of the cart. By product id."""
    rows = Stock.objects.select_for_update(no_key=True).filter(product__in=list(products)).order_by("pk")
    return {stock.product_id: stock for stock in rows}


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


def _move_core(
    stock: Stock, core: Core, by: User, *, kind: MovementKind, change: int, note: str, order: Order | None = None
) -> None:
    StockMovement.objects.create(stock=stock, kind=kind, change=change, note=note, order=order, core=core, staff=by)
    facts: dict[str, int | str] = {"kind": kind.value, "change": change, "core": core.serial}
    record(event=Event.STOCK_CHANGED, actor=by.actor, subject=stock.product.subject, facts=facts)
