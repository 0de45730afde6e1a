"""What a business's own data holds of the shop: its orders, with what each line cost."""

from registry import own_tables
from registry.archive import Cell
from registry.models import Registrant
from shop.models import CardOnFile, Claim, OrderLine, Return, Term
from shop.selectors.books import placed_by


def register() -> None:
    """Add the tables."""
    own_tables.register("orders", orders)
    own_tables.register("order_lines", order_lines)
    own_tables.register("connections", connections)
    own_tables.register("returns", returns)
    own_tables.register("claims", claims)


def orders(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each order, newest first. Amounts are cents."""
    return [
        {
            "number": order.number,
            "state": order.state,
            "placed_at": order.placed_at.isoformat() if order.placed_at else "",
            "party": order.party,
            "ship_to": f"{order.ship_name}, {order.ship_to}",
            "bill_to": str(order.bill_to),
            "goods": order.goods,
            "discount": order.discount,
            "tax": order.tax,
            "total": order.total,
            "consent": order.consent,
        }
        for order in placed_by(registrant)
    ]


def order_lines(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each line of each order. Amounts are cents."""
    rows = OrderLine.objects.filter(order__in=placed_by(registrant)).select_related("order")
    return [
        {
            "order": line.order.number,
            "name": line.name,
            "quantity": line.quantity,
            "unit_cents": line.unit_cents,
            "first_fee": line.first_fee,
            "yearly_fee": line.yearly_fee,
            "discount": line.discount,
            "tax": line.tax,
            "total": line.total,
        }
        for line in rows.order_by("order__placed_at", "position")
    ]


def connections(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each year of each connection, oldest first, and since when a card is on file for later ones."""
    card = CardOnFile.objects.filter(registrant=registrant).first()
    rows = Term.objects.filter(subscription__registrant=registrant).select_related("subscription__core", "line__order")
    return [
        {
            "core": term.subscription.core.serial,
            "state": term.subscription.state,
            "begins": term.starts_on.isoformat(),
            "ends": term.ends_on.isoformat(),
            "order": term.line.order.number,
            "fee": term.fee,
            "refunded": term.refunded,
            "card_since": card.saved_at.isoformat() if card else "",
        }
        for term in rows.order_by("starts_on", "pk")
    ]


def returns(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each return, newest first. Amounts are cents."""
    rows = Return.objects.filter(registrant=registrant).select_related("core", "order")
    return [
        {
            "number": back.number,
            "order": back.order.number,
            "core": back.core.serial,
            "state": back.state,
            "requested_at": back.requested_at.isoformat(),
            "expected": back.expected,
            "refund": "" if back.refund is None else back.refund,
            "reason": back.reason,
        }
        for back in rows.order_by("-requested_at")
    ]


def claims(registrant: Registrant) -> list[dict[str, Cell]]:
    """Return each warranty claim, newest first."""
    rows = Claim.objects.filter(registrant=registrant).select_related("core", "charge")
    return [
        {
            "number": claim.number,
            "core": claim.core.serial,
            "state": claim.state,
            "opened_at": claim.opened_at.isoformat(),
            "problem": claim.problem,
            "reason": claim.reason,
            "old_due_on": claim.old_due_on.isoformat() if claim.old_due_on else "",
            "billed": claim.charge.number if claim.charge else "",
        }
        for claim in rows.order_by("-opened_at")
    ]
