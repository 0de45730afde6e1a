"""Single COREs that leave the shelf or come back to it outside of parcels: under warranty, and after a return.

The shelf is what is counted and sold. A CORE that never left it, a donated one, is not put there by itself.
"""

from uuid import UUID

from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from integration.models import Core
from shop.models import Claim, MovementKind, Order, Product, ShipmentItem, Stock, StockMovement
from shop.selectors import charges
from shop.services import locking


def take_for_claim(*, core: Core, claim: Claim, by: User) -> None:
    """Take a locked CORE that goes out under warranty off the shelf, inside the caller's transaction.

    Where all that is there is kept for orders, it came from elsewhere, and the count stays as it is.
    """
    item = charges.bought_as(claim)
    sold = item.line.product_id if item is not None else None
    products = Product.objects.filter(core_model=core.model_id).values_list("pk", flat=True)
    found = [stock for stock in locking.stocks(products).values() if stock.free > 0]
    if found:
        best = max(found, key=lambda stock: (stock.product_id == sold, stock.free))
        _move(best, core, by, kind=MovementKind.SHIPPED, change=-1, note=claim.number)


def put_back(core: Core, by: User) -> None:
    """Put a locked CORE that left the shelf once back onto it, inside the transaction that restocks it."""
    sent = ShipmentItem.objects.filter(core=core, shipment__handed_over_at__isnull=False).select_related("line")
    moved = StockMovement.objects.filter(core=core).select_related("stock").order_by("-moved_at")
    left = sent.count() + moved.filter(kind=MovementKind.SHIPPED).count()
    if left <= moved.filter(kind=MovementKind.RETURNED).count():
        return
    item = sent.select_related("shipment__order").order_by("-packed_at").first()
    under_warranty = moved.filter(kind=MovementKind.SHIPPED).first()
    product = item.line.product_id if item is not None else under_warranty.stock.product_id if under_warranty else None
    if (stock := _stock(product)) is not None:
        order = item.shipment.order if item is not None else None
        _move(stock, core, by, kind=MovementKind.RETURNED, change=1, note=core.serial, order=order)


def _stock(product: UUID | None) -> Stock | None:
    return locking.stocks([product]).get(product) if product is not None else None


def _move(
    stock: Stock, core: Core, by: User, *, kind: MovementKind, change: int, note: str, order: Order | None = None
) -> None:
    StockMovement.objects.create(stock=stock, kind=kind, change=change, note=note, order=order, core=core, staff=by)
    facts: dict[str, int | str] = {"kind": kind.value, "change": change, "core": core.serial}
    record(event=Event.STOCK_CHANGED, actor=by.actor, subject=stock.product.subject, facts=facts)
