"""What an order costs, line by line and in all, as buyers and clerks read it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shop.models import Order, OrderLine
from shop.money import dollars


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """One line of an order."""

    line: OrderLine

    @property
    def name(self) -> str:
        """What it is called."""
        return self.line.local_name

    @property
    def words(self) -> str:
        """How many at what price, and what is taken off or added."""
        parts = [
            _("%(count)d at %(price)s each") % {"count": self.line.quantity, "price": dollars(self.line.unit_cents)}
        ]
        if self.line.first_fee:
            parts.append(_("with %(fee)s each for the first year") % {"fee": dollars(self.line.first_fee)})
        if self.line.discount:
            parts.append(_("%(off)s less") % {"off": dollars(self.line.discount)})
        return ", ".join(parts)

    @property
    def net(self) -> str:
        """What it costs without tax."""
        return dollars(self.line.net)


def lines_of(order: Order) -> list[BoughtLine]:
    """Return the lines of an order."""
    return [BoughtLine(line) for line in sorted(order.lines.all(), key=lambda line: line.position)]


def yearly_of(order: Order) -> int:
    """Return what is to be paid in each later year, in cents, without tax."""
    return sum(line.yearly_fee * line.quantity for line in order.lines.all())


def totals(order: Order) -> list[tuple[str, Any]]:
    """Return what an order costs."""
    is_year = order.renews_id is not None
    rows: list[tuple[str, Any]] = [(_("Yearly fee") if is_year else _("Goods"), dollars(order.goods))]
    if order.discount:
        rows.append((_("Discount"), dollars(-order.discount)))
    if order.exemption_id:
        rows.append((_("Sales tax"), _("none, by your exemption certificate")))
    else:
        rows.append((_("Sales tax"), dollars(order.tax)))
    rows.append((_("In all") if is_year else _("To be paid now"), dollars(order.total)))
    yearly = yearly_of(order)
    if yearly:
        rows.append((_("Each later year"), _("%(fee)s, plus sales tax") % {"fee": dollars(yearly)}))
    return rows


def addresses(order: Order) -> list[tuple[str, Any]]:
    """Return where the parcel and the invoice go; of a further year nothing is sent."""
    invoice = (_("The invoice goes to"), f"{order.party}, {order.bill_to}")
    if order.renews_id is not None:
        return [invoice]
    return [(_("The parcel goes to"), f"{order.ship_name}, {order.ship_to}"), invoice]
