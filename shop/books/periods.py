"""Periods of the books: whole days, in the county's own time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both of them in it."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The moment at which its first day begins."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The moment at which its last day ends: the first one that is not in it."""
        return _midnight(self.last + timedelta(days=1))

    def within(self, column: str) -> dict[str, datetime]:
        """Return the lookups by which a column's moment is in the period."""
        return {f"{column}__gte": self.begins, f"{column}__lt": self.ends}


def this_month(today: date) -> Period:
    """Return the month of a day, until that day."""
    return Period(today.replace(day=1), today)


def last_month(today: date) -> Period:
    """Return the whole month before that of a day."""
    last = today.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)


def this_year(today: date) -> Period:
    """Return the year of a day, until that day."""
    return Period(today.replace(month=1, day=1), today)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
