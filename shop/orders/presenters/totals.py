from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shop.catalogue.money import dollars
from shop.orders.models.orders import Order, OrderLine, PayMethod
from shop.orders.selectors.quotes import yearly_of
from shop.orders.states import OrderState

Row = tuple[str, str]
"""Words and an amount."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows and their sum. later: the row of each later year, None if nothing recurs."""

    parts: list[Row]
    sum: Row
    later: Row | None = None


def lines_of(order: Order) -> list[tuple[str, str, str]]:
    """Return the lines of an order: name, pieces at a price, and cost without tax."""
    lines = sorted(order.lines.all(), key=lambda line: line.position)
    return [(line.local_name, _pieces_at(line), dollars(line.net)) for line in lines]


def totals(order: Order, *, method: str | None = None) -> Totals:
    """Return the cost of an order. method: how it is about to be paid, if the order does not say yet."""
    lines = list(order.lines.all())
    if order.renews_id is not None:
        parts = [(_("Yearly fee"), dollars(order.goods))]
    else:
        fees = sum(line.first_fee * line.quantity for line in lines)
        parts = goods_lines(goods=order.goods - fees, first_fees=fees, discount=order.discount)
    tax = _("none, by your exemption certificate") if order.exemption_id else dollars(order.tax)
    parts.append((tax_words(line.tax_basis_points for line in lines), tax))
    yearly = yearly_of(order)
    return Totals(parts, (_sum_words(order, method), dollars(order.total)), later_line(yearly) if yearly else None)


def goods_lines(*, goods: int, first_fees: int, discount: int) -> list[Row]:
    """Return rows for goods, fees and discount, without tax. Arguments in cents."""
    rows = [(_("Items"), dollars(goods))]
    if first_fees:
        rows.append((_("First-year fees"), dollars(first_fees)))
    if discount:
        rows.append((_("Discount"), dollars(-discount)))
    return rows


def later_line(yearly: int) -> Row:
    return _("Each later year, plus sales tax"), dollars(yearly)


def tax_words(rates: Iterable[int]) -> str:
    """Return the label of the sales tax, with its rate if all lines have the same. rates: basis points."""
    known = set(rates)
    if len(known) != 1 or known == {0}:
        return _("Sales tax")
    return _("Sales tax (%(rate)s)") % {"rate": rate_words(known.pop())}


def rate_words(basis_points: int) -> str:
    return _("%(percent)s%%") % {"percent": f"{basis_points / 100:g}"}


def _pieces_at(line: OrderLine) -> str:
    parts = [_("%(count)d at %(price)s each") % {"count": line.quantity, "price": dollars(line.unit_cents)}]
    if line.first_fee:
        parts.append(_("with %(fee)s each for the first year") % {"fee": dollars(line.first_fee)})
    if line.discount:
        parts.append(_("%(off)s less") % {"off": dollars(line.discount)})
    return ", ".join(parts)


def _sum_words(order: Order, method: str | None) -> str:
    waits = order.state == OrderState.AWAITING_PAYMENT and order.renews_id is None
    return _("To be paid now") if waits or method == PayMethod.CARD else _("Total")


def addresses(order: Order) -> list[tuple[str, Any]]:
    invoice = (_("The invoice goes to"), f"{order.party}, {order.bill_to}")
    if order.renews_id is not None:
        return [invoice]
    return [(_("Ships to"), f"{order.ship_name}, {order.ship_to}"), invoice]
