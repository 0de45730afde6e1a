"""Hours of a week: joined, turned inside out, and said in words. Every page that tells a camera's rule says it so.

A week has for each day, Monday first, its stretches [from, to] in minutes after midnight. A stretch belongs to the day
on which it begins; an end above 1440 is on the next day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from itertools import chain, groupby, pairwise
from types import MappingProxyType
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from integration.sharing.models import SharingMode, SharingRule

Week = Sequence[Sequence[Sequence[int]]]
Row = tuple[str, int, int]
"""Days of `SPANS`, and from when to when in minutes after midnight. An end that is not later is on the next day."""

DAYS = 7
MIDNIGHT = 24 * 60
MOST_STRETCHES = 12 * DAYS
"""Stretches of a week that is open every other hour."""

WHOLE: Final[Week] = [[[0, MIDNIGHT]]] * DAYS
SPANS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "0123456": gettext_lazy("Every day"),
        "01234": gettext_lazy("Monday to Friday"),
        "56": gettext_lazy("Saturday and Sunday"),
        **{str(day): WEEKDAYS[day] for day in range(DAYS)},
    }
)
"""Days that one line of a list of hours can name; 0 is Monday. The longest come first."""


def week_of(rows: Iterable[Row]) -> list[list[list[int]]]:
    """Return typed rows as a week, nothing joined yet. From midnight to midnight is a day."""
    week: list[list[list[int]]] = [[] for _day in range(DAYS)]
    for days, begin, end in rows:
        for day in days:
            week[int(day)].append([begin, end if end > begin else end + MIDNIGHT])
    return week


def rows_of(week: Week) -> list[Row]:
    """Return a week as the fewest rows of `SPANS`: the inverse of `week_of`."""
    days: dict[tuple[int, int], set[str]] = {}
    for day, stretches in enumerate(week):
        for begin, end in stretches:
            days.setdefault((begin, end), set()).add(str(day))
    rows = []
    for (begin, end), left in days.items():
        for span in SPANS:
            if left.issuperset(span):
                left.difference_update(span)
                rows.append((span, begin, end % MIDNIGHT))
    return sorted(rows)


def joined(week: Week) -> list[list[list[int]]]:
    """Return the same hours, with stretches joined that overlap or touch.

    A stretch that ends the next morning stays whole. One of a day or longer is cut at each midnight.
    """
    return _week_of(_minutes(week))


def outside(week: Week) -> list[list[list[int]]]:
    """Return all other hours of the week. `outside` of that is the week again, joined."""
    return _week_of(bytearray(1 - minute for minute in _minutes(week)))


def overlap(week: Week) -> bool:
    """True if stretches of a week have minutes in common."""
    return sum(end - begin for begin, end in chain.from_iterable(week)) != sum(_minutes(week))


def is_within_week(week: Week, day: int, minute: int) -> bool:
    """True if a minute of a day (0 is Monday) is in a stretch of that day, or of the one before."""
    if not week:
        return False
    today = any(begin <= minute < end for begin, end in week[day])
    return today or any(minute + MIDNIGHT < end for _begin, end in week[day - 1])


def check_week(week: Week) -> list[list[list[int]]]:
    """Return a week joined, as the database stores it. Raises ValidationError on "week"."""
    wrong = ValidationError({"week": _("Write for each line on which days it is, from when and to when.")})
    if len(week) != DAYS:
        raise wrong
    for stretch in chain.from_iterable(week):
        if len(stretch) != 2 or not 0 <= stretch[0] < MIDNIGHT or not 0 < stretch[1] - stretch[0] <= MIDNIGHT:
            raise wrong
    found = joined(week)
    if sum(map(len, found)) > MOST_STRETCHES:
        sentence = _("A week can begin and end %(count)d times. Join some hours.") % {"count": MOST_STRETCHES}
        raise ValidationError({"week": sentence})
    return found


def week_in_short(week: Week) -> str:
    """Return a week as one line for an entry of the log: "1 08:00-18:00; 2 08:00-18:00", Monday is 1."""
    return "; ".join(
        f"{number} {_in_short(begin)}-{_in_short(end)}"
        for number, stretches in enumerate(week, start=1)
        for begin, end in stretches
    )


def week_from_short(line: str) -> list[list[list[int]]]:
    """Return the week of an entry: the inverse of `week_in_short`."""
    rows = []
    for part in filter(None, line.split("; ")):
        number, _space, stretch = part.partition(" ")
        begin, end = (int(each[:2]) * 60 + int(each[3:]) for each in stretch.split("-"))
        rows.append((str(int(number) - 1), begin, end))
    return week_of(rows)


def bars_of(week: Week) -> list[tuple[int, int, int]]:
    """Return what a picture of the week draws: the day, and from when to when in minutes, cut at midnight."""
    return [
        ((day + begin // MIDNIGHT) % DAYS, begin % MIDNIGHT, begin % MIDNIGHT + end - begin)
        for day, stretches in enumerate(week)
        for first, last in stretches
        for begin, end in _cut(first, last)
    ]


def week_in_words(week: Week) -> list[str]:
    """Return lines such as "Monday to Friday, 8 a.m. to 6 p.m.", one for days in a row with the same hours."""
    lines = []
    for stretches, same in groupby(enumerate(week), key=lambda numbered: numbered[1]):
        days = [day for day, _stretches in same]
        if stretches:
            said = ", ".join(hours(begin, end) for begin, end in stretches)
            lines.append(_("%(days)s, %(hours)s") % {"days": _days(days), "hours": said})
    return lines


def hours(begin: int, end: int) -> str:
    """Return a stretch of a day as people write it: "8 a.m. to 6 p.m.". begin, end: minutes after midnight."""
    if (begin, end) == (0, MIDNIGHT):
        return _("all day")
    return _("%(begin)s to %(end)s") % {"begin": clock(begin), "end": clock(end)}


def clock(minute: int) -> str:
    return time_format(time(minute // 60 % 24, minute % 60), "TIME_FORMAT")


def lines_of(mode: str, week: Week, closed_days: Collection[str], open_days: Collection[str]) -> list[str]:
    """Return the hours of a rule, line by line; [] for a rule without hours. week: in which the camera is shared."""
    if mode == SharingMode.OUTSIDE:
        lines = [_("Opening hours: %(hours)s") % {"hours": "; ".join(week_in_words(outside(week)))}]
    else:
        lines = week_in_words(week) if mode == SharingMode.SCHEDULE else []
    different = [(day, _("Not shared on %(day)s")) for day in closed_days]
    different += [(day, _("Shared all day on %(day)s")) for day in open_days]
    words = (sentence % {"day": date_format(date.fromisoformat(day))} for day, sentence in sorted(different))
    return [*lines, *words]


def in_words(mode: str, week: Week, closed_days: Collection[str], open_days: Collection[str]) -> str:
    """Return a rule as one line, for entries of the log and for deputies."""
    return "; ".join([str(SharingMode(mode).label), *lines_of(mode, week, closed_days, open_days)])


def rule_in_words(rule: SharingRule) -> str:
    return in_words(rule.mode, rule.week, rule.closed_days, rule.open_days)


def _minutes(week: Week) -> bytearray:
    """Return 1 for each minute of the week in a stretch, 0 for each other."""
    minutes = bytearray(DAYS * MIDNIGHT)
    for day, stretches in enumerate(week):
        for begin, end in stretches:
            for minute in range(day * MIDNIGHT + begin, day * MIDNIGHT + end):
                minutes[minute % len(minutes)] = 1
    return minutes


def _week_of(minutes: bytearray) -> list[list[list[int]]]:
    if all(minutes):
        return [[list(stretch) for stretch in day] for day in WHOLE]
    week: list[list[list[int]]] = [[] for _day in range(DAYS)]
    for begin in (each for each in range(len(minutes)) if minutes[each] and not minutes[each - 1]):
        end = begin
        while minutes[end % len(minutes)]:
            end += 1
        for first, last in [(begin, end)] if end - begin < MIDNIGHT else _cut(begin, end):
            day, minute = divmod(first, MIDNIGHT)
            week[day % DAYS].append([minute, minute + last - first])
    return [sorted(day) for day in week]


def _cut(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch at each midnight."""
    midnights = range(begin - begin % MIDNIGHT + MIDNIGHT, end, MIDNIGHT)
    return pairwise([begin, *midnights, end])


def _days(days: Sequence[int]) -> str:
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    if len(days) == DAYS:
        return _("Every day")
    if len(days) == 1:
        return capfirst(str(first))
    words = _("%(first)s and %(last)s") if len(days) == 2 else _("%(first)s to %(last)s")
    return capfirst(words % {"first": first, "last": last})


def _in_short(minute: int) -> str:
    """Return a minute as 24-hour time, 24:00 for the end of a day."""
    minute = minute if minute <= MIDNIGHT else minute - MIDNIGHT
    return f"{minute // 60:02}:{minute % 60:02}"
