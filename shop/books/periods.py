"""Periods of the books: whole days, in local time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after its last day."""
        return _midnight(self.last + timedelta(days=1))

    def within(self, column: str) -> dict[str, datetime]:
        """Return lookups of a column within the period."""
        return {f"{column}__gte": self.begins, f"{column}__lt": self.ends}


def this_month(today: date) -> Period:
    return Period(today.replace(day=1), today)


def last_month(today: date) -> Period:
    last = today.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)


def this_year(today: date) -> Period:
    return Period(today.replace(month=1, day=1), today)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
