"""Periods of the books (whole days, in local time), and the rule for the next reminder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.books.models import ReminderStep
from shop.rules import LEAST_BETWEEN_REMINDERS


@dataclass(frozen=True, slots=True)
class Period:
    """A period from one day to another, both included."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after the last day."""
        return _midnight(self.last + timedelta(days=1))

    def within(self, column: str) -> dict[str, datetime]:
        """Return filter arguments for rows whose time in `column` is within the period."""
        return {f"{column}__gte": self.begins, f"{column}__lt": self.ends}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


MOST_DAYS = 366


def check_period(first: date, last: date, *, today: date) -> Period:
    """Return a period. Raises ValidationError on "last" if the days are reversed, too many, or still to come."""
    if last < first:
        raise ValidationError({"last": _("The last day comes before the first one.")})
    if first > today:
        raise ValidationError({"last": _("This time has not begun yet.")})
    if (last - first).days >= MOST_DAYS:
        raise ValidationError({"last": _("Take a year at most at once.")})
    return Period(first, last)


def step_due(
    *, due_on: date, today: date, after: Mapping[str, int], written: Mapping[str, date]
) -> ReminderStep | None:
    """Return the reminder to write today, or None.

    after: days from the due day to each reminder, in order. written: when each earlier one was written. Missed
    reminders are skipped: only the newest is written, and not soon after another.
    """
    reached = [step for step, days in after.items() if today >= due_on + timedelta(days=days)]
    if not reached or reached[-1] in written:
        return None
    if written and today < max(written.values()) + LEAST_BETWEEN_REMINDERS:
        return None
    return ReminderStep(reached[-1])
