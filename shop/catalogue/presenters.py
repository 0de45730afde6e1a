"""Products, prices and stock in words. Visitors, administrators and clerks read the same numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.pages.components import Cell, Moment, Table, link
from shop.catalogue import selectors
from shop.catalogue.hooks import packed
from shop.catalogue.models import Discount, Price, Product, ProductKind, ProductPicture
from shop.catalogue.money import dollars, percent
from shop.rules import MOST_OF_ONE, PICTURE_SIDES, SHIP_WITHIN

NOTHING = "\N{EN DASH}"


def pieces(quantity: int, name: str) -> str:
    return f"{quantity} \N{MULTIPLICATION SIGN} {name}"


def facts_of(product: Product) -> list[tuple[str, str]]:
    delivery, warranty = product.local_fact("delivery"), product.local_fact("warranty")
    if product.is_shipped:
        sent = _("Ships within %(days)d days.") % {"days": SHIP_WITHIN.days}
        delivery = f"{sent} {delivery}".strip()
    if product.kind == ProductKind.CORE:
        kept = _("As long as it is active. If it does not work, we take care of it, free of charge.")
        warranty = f"{kept} {warranty}".strip()
    facts = [
        (_("In the box"), product.local_fact("box")),
        (_("Power"), product.local_fact("power")),
        (_("Network"), product.local_fact("network")),
        (_("Works with"), product.local_fact("works_with")),
        (_("Delivery"), delivery),
        # The shop never charges for a parcel, so this is true of every parcel.
        (_("Shipping"), _("Free. It is in the price.") if product.is_shipped else ""),
        (_("Warranty"), warranty),
    ]
    return [(term, words) for term, words in facts if words]


FEW = 5
"""If this many pieces or fewer are left, pages say how many."""


@dataclass(frozen=True, slots=True)
class StockTag:
    """The stock tag of a product. free: pieces that may be sold now; None and no words for a product without stock."""

    free: int | None

    @property
    def is_sold_out(self) -> bool:
        return self.free is not None and self.free <= 0

    @property
    def words(self) -> str:
        if self.free is None:
            return ""
        if self.free <= 0:
            return _("Sold out for now")
        if self.free <= FEW:
            return ngettext("Only %(number)d left", "Only %(number)d left", self.free) % {"number": self.free}
        return _("In stock")

    @property
    def kind(self) -> str:
        if self.is_sold_out:
            return "bad"
        return "good" if self.free is not None and self.free > FEW else "warn"


@dataclass(frozen=True, slots=True)
class StockRow:
    """A product on the clerks' board. shelf: its pieces.

    cores: COREs of its kind in stock, None for a product without serial numbers. counted: pieces in stock of all
    products with that kind of CORE, which share these COREs.
    """

    product: Product
    shelf: selectors.Shelf
    cores: int | None
    counted: int

    @property
    def difference(self) -> str:
        """How many more or fewer COREs are in stock than counted, or "" if equal. A donated CORE is not counted."""
        if self.cores is None or self.cores == self.counted:
            return ""
        more = self.cores - self.counted
        if more > 0:
            return ngettext("%(number)d more than counted", "%(number)d more than counted", more) % {"number": more}
        return ngettext("%(number)d fewer than counted", "%(number)d fewer than counted", -more) % {"number": -more}


def shelves_of(kept: Iterable[Product]) -> Mapping[UUID, selectors.Shelf]:
    """Return the pieces of each product by its id, packed ones included. Every page that counts pieces calls this."""
    return selectors.shelves(kept, packed.answer.pieces())


def stock_rows() -> list[StockRow]:
    """Return a row for each product that is sold and kept in stock, by name. Four queries."""
    kept, cores = selectors.stocked_products(), selectors.cores_in_stock(list(packed.answer.cores()))
    shelves = shelves_of(kept)
    counted: dict[object, int] = {}
    for product in kept:
        counted[product.core_model_id] = counted.get(product.core_model_id, 0) + shelves[product.pk].in_stock
    return [
        StockRow(
            product,
            shelves[product.pk],
            cores.get(product.core_model_id, 0) if product.core_model_id else None,
            counted[product.core_model_id],
        )
        for product in kept
    ]


def left_words(shelf: selectors.Shelf) -> str:
    """Return how many pieces are left to sell, kept for orders, and packed; packed pieces are not in stock any more."""
    parts = [_("%(free)d left") % {"free": shelf.free}]
    if shelf.kept:
        parts.append(_("%(kept)d kept for orders") % {"kept": shelf.kept})
    if shelf.packed:
        parts.append(_("%(packed)d packed") % {"packed": shelf.packed})
    return ", ".join(parts)


PRODUCTS_A_PAGE = 20
MOST_CHOICES = 12
"""The page offers at most this many kinds of CORE, the cheapest."""
HEADINGS = {
    ProductKind.CORE: gettext_lazy("COREs"),
    ProductKind.SERVICE: gettext_lazy("Services"),
    ProductKind.ACCESSORY: gettext_lazy("Accessories"),
}


@dataclass(frozen=True)
class ShownPicture:
    picture: ProductPicture

    @property
    def small(self) -> str:
        return self._addresses["small"]

    @property
    def sources(self) -> str:
        """Address and width of each size, for `srcset`."""
        return ", ".join(f"{self._addresses[size]} {side}w" for size, side in sorted(PICTURE_SIDES.items()))

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {size: reverse("product_picture", args=[self.picture.pk, size]) for size in PICTURE_SIDES}


@dataclass(frozen=True, slots=True)
class ProductCard:
    offer: selectors.Offer

    @property
    def name(self) -> str:
        return self.offer.product.local_name

    @property
    def pictures(self) -> list[ShownPicture]:
        return [ShownPicture(picture) for picture in self.offer.product.pictures.all()]

    @property
    def cameras(self) -> str:
        model = self.offer.product.core_model
        if model is None:
            return ""
        words = ngettext("Connects %(number)d camera", "Connects up to %(number)d cameras", model.cameras_supported)
        return words % {"number": model.cameras_supported}

    @property
    def facts(self) -> list[tuple[str, str]]:
        return facts_of(self.offer.product)

    @property
    def has_fee(self) -> bool:
        return self.offer.price.yearly_fee > 0

    @property
    def first_year(self) -> str:
        return dollars(first_year_of(self.offer))

    @property
    def fee_words(self) -> str:
        if not self.has_fee:
            return _("There is no yearly fee.")
        if self.offer.product.first_year_included:
            return _("The first year's fee is in the price.")
        return _("The first year's fee is added to the price.")

    @property
    def discounts(self) -> list[str]:
        return [discount_words(each) for each in reversed(self.offer.discounts)]

    @property
    def stock(self) -> StockTag:
        product = self.offer.product
        return StockTag(product.stock.free if hasattr(product, "stock") else None)


@dataclass(frozen=True, slots=True)
class CoreChoice:
    """COREs of one kind for a number of cameras. pieces: COREs. connects: cameras. Cents are without sales tax."""

    card: ProductCard
    pieces: int
    connects: int
    first_cents: int
    later_cents: int


def discount_words(discount: Discount) -> str:
    facts = {"percent": f"{discount.basis_points / 100:g}", "count": discount.from_quantity}
    return _("%(percent)s %% off if you buy %(count)d or more") % facts


def offers_by_kind(offers: list[selectors.Offer]) -> list[tuple[str, list[ProductCard]]]:
    by_kind = {kind: [ProductCard(offer) for offer in offers if offer.product.kind == kind] for kind in HEADINGS}
    return [(str(HEADINGS[kind]), cards) for kind, cards in by_kind.items() if cards]


def core_choices(offers: list[selectors.Offer], cameras: int, *, most: int = MOST_OF_ONE) -> list[CoreChoice]:
    """Return choices of COREs for a number of cameras, cheapest first year first. most: pieces allowed in an order."""
    found = [_core_choice(offer, cameras) for offer in offers if offer.product.core_model is not None]
    fit = sorted(
        (choice for choice in found if choice.pieces <= most),
        key=lambda choice: (choice.first_cents, choice.later_cents, choice.card.name),
    )
    return fit[:MOST_CHOICES]


def first_year_of(offer: selectors.Offer) -> int:
    """Return the price of one piece with its first year's fee, in cents, without tax."""
    return offer.price.cents + (0 if offer.product.first_year_included else offer.price.yearly_fee)


def _core_choice(offer: selectors.Offer, cameras: int) -> CoreChoice:
    model = offer.product.core_model
    if model is None:
        raise ValueError("only COREs connect cameras")
    pieces = ceil(cameras / model.cameras_supported)
    goods = offer.price.cents * pieces
    off = percent(goods, selectors.best_discount(offer.discounts, pieces))
    fees = (first_year_of(offer) - offer.price.cents) * pieces
    return CoreChoice(
        card=ProductCard(offer),
        pieces=pieces,
        connects=pieces * model.cameras_supported,
        first_cents=goods - off + fees,
        later_cents=offer.price.yearly_fee * pieces,
    )


@dataclass(frozen=True, slots=True)
class Row:
    product: Product
    price: Price | None
    shelf: selectors.Shelf | None = None

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


def table() -> Table:
    products, prices = selectors.all_products()
    shelves = shelves_of(products)
    rows = []
    for product in products:
        row = Row(product, prices.get(product.pk), shelves.get(product.pk))
        name = link(product.name, "catalogue_product", product.pk)
        rows.append([name, product.get_kind_display(), row.price_words, row.stock_words, Cell(tags=[row.state])])
    columns = [_("Product"), _("What is it?"), _("Price"), _("Stock"), _("State")]
    return Table(_("What is sold"), columns, rows)


def price_words(price: Price) -> str:
    if not price.yearly_fee:
        return dollars(price.cents)
    return _("%(price)s, %(fee)s a year") % {"price": dollars(price.cents), "fee": dollars(price.yearly_fee)}


def price_moments(product: Product) -> list[Moment]:
    history = product.prices.select_related("set_by").order_by("-starts_at")
    return [Moment(each.starts_at, price_words(each), each.set_by.pseudonym) for each in history]


def stock_moments(product: Product) -> list[Moment]:
    moments = []
    for each in selectors.stock_movements(product):
        words = f"{each.get_kind_display()}: {each.change:+}"
        more = each.note or (each.order.number if each.order else "")
        by = each.staff.pseudonym if each.staff else ""
        moments.append(Moment(each.moved_at, " · ".join(filter(None, (words, more))), by))
    return moments


def discounts(product: Product) -> list[tuple[Any, str]]:
    current = product.discounts.filter(ended_at__isnull=True).order_by("from_quantity")
    return [(each, discount_words(each)) for each in current]


def preview(product: Product | None, kind: str, details: Product, price: Price | None) -> ProductCard:
    """Return the card of a product as a visitor will see it, before it is saved. product: None for a new one."""
    details.kind, details.slug = product.kind if product else kind or ProductKind.CORE, "preview"
    return ProductCard(selectors.Offer(details, price or Price(cents=0, yearly_fee=0, starts_at=timezone.now()), []))
