from dataclasses import dataclass
from functools import cached_property
from math import ceil

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shop.catalogue.models import Discount, ProductKind, ProductPicture
from shop.catalogue.money import dollars, percent
from shop.catalogue.presenters.facts import facts_of
from shop.catalogue.presenters.stock import StockTag
from shop.catalogue.selectors.prices import best_discount
from shop.catalogue.selectors.products import Offer
from shop.rules import MOST_OF_ONE, PICTURE_SIDES

PRODUCTS_A_PAGE = 20
MOST_CHOICES = 12
"""At most this many kinds of CORE on the page, the cheapest."""


class Heading(TextChoices):
    CORE = ProductKind.CORE.value, gettext_lazy("COREs")
    SERVICE = ProductKind.SERVICE.value, gettext_lazy("Services")
    ACCESSORY = ProductKind.ACCESSORY.value, gettext_lazy("Accessories")


@dataclass(frozen=True)
class Shown:
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
    offer: Offer

    @property
    def name(self) -> str:
        return self.offer.product.local_name

    @property
    def url(self) -> str:
        return reverse("product", args=[self.offer.product.slug])

    @property
    def pictures(self) -> list[Shown]:
        return [Shown(picture) for picture in self.offer.pictures]

    @property
    def picture(self) -> Shown | None:
        return next(iter(self.pictures), None)

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
    def price(self) -> str:
        return dollars(self.offer.price.cents)

    @property
    def has_fee(self) -> bool:
        return self.offer.price.yearly_fee > 0

    @property
    def first_year(self) -> str:
        return dollars(first_year_of(self.offer))

    @property
    def later_years(self) -> str:
        return dollars(self.offer.price.yearly_fee)

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
        return StockTag(self.offer.stock.free if self.offer.stock else None)


@dataclass(frozen=True, slots=True)
class Choice:
    """COREs of one kind that serve a number of cameras, without sales tax."""

    card: ProductCard
    pieces: int
    connects: int
    first_cents: int
    later_cents: int

    @property
    def first_year(self) -> str:
        return dollars(self.first_cents)

    @property
    def later_years(self) -> str:
        return dollars(self.later_cents)


def discount_words(discount: Discount) -> str:
    facts = {"percent": f"{discount.basis_points / 100:g}", "count": discount.from_quantity}
    return _("%(percent)s %% off if you buy %(count)d or more") % facts


def sections(offers: list[Offer]) -> list[tuple[str, list[ProductCard]]]:
    found = []
    for heading in Heading:
        cards = [ProductCard(offer) for offer in offers if offer.product.kind == heading.value]
        if cards:
            found.append((str(heading.label), cards))
    return found


def choices(offers: list[Offer], cameras: int, *, most: int = MOST_OF_ONE) -> list[Choice]:
    """Return the COREs that serve a number of cameras, the cheapest first year first. most: pieces of one order."""
    found = [_choice(offer, cameras) for offer in offers if offer.product.core_model is not None]
    fit = sorted(
        (choice for choice in found if choice.pieces <= most),
        key=lambda choice: (choice.first_cents, choice.later_cents, choice.card.name),
    )
    return fit[:MOST_CHOICES]


def first_year_of(offer: Offer) -> int:
    """Return the price of one piece with its first year's fee, in cents, without tax."""
    return offer.price.cents + (0 if offer.product.first_year_included else offer.price.yearly_fee)


def _choice(offer: Offer, cameras: int) -> Choice:
    model = offer.product.core_model
    if model is None:
        raise ValueError("only COREs connect cameras")
    pieces = ceil(cameras / model.cameras_supported)
    goods = offer.price.cents * pieces
    off = percent(goods, best_discount(offer.discounts, pieces))
    fees = (first_year_of(offer) - offer.price.cents) * pieces
    return Choice(
        card=ProductCard(offer),
        pieces=pieces,
        connects=pieces * model.cameras_supported,
        first_cents=goods - off + fees,
        later_cents=offer.price.yearly_fee * pieces,
    )
