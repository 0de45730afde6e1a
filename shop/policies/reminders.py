"""Which reminder is written on a day: the newest whose day has come, once, and none right after another."""

from collections.abc import Mapping
from datetime import date, timedelta

from shop.models import ReminderStep
from shop.rules import LEAST_BETWEEN_REMINDERS


def step_due(
    *, due_on: date, today: date, after: Mapping[str, int], written: Mapping[str, date]
) -> ReminderStep | None:
    """Return which reminder is to be written today, None for none.

    after: days from the day on which it is due to each reminder, in their order. written: when each was written. What
    was missed while nothing ran is passed over: only the newest is written.
    """
    reached = [step for step, days in after.items() if today >= due_on + timedelta(days=days)]
    if not reached or reached[-1] in written:
        return None
    if written and today < max(written.values()) + LEAST_BETWEEN_REMINDERS:
        return None
    return ReminderStep(reached[-1])
