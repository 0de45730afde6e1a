"""What a visitor reads about their cart."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from shop.forms.buying import QuantityForm
from shop.money import dollars
from shop.selectors.carts import CartRow, has_changed


@dataclass(frozen=True, slots=True)
class Line:
    """One product in the cart."""

    row: CartRow
    form: QuantityForm

    @property
    def name(self) -> str:
        """What it is called."""
        return self.row.line.product.local_name

    @property
    def url(self) -> str:
        """Its page, "" when it is not sold any more."""
        return reverse("product", args=[self.row.line.product.slug]) if self.row.is_sold else ""

    @property
    def price(self) -> str:
        """What one piece costs now."""
        return dollars(self.row.price.cents) if self.row.price else ""

    @property
    def total(self) -> str:
        """What all pieces cost now."""
        return dollars(self.row.cents)

    @property
    def change(self) -> str:
        """How the price differs from the one that was seen, "" when it does not."""
        if not self.row.is_sold:
            return _("This is not sold any more.")
        if self.row.price is None or not self.row.has_changed:
            return ""
        line = self.row.line
        parts = []
        if self.row.price.cents != line.seen_cents:
            words = _("It cost %(before)s when you looked, and costs %(now)s now.")
            parts.append(words % {"before": dollars(line.seen_cents), "now": dollars(self.row.price.cents)})
        if self.row.price.yearly_fee != line.seen_fee:
            words = _("The yearly fee was %(before)s, and is %(now)s now.")
            parts.append(words % {"before": dollars(line.seen_fee), "now": dollars(self.row.price.yearly_fee)})
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class CartPage:
    """A cart. refused: the form of the line that was just refused, by the product's slug."""

    rows: Sequence[CartRow]
    refused: tuple[str, QuantityForm] | None = None

    @property
    def lines(self) -> list[Line]:
        """Its lines."""
        return [Line(row, self._form(row)) for row in self.rows]

    @property
    def needs_look(self) -> bool:
        """Whether something costs another amount than its visitor saw, or is gone."""
        return has_changed(self.rows) or not all(row.is_sold for row in self.rows)

    @property
    def goods(self) -> str:
        """What all of it costs now, without discount, fee and tax."""
        return dollars(sum(row.cents for row in self.rows if row.is_sold))

    @property
    def fees_now(self) -> str:
        """What the first year's fees add that are in no price, "" for nothing."""
        fees = sum(
            row.price.yearly_fee * row.line.quantity
            for row in self.rows
            if row.price and row.is_sold and not row.line.product.first_year_included
        )
        return dollars(fees) if fees else ""

    @property
    def later_years(self) -> str:
        """What is to be paid in each later year, "" for nothing."""
        fees = sum(row.price.yearly_fee * row.line.quantity for row in self.rows if row.price and row.is_sold)
        return dollars(fees) if fees else ""

    def _form(self, row: CartRow) -> QuantityForm:
        slug = row.line.product.slug
        if self.refused and self.refused[0] == slug:
            return self.refused[1]
        return QuantityForm(initial={"quantity": row.line.quantity}, auto_id=f"{slug}-%s")
