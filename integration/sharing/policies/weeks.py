"""A week of sharing, Monday first. A stretch belongs to the day on which it begins; above 1440 it ends a day later."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Stretch = tuple[int, int]
Week = Sequence[Sequence[Sequence[int]]]

DAYS = 7
MIDNIGHT = 24 * 60
MOST_DAYS = 60
"""Days that a rule may name as exceptions."""


def week_of(typed: Mapping[int, Stretch]) -> list[list[list[int]]]:
    """Return the week of typed stretches, 0 is Monday, in minutes. Midnight to midnight is all day."""
    return [
        [[begin, end if end > begin else end + MIDNIGHT] for begin, end in [typed[day]]] if day in typed else []
        for day in range(DAYS)
    ]


def typed_of(week: Week) -> dict[int, Stretch]:
    """Return the typed stretches of a week: the inverse of `week_of`."""
    return {day: (begin, end % MIDNIGHT) for day, stretches in enumerate(week) for begin, end in stretches}


def is_within(week: Week, day: int, minute: int) -> bool:
    """True if a minute of a day (0 is Monday) is in a stretch of that day, or of the one before."""
    if not week:
        return False
    today = any(begin <= minute < end for begin, end in week[day])
    return today or any(minute + MIDNIGHT < end for _begin, end in week[day - 1])


def check_week(week: Week) -> list[list[list[int]]]:
    """Return a week as it is stored. Raises ValidationError on "week" if it is malformed."""
    wrong = ValidationError({"week": _("Write for each day from when to when, or leave both empty.")})
    if len(week) != DAYS or any(len(day) > 1 for day in week):
        raise wrong
    for stretch in chain.from_iterable(week):
        if len(stretch) != 2 or not 0 <= stretch[0] < MIDNIGHT or not 0 < stretch[1] - stretch[0] <= MIDNIGHT:
            raise wrong
    return [[list(stretch) for stretch in day] for day in week]


def check_days(closed: Collection[date], opened: Collection[date]) -> tuple[list[str], list[str]]:
    """Return both kinds of exceptions as they are stored. Raises ValidationError on "days"."""
    if both := set(closed) & set(opened):
        sentence = _("%(day)s is here twice. List each day once.") % {"day": min(both).isoformat()}
        raise ValidationError({"days": sentence})
    if len(set(closed) | set(opened)) > MOST_DAYS:
        raise ValidationError({"days": _("Name at most %(count)d days.") % {"count": MOST_DAYS}})
    return _kept(closed), _kept(opened)


def in_short(week: Week) -> str:
    """Return a week as one line for an entry of the log: "1 08:00-18:00; 2 08:00-18:00", Monday is 1."""
    days = (
        f"{number} {','.join(f'{clock(begin)}-{clock(end)}' for begin, end in stretches)}"
        for number, stretches in enumerate(week, start=1)
        if stretches
    )
    return "; ".join(days)


def clock(minute: int) -> str:
    """Return a minute as 24-hour time, 24:00 for the end of a day."""
    minute = minute if minute <= MIDNIGHT else minute - MIDNIGHT
    return f"{minute // 60:02}:{minute % 60:02}"


def _kept(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(set(days))]
