"""The numbers of the shop that the agency may set lower for itself, each within bounds that no setting can pass."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.agency.models import OneRow
from shop import rules


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a limit begins with, which is the most, the least that it may be set to, and its unit."""

    most: int
    least: int
    unit: str | Promise


BOUNDS: Final[dict[str, Bounds]] = {
    "most_of_one": Bounds(rules.MOST_OF_ONE, 1, _("pieces")),
    "most_lines": Bounds(rules.MOST_LINES, 1, _("products")),
    "clerk_refund_dollars": Bounds(rules.CLERK_REFUND_LIMIT // 100, 0, _("dollars")),
}


def _options(name: str) -> dict[str, Any]:
    bounds = BOUNDS[name]
    return {
        "default": bounds.most,
        "validators": [MinValueValidator(bounds.least), MaxValueValidator(bounds.most)],
    }


def _within(name: str) -> models.CheckConstraint:
    bounds = BOUNDS[name]
    inside = Q(**{f"{name}__gte": bounds.least, f"{name}__lte": bounds.most})
    return models.CheckConstraint(name=f"shop_limits_{name}_range", condition=inside)


class ShopLimits(OneRow):
    """The limits in force. Read once for each act: `ShopLimits.current()`."""

    most_of_one = models.PositiveSmallIntegerField(
        _("pieces of one product in an order"),
        help_text=_("Whoever needs more calls first."),
        **_options("most_of_one"),
    )
    most_lines = models.PositiveSmallIntegerField(
        _("products in an order"),
        help_text=_("Different products in one cart."),
        **_options("most_lines"),
    )
    clerk_refund_dollars = models.PositiveSmallIntegerField(
        _("refund by one person"),
        help_text=_(
            "One person alone gives back so much to one buyer, and in one day, and always less than a CORE costs. "
            "Beyond it a second person sends it."
        ),
        **_options("clerk_refund_dollars"),
    )

    history = HistoricalRecords()

    class Meta(OneRow.Meta):
        verbose_name = "shop limits"
        verbose_name_plural = "shop limits"
        constraints: ClassVar = [*OneRow.Meta.constraints, *(_within(name) for name in BOUNDS)]

    @property
    def clerk_refund(self) -> int:
        """What one person alone gives back to one buyer, and in one day, in cents."""
        return self.clerk_refund_dollars * 100
