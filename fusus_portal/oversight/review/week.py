"""A week of the log: from Monday, 00:00, to the next Monday, on the agency's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """From `begin` to before `end`: seven days, but not always 168 hours."""

    begin: datetime
    end: datetime

    def previous(self) -> "Week":
        return _from(self.monday - timedelta(days=DAYS))

    def next(self) -> "Week":
        return _from(self.monday + timedelta(days=DAYS))

    @property
    def monday(self) -> date:
        return timezone.localdate(self.begin)


def of(moment: datetime) -> Week:
    day = timezone.localdate(moment)
    return _from(day - timedelta(days=day.weekday()))


def previous() -> Week:
    return of(timezone.now()).previous()


def _from(monday: date) -> Week:
    begin, end = (datetime.combine(day, time.min) for day in (monday, monday + timedelta(days=DAYS)))
    return Week(timezone.make_aware(begin), timezone.make_aware(end))
