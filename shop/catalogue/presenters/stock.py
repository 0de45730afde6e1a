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
    """The stock tag of a product. free: pieces that may be sold now; None if not counted, then it says nothing."""

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

    cores: COREs of its kind in stock, None for a product without serial numbers. counted: pieces of all products of
    that kind, which share these COREs.
    """

    product: Product
    shelf: Shelf
    cores: int | None
    counted: int

    @property
    def difference(self) -> str:
        """The COREs in stock beyond the counted ones, or fewer, "" if equal. A donated CORE is not counted."""
        if self.cores is None or self.cores == self.counted:
            return ""
        more = self.cores - self.counted
        if more > 0:
            return ngettext("%(number)d more than counted", "%(number)d more than counted", more) % {"number": more}
        return ngettext("%(number)d fewer than counted", "%(number)d fewer than counted", -more) % {"number": -more}


def rows() -> list[StockRow]:
    """Return each counted product, by name. Four queries."""
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
    """Return the pieces left to sell, kept for orders, and packed; packed ones are no longer in stock."""
    parts = [_("%(free)d left") % {"free": shelf.free}]
    if shelf.kept:
        parts.append(_("%(kept)d kept for orders") % {"kept": shelf.kept})
    if shelf.packed:
        parts.append(_("%(packed)d packed") % {"packed": shelf.packed})
    return ", ".join(parts)
