"""The value of a returned CORE: numbers alone, in cents, without a database.

All pieces of a line add up to its total to the cent, with their shares of discount and tax. A part of each piece is the
first year's fee, if one was paid or the price includes it. Deductions are from the rest, and never all of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shop.catalogue.money import percent, share
from shop.rules import ALL_BASIS_POINTS

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Paid:
    """Cents paid for one piece of a line: for the CORE itself, and for its first year."""

    device: int
    fee: int

    @property
    def whole(self) -> int:
        return self.device + self.fee


@dataclass(frozen=True, slots=True)
class Piece:
    """The line of an order, for the price of its pieces. first_fee, yearly_fee, included: as in `OrderLine`."""

    quantity: int
    total: int
    unit_cents: int
    first_fee: int
    yearly_fee: int
    included: bool

    def paid(self, position: int) -> Paid:
        """Return what was paid for the piece at a position, counted from 1."""
        whole = share(position, self.quantity, self.total) - share(position - 1, self.quantity, self.total)
        for_fee = self.first_fee or (min(self.yearly_fee, self.unit_cents // 2) if self.included else 0)
        # At least a cent is for the CORE itself.
        fee = min(share(for_fee, self.unit_cents + self.first_fee, whole), max(whole - 1, 0))
        return Paid(whole - fee, fee)


def whole_months(begin: date, end: date) -> int:
    """Return the whole months between two days. In a month that lacks the day, its last day counts."""
    months = (end.year - begin.year) * MONTHS + end.month - begin.month
    if end.day < begin.day and not _is_last(end):
        months -= 1
    return max(months, 0)


def _is_last(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).month != day.month


def unused(fee: int, begin: date | None, today: date) -> int:
    """Return the cents of a year's fee for whole months that have not begun. begin: None if the year has not begun."""
    if begin is None:
        return fee
    left = max(MONTHS - whole_months(begin, today) - 1, 0)
    return share(left, MONTHS, fee)


def age_off(device: int, steps: Mapping[int, int], months: int) -> int:
    """Return the cents deducted for a CORE's age. steps: hundredths of a percent by least age in months."""
    begun = [month for month in steps if month <= months]
    return percent(device, steps[max(begun)]) if begun else 0


def lowest(device: int, basis_points: int) -> int:
    """Return the smallest refund of a CORE in cents: never zero."""
    return max(percent(device, basis_points), min(device, 1))


def off_for(device: int, parts: Iterable[int]) -> list[int]:
    """Return the cents deducted for each missing part, at least one. parts: hundredths of a percent."""
    return [max(percent(device, min(part, ALL_BASIS_POINTS)), 1) for part in parts]


def net_within(total: int, basis_points: int) -> int:
    """Return the largest net amount that with its tax does not exceed `total`."""
    net = total * ALL_BASIS_POINTS // (ALL_BASIS_POINTS + basis_points) + 1
    while net + percent(net, basis_points) > total:
        net -= 1
    return net


def goes_back(*, device: int, off: int, least: int, fee_back: int) -> int:
    return max(device - off, least) + fee_back
