"""Working days of the office: no weekends, no federal holidays (5 USC 6103)."""

from datetime import date, datetime, timedelta

from django.utils import timezone

SATURDAY = 5
FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""Month and day. A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after."""

NTH = ((1, 0, 3), (2, 0, 3), (9, 0, 1), (10, 0, 2), (11, 3, 4))
"""Month, weekday from Monday as 0, and its number in the month."""


def after(moment: datetime, days: int) -> date:
    """Return the day that is `days` working days after a moment, in local time."""
    day = timezone.localtime(moment).date()
    while days:
        day += timedelta(days=1)
        days -= is_working(day)
    return day


def is_working(day: date) -> bool:
    """True on a working day. January 1 of the next year may be kept on December 31."""
    return day.weekday() < SATURDAY and day not in holidays(day.year) and day not in holidays(day.year + 1)


def holidays(year: int) -> set[date]:
    """Return the days on which a year's holidays are kept."""
    kept = {_kept(date(year, month, day)) for month, day in FIXED}
    nth = {_nth(year, month, weekday, which) for month, weekday, which in NTH}
    last_of_may = date(year, 5, 31)
    return kept | nth | {last_of_may - timedelta(days=last_of_may.weekday())}


def _kept(day: date) -> date:
    shift = {SATURDAY: -1, SATURDAY + 1: 1}.get(day.weekday(), 0)
    return day + timedelta(days=shift)


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
