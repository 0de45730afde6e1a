from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from shop.catalogue.forms.shop import QuantityForm
from shop.catalogue.money import dollars
from shop.catalogue.presenters.stock import StockTag
from shop.orders.policies.orders import short_words
from shop.orders.presenters.totals import Totals, goods_lines, later_line
from shop.orders.selectors.carts import CartRow, has_changed


@dataclass(frozen=True, slots=True)
class Line:
    row: CartRow
    form: QuantityForm

    @property
    def name(self) -> str:
        return self.row.line.product.local_name

    @property
    def url(self) -> str:
        return reverse("product", args=[self.row.line.product.slug]) if self.row.is_sold else ""

    @property
    def price(self) -> str:
        return dollars(self.row.price.cents) if self.row.price else ""

    @property
    def total(self) -> str:
        return dollars(self.row.cents)

    @property
    def stock(self) -> StockTag | None:
        return StockTag(self.row.line.product.free) if self.row.is_sold else None

    @property
    def short(self) -> str:
        return short_words(self.name, self.row.line.product.free or 0) if self.row.is_sold and self.row.is_short else ""

    @property
    def change(self) -> str:
        price, line = self.row.price, self.row.line
        if price is None or not self.row.is_sold:
            return _("This is not sold any more.")
        parts = []
        if price.cents != line.seen_cents:
            words = _("It cost %(before)s when you looked, and costs %(now)s now.")
            parts.append(words % {"before": dollars(line.seen_cents), "now": dollars(price.cents)})
        if price.yearly_fee != line.seen_fee:
            words = _("The yearly fee was %(before)s, and is %(now)s now.")
            parts.append(words % {"before": dollars(line.seen_fee), "now": dollars(price.yearly_fee)})
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class CartPage:
    """A cart. refused: slug and form of the line that was just refused."""

    rows: Sequence[CartRow]
    refused: tuple[str, QuantityForm] | None = None

    @property
    def lines(self) -> list[Line]:
        return [Line(row, self._form(row)) for row in self.rows]

    @property
    def is_changed(self) -> bool:
        return has_changed(self.rows) or not all(row.is_sold for row in self.rows)

    @property
    def why_not(self) -> str:
        if self.is_changed:
            return _("Please check what changed first.")
        if any(row.is_short for row in self.rows):
            return _("There are not enough left. Please change the number above first.")
        return ""

    @property
    def totals(self) -> Totals:
        sold = [row for row in self.rows if row.is_sold]
        goods, fees = sum(row.cents for row in sold), sum(row.first_fees for row in sold)
        discount = sum(row.discount for row in sold)
        yearly = sum(row.price.yearly_fee * row.line.quantity for row in sold if row.price)
        return Totals(
            goods_lines(goods=goods, first_fees=fees, discount=discount),
            (_("Total before sales tax"), dollars(goods + fees - discount)),
            later_line(yearly) if yearly else None,
        )

    def _form(self, row: CartRow) -> QuantityForm:
        slug = row.line.product.slug
        if self.refused and self.refused[0] == slug:
            return self.refused[1]
        return QuantityForm(initial={"quantity": row.line.quantity}, auto_id=f"{slug}-%s")
