from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shop.books.models import ReminderStep
from shop.books.periods import Period
from shop.rules import LEAST_BETWEEN_REMINDERS

MOST_DAYS = 366


def check_period(first: date, last: date, *, today: date) -> Period:
    """Return a period. Raises ValidationError on "last" if it is reversed, too long, or has not begun."""
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
    """Return the reminder to write today.

    after: days from the due day to each reminder, in order. written: when each was written. Missed reminders are
    skipped: only the newest is written.
    """
    reached = [step for step, days in after.items() if today >= due_on + timedelta(days=days)]
    if not reached or reached[-1] in written:
        return None
    if written and today < max(written.values()) + LEAST_BETWEEN_REMINDERS:
        return None
    return ReminderStep(reached[-1])
