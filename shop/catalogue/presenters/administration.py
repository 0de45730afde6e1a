from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.pages.components import Cell, Moment, Table, link
from shop.catalogue import selectors
from shop.catalogue.models import Price, Product, ProductKind, StockMovement
from shop.catalogue.money import dollars
from shop.catalogue.presenters.products import NOTHING, ProductCard, discount_words, left_words, shelves_of
from shop.catalogue.selectors import Offer, Shelf
from shop.catalogue.services import ProductDetails


@dataclass(frozen=True, slots=True)
class Row:
    product: Product
    price: Price | None
    shelf: Shelf | None = None

    @property
    def price_words(self) -> str:
        return price_words(self.price) if self.price else _("No price yet, so it is not sold")

    @property
    def stock_words(self) -> str:
        return NOTHING if self.shelf is None else left_words(self.shelf)

    @property
    def state(self) -> tuple[str, str]:
        if self.product.retired_at:
            return "quiet", _("No longer sold")
        return ("good", _("Sold")) if self.price else ("warn", _("Not sold yet"))


def rows() -> list[Row]:
    products, prices = selectors.all_products()
    shelves = shelves_of(products)
    return [Row(product, prices.get(product.pk), shelves.get(product.pk)) for product in products]


def table() -> Table:
    columns = [_("Product"), _("What is it?"), _("Price"), _("Stock"), _("State")]
    return Table(_("What is sold"), columns, [_cells(row) for row in rows()])


def _cells(row: Row) -> list[object]:
    name = link(row.product.name, "catalogue_product", row.product.pk)
    return [name, row.product.get_kind_display(), row.price_words, row.stock_words, Cell(tags=[row.state])]


def price_words(price: Price) -> str:
    if not price.yearly_fee:
        return dollars(price.cents)
    return _("%(price)s, %(fee)s a year") % {"price": dollars(price.cents), "fee": dollars(price.yearly_fee)}


def price_moments(product: Product) -> list[Moment]:
    return [
        Moment(each.starts_at, price_words(each), each.set_by.pseudonym) for each in selectors.price_history(product)
    ]


def stock_moments(product: Product) -> list[Moment]:
    return [_movement(each) for each in selectors.stock_movements(product)]


def discounts(product: Product) -> list[tuple[Any, str]]:
    return [(each, discount_words(each)) for each in selectors.current_discounts(product)]


def preview(product: Product | None, kind: str, details: ProductDetails, price: Price | None) -> ProductCard:
    """Return the card of a product as a visitor would see it once saved. Nothing is saved."""
    columns = {name: getattr(details, name) for name in ProductDetails.__slots__}
    shown = Product(kind=product.kind if product else kind or ProductKind.CORE, slug="preview", **columns)
    moment = timezone.now()
    return ProductCard(Offer(shown, price or Price(cents=0, yearly_fee=0, starts_at=moment), []))


def _movement(movement: StockMovement) -> Moment:
    words = f"{movement.get_kind_display()}: {movement.change:+}"
    more = movement.note or (movement.order.number if movement.order else "")
    by = movement.staff.pseudonym if movement.staff else ""
    return Moment(movement.moved_at, " · ".join(filter(None, (words, more))), by)
