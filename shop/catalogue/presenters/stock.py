"""How much of a product is left: visitors, administrators and clerks read the same number."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.catalogue.models import Product
from shop.catalogue.selectors import products
from shop.catalogue.selectors.products import Shelf

FEW = 5
"""At or below this number pages say how many are left."""


@dataclass(frozen=True, slots=True)
class StockTag:
    """The tag that says it. free: how many may be sold now, None where that is not counted; then it says nothing."""

    free: int | None

    @property
    def is_sold_out(self) -> bool:
        """Whether it is sold out."""
        return self.free is not None and self.free <= 0

    @property
    def words(self) -> str:
        """How many there are, in words."""
        if self.free is None:
            return ""
        if self.free <= 0:
            return _("Sold out for now")
        if self.free <= FEW:
            return ngettext("Only %(number)d left", "Only %(number)d left", self.free) % {"number": self.free}
        return _("In stock")

    @property
    def kind(self) -> str:
        """The kind of the tag."""
        if self.is_sold_out:
            return "bad"
        return "good" if self.free is not None and self.free > FEW else "warn"


@dataclass(frozen=True, slots=True)
class StockRow:
    """One product on the clerks' board. shelf: how many of it are where.

    cores: how many COREs of its kind are in stock, None for what has no serials. counted: of all products of that kind,
    which share these COREs.
    """

    product: Product
    shelf: Shelf
    cores: int | None
    counted: int

    @property
    def difference(self) -> str:
        """How many more or fewer COREs are in stock than were counted, "" for none: a donated one is not counted."""
        if self.cores is None or self.cores == self.counted:
            return ""
        more = self.cores - self.counted
        if more > 0:
            return ngettext("%(number)d more than counted", "%(number)d more than counted", more) % {"number": more}
        return ngettext("%(number)d fewer than counted", "%(number)d fewer than counted", -more) % {"number": -more}


def rows() -> list[StockRow]:
    """Return each product that is counted, by name. Four queries."""
    kept, cores = products.kept_in_stock(), products.cores_in_stock()
    shelves = products.shelves(kept)
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


def left_words(shelf: Shelf) -> str:
    """Return how many are left to sell, kept for orders, and packed: these are not in stock any more."""
    parts = [_("%(free)d left") % {"free": shelf.free}]
    if shelf.kept:
        parts.append(_("%(kept)d kept for orders") % {"kept": shelf.kept})
    if shelf.packed:
        parts.append(_("%(packed)d packed") % {"packed": shelf.packed})
    return ", ".join(parts)
