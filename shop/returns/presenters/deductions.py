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
"""Ages in months, for the refunds on the page of a product."""


@dataclass(frozen=True, slots=True)
class ScheduleCard:
    schedule: DeductionSchedule

    @property
    def title(self) -> str:
        facts = {"version": self.schedule.version, "day": date_format(timezone.localdate(self.schedule.published_at))}
        return _("Version %(version)d of %(day)s") % facts

    @property
    def steps(self) -> list[Line]:
        words = _("From month %(month)d on")
        steps = self.schedule.steps.order_by("from_months")
        return [(words % {"month": step.from_months}, percents(step.basis_points)) for step in steps]

    @property
    def parts(self) -> list[Line]:
        return part_lines(self.schedule)

    @property
    def lowest(self) -> str:
        return percents(self.schedule.lowest)


def return_lines(product: Product, price: Price, published: Sequence[AgeStep]) -> list[Line]:
    """Return the refund, by age, of a piece that is bought now and returned whole, without its sales tax."""
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
    return share(max(worth.MONTHS - months - 1, 0), worth.MONTHS, fee)


def _after(months: int) -> str:
    if not months:
        return _("In the first month")
    return ngettext("After %(months)d month", "After %(months)d months", months) % {"months": months}
