from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from shop.catalogue.models import Price
from shop.catalogue.money import percent
from shop.catalogue.selectors.prices import best_discount, discounts_at, prices_at
from shop.orders.models.carts import Cart, CartLine
from shop.orders.models.orders import Order


@dataclass(frozen=True, slots=True)
class CartRow:
    """A line of a cart with its current price. price: None if it is not sold now. off: discount in basis points."""

    line: CartLine
    price: Price | None
    off: int

    @property
    def is_sold(self) -> bool:
        return self.price is not None and self.line.product.retired_at is None

    @property
    def has_changed(self) -> bool:
        seen = (self.line.seen_cents, self.line.seen_fee)
        return self.price is not None and (self.price.cents, self.price.yearly_fee) != seen

    @property
    def cents(self) -> int:
        """The cost of the line now, in cents, without discount, fee and tax."""
        return self.price.cents * self.line.quantity if self.price else 0

    @property
    def first_fees(self) -> int:
        """The first year's fees that are not in the price, in cents."""
        if self.price is None or self.line.product.first_year_included:
            return 0
        return self.price.yearly_fee * self.line.quantity

    @property
    def discount(self) -> int:
        return percent(self.cents, self.off)

    @property
    def is_short(self) -> bool:
        free = self.line.product.free
        return free is not None and self.line.quantity > free

    @property
    def needs_look(self) -> bool:
        return self.has_changed or not self.is_sold or self.is_short


def rows_of(cart: Cart | None) -> Sequence[CartRow]:
    """Return the lines of a cart in the order in which they came. Three queries."""
    return [] if cart is None else rows_in(cart.lines.all())


def rows_in(lines: QuerySet[CartLine]) -> Sequence[CartRow]:
    found = list(lines.select_related("product__stock").order_by("pk"))
    products = [line.product for line in found]
    prices, discounts = prices_at(products), discounts_at(products)
    return [
        CartRow(
            line,
            prices.get(line.product_id),
            off=best_discount(discounts.get(line.product_id, []), line.quantity),
        )
        for line in found
    ]


def has_changed(rows: Sequence[CartRow]) -> bool:
    return any(row.has_changed for row in rows)


def is_about(order: Order, rows: Sequence[CartRow]) -> bool:
    """True if a draft order holds the same products as the cart does now."""
    wanted = {row.line.product_id: row.line.quantity for row in rows}
    return wanted == dict(order.lines.values_list("product", "quantity"))
