"""Whether a product is there, as visitors read it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
