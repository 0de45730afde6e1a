"""What people read about deductions, before they buy and when they return."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.catalogue.models import Price, Product
from shop.catalogue.money import dollars, share
from shop.returns import worth
from shop.returns.models import AgeStep, DeductionSchedule
from shop.returns.presenters.returns import Line, part_lines, percents
from shop.rules import ALL_BASIS_POINTS

EXAMPLES = (0, 6, 12, 24)
"""Months after which the page of a product says what a return brings."""


@dataclass(frozen=True, slots=True)
class ScheduleCard:
    """One version."""

    schedule: DeductionSchedule

    @property
    def title(self) -> str:
        """Its number and day."""
        facts = {"version": self.schedule.version, "day": date_format(timezone.localdate(self.schedule.published_at))}
        return _("Version %(version)d of %(day)s") % facts

    @property
    def steps(self) -> list[Line]:
        """What is taken off by age."""
        words = _("From month %(month)d on")
        steps = self.schedule.steps.order_by("from_months")
        return [(words % {"month": step.from_months}, percents(step.basis_points)) for step in steps]

    @property
    def parts(self) -> list[Line]:
        """What is taken off for parts."""
        return part_lines(self.schedule)

    @property
    def lowest(self) -> str:
        """What goes back in any case."""
        return percents(self.schedule.lowest)


def return_lines(product: Product, price: Price, published: Sequence[AgeStep]) -> list[Line]:
    """Return what one piece would bring that is bought now and returned whole later, without its sales tax."""
    fee = 0 if product.first_year_included else price.yearly_fee
    total = price.cents + fee
    piece = worth.Piece(1, total, price.cents, fee, price.yearly_fee, product.first_year_included)
    paid = piece.paid(1)
    steps = {step.from_months: step.basis_points for step in published}
    least = worth.lowest(paid.device, published[0].schedule.lowest if published else ALL_BASIS_POINTS)
    lines = []
    for months in EXAMPLES:
        off = worth.age_off(paid.device, steps, months)
        left = share_of_year(paid.fee, months)
        back = worth.goes_back(device=paid.device, off=off, least=least, fee_back=left)
        lines.append((_after(months), dollars(back)))
    return lines


def share_of_year(fee: int, months: int) -> int:
    """Return what is left of the first year's fee after a number of whole months."""
    return share(max(worth.MONTHS - months - 1, 0), worth.MONTHS, fee)


def _after(months: int) -> str:
    if not months:
        return _("In the first month")
    return ngettext("After %(months)d month", "After %(months)d months", months) % {"months": months}
