"""A week of the review: Monday 00:00 to Monday 00:00 on the agency's clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Week:
    """From its Monday up to the next one, which is not in it."""

    begin: datetime
    end: datetime

    def previous(self) -> "Week":
        """Return the week before."""
        return of(self.begin - timedelta(days=1))


def of(moment: datetime) -> Week:
    """Return the week that a moment is in."""
    day = timezone.localdate(moment)
    monday = day - timedelta(days=day.weekday())
    return Week(_midnight(monday), _midnight(monday + timedelta(days=7)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
