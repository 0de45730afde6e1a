"""A week of the log: from Monday, 00:00, to the next Monday, on the agency's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """From its first moment to before the first moment of the next. Seven days, and not always 168 hours."""

    begin: datetime
    end: datetime

    def previous(self) -> "Week":
        """Return the week before."""
        return _from(self.monday - timedelta(days=DAYS))

    def next(self) -> "Week":
        """Return the week after."""
        return _from(self.monday + timedelta(days=DAYS))

    @property
    def monday(self) -> date:
        """Its first day."""
        return timezone.localdate(self.begin)


def of(moment: datetime) -> Week:
    """Return the week that a moment belongs to."""
    day = timezone.localdate(moment)
    return _from(day - timedelta(days=day.weekday()))


def previous() -> Week:
    """Return the week that ended last."""
    return of(timezone.now()).previous()


def _from(monday: date) -> Week:
    begin, end = (datetime.combine(day, time.min) for day in (monday, monday + timedelta(days=DAYS)))
    return Week(timezone.make_aware(begin), timezone.make_aware(end))
