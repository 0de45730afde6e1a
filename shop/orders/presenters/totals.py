"""What an order costs, line by line and in all, as buyers and clerks read it."""

from typing import Any

from django.utils.translation import gettext as _

from shop.catalogue.money import dollars
from shop.orders.models.orders import Order, OrderLine, PayMethod
from shop.orders.selectors.quotes import yearly_of
from shop.orders.states import OrderState


def lines_of(order: Order) -> list[tuple[str, str, str]]:
    """Return the lines of an order: what each is, how many at what price, and what it costs without tax."""
    lines = sorted(order.lines.all(), key=lambda line: line.position)
    return [(line.local_name, _pieces_at(line), dollars(line.net)) for line in lines]


def totals(order: Order, *, method: str | None = None) -> list[tuple[str, Any]]:
    """Return what an order costs. method: how it is about to be paid, where that is not chosen yet."""
    if order.renews_id is not None:
        rows: list[tuple[str, Any]] = [(_("Yearly fee"), dollars(order.goods))]
    else:
        fees = sum(line.first_fee * line.quantity for line in order.lines.all())
        rows = goods_lines(goods=order.goods - fees, first_fees=fees, discount=order.discount)
    tax = _("none, by your exemption certificate") if order.exemption_id else dollars(order.tax)
    rows += [(_("Sales tax"), tax), (_sum_words(order, method), dollars(order.total))]
    if yearly := yearly_of(order):
        rows.append(later_line(yearly))
    return rows


def goods_lines(*, goods: int, first_fees: int, discount: int) -> list[tuple[str, Any]]:
    """Return what the goods of a cart or an order cost without tax, in cents."""
    rows: list[tuple[str, Any]] = [(_("Goods"), dollars(goods))]
    if first_fees:
        rows.append((_("Fees of the first year"), dollars(first_fees)))
    if discount:
        rows.append((_("Discount"), dollars(-discount)))
    return rows


def later_line(yearly: int) -> tuple[str, Any]:
    """Return what is to be paid in each later year, without tax."""
    return _("Each later year"), _("%(fee)s, plus sales tax") % {"fee": dollars(yearly)}


def _pieces_at(line: OrderLine) -> str:
    """Return how many at what price, and what is taken off or added."""
    parts = [_("%(count)d at %(price)s each") % {"count": line.quantity, "price": dollars(line.unit_cents)}]
    if line.first_fee:
        parts.append(_("with %(fee)s each for the first year") % {"fee": dollars(line.first_fee)})
    if line.discount:
        parts.append(_("%(off)s less") % {"off": dollars(line.discount)})
    return ", ".join(parts)


def _sum_words(order: Order, method: str | None) -> str:
    """Return what the sum is called: to be paid now only while a card is what is waited for."""
    waits = order.state == OrderState.AWAITING_PAYMENT and order.renews_id is None
    return _("To be paid now") if waits or method == PayMethod.CARD else _("In all")


def addresses(order: Order) -> list[tuple[str, Any]]:
    """Return where the parcel and the invoice go; of a further year nothing is sent."""
    invoice = (_("The invoice goes to"), f"{order.party}, {order.bill_to}")
    if order.renews_id is not None:
        return [invoice]
    return [(_("The parcel goes to"), f"{order.ship_name}, {order.ship_to}"), invoice]
