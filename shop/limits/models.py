"""Limits of the shop that the agency may set lower, each within bounds that no setting can pass."""

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.agency.models import Bounds, OneRow, within
from shop import rules

MOST_DOLLARS = rules.CLERK_REFUND_LIMIT // 100

BOUNDS: Final[dict[str, Bounds]] = {
    "most_of_one": Bounds(rules.MOST_OF_ONE, 1, rules.MOST_OF_ONE, _("units")),
    "most_lines": Bounds(rules.MOST_LINES, 1, rules.MOST_LINES, _("products")),
    "clerk_refund_dollars": Bounds(MOST_DOLLARS, 0, MOST_DOLLARS, _("dollars")),
}


class ShopLimits(OneRow):
    """The limits in force, one row. Each act reads them once: `ShopLimits.current()`."""

    most_of_one = models.PositiveSmallIntegerField(
        _("units of one product in an order"),
        help_text=_("A business that needs more calls first."),
        **BOUNDS["most_of_one"].options,
    )
    most_lines = models.PositiveSmallIntegerField(
        _("products in an order"),
        help_text=_("Different products in one cart."),
        **BOUNDS["most_lines"].options,
    )
    clerk_refund_dollars = models.PositiveSmallIntegerField(
        _("refund by one person"),
        help_text=_(
            "One person alone gives back so much to one buyer, and in one day, and always less than a CORE costs. "
            "Beyond it a second person sends it."
        ),
        **BOUNDS["clerk_refund_dollars"].options,
    )

    history = HistoricalRecords()

    class Meta(OneRow.Meta):
        verbose_name = "shop limits"
        verbose_name_plural = "shop limits"
        constraints: ClassVar = [*OneRow.Meta.constraints, *within(BOUNDS, table="shop_limits")]

    @property
    def clerk_refund(self) -> int:
        """Limit of what one person alone refunds to one buyer, and in one day, in cents."""
        return self.clerk_refund_dollars * 100
