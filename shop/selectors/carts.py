"""A cart as its visitor sees it: what each thing costs now, and whether that is what they saw last."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from shop.models import Cart, CartLine, Price
from shop.selectors.prices import prices_at


@dataclass(frozen=True, slots=True)
class CartRow:
    """A line with the price in force. price: None when it is not sold now."""

    line: CartLine
    price: Price | None

    @property
    def is_sold(self) -> bool:
        """Whether it can be bought now."""
        return self.price is not None and self.line.product.retired_at is None

    @property
    def has_changed(self) -> bool:
        """Whether its price is another than the one its visitor accepted."""
        seen = (self.line.seen_cents, self.line.seen_fee)
        return self.price is not None and (self.price.cents, self.price.yearly_fee) != seen

    @property
    def cents(self) -> int:
        """What the line costs now, without discount, fee and tax."""
        return self.price.cents * self.line.quantity if self.price else 0


def rows_of(cart: Cart | None) -> Sequence[CartRow]:
    """Return the lines of a cart in the order in which they came. Two queries, however many there are."""
    return [] if cart is None else rows_in(cart.lines.all())


def rows_in(lines: QuerySet[CartLine]) -> Sequence[CartRow]:
    """Return lines of one cart with the prices of now."""
    found = list(lines.select_related("product").order_by("pk"))
    prices = prices_at(line.product for line in found)
    return [CartRow(line, prices.get(line.product_id)) for line in found]


def has_changed(rows: Sequence[CartRow]) -> bool:
    """Tell whether a price is another than the one that was accepted."""
    return any(row.has_changed for row in rows)
