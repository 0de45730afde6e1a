"""Days and spans as people type them: "yesterday", "last week", "11/24/2026", "2026-11-01 to 2026-11-08"."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FORMS = (
    r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)",
    r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>20\d\d)",
    _NAME + r" (?P<d>\d{1,2}),? (?P<y>20\d\d)",
    r"(?P<y>20\d\d)-(?P<m>\d\d)",
    _NAME + r" (?P<y>20\d\d)",
    r"(?P<relative>today|yesterday|(?:this|last) (?:week|month|year)|last [1-9]\d{0,2} days)",
)
_ONE = tuple(re.compile(rf"(?<![\w/.-]){form}(?![\w/-])", re.IGNORECASE) for form in _FORMS)
_BETWEEN = re.compile(r"\s*(?:to|until|through|\u2013|-|\.\.)\s*", re.IGNORECASE)
_BESIDE = re.compile(r"^(?:on|in|from|since)\b|\b(?:on|in|from|since)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """From the first moment of a day to before the first moment of another, on the agency's clock."""

    since: datetime
    until: datetime
    said: str


def taken_out(text: str) -> tuple[Span | None, str]:
    """Return the day or span that a text names, if any, and the rest of the text."""
    first = _found(text)
    if first is None:
        return None, text.strip()
    match, (begin, end) = first
    before, after = text[: match.start()], text[match.end() :]
    joined = _BETWEEN.match(after)
    second = _found(after[joined.end() :]) if joined else None
    if joined and second and second[0].start() == 0:
        end = max(end, second[1][1])
        after = after[joined.end() + second[0].end() :]
    rest = f"{_BESIDE.sub('', before.strip())} {after}".strip(" ,")
    return span(begin, end), rest


def span(begin: date, end: date) -> Span:
    last = end - timedelta(days=1)
    said = f"{begin:%Y-%m-%d}" if last == begin else _("%(begin)s to %(end)s") % {"begin": begin, "end": last}
    return Span(midnight(begin), midnight(end), said)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _found(text: str) -> tuple[re.Match[str], tuple[date, date]] | None:
    for form in _ONE:
        match = form.search(text)
        if match is None:
            continue
        try:
            return match, _days(match)
        except ValueError:  # there is no 31st of November
            continue
    return None


def _days(match: re.Match[str]) -> tuple[date, date]:
    """Return the first day, and the day after the last one. Raises ValueError for a day that no calendar has."""
    named = match.groupdict()
    if relative := named.get("relative"):
        return _relative(relative.lower(), timezone.localdate())
    name = named.get("name")
    month = MONTHS.index(name.lower()) + 1 if name else int(named["m"])
    if named.get("d"):
        day = date(int(named["y"]), month, int(named["d"]))
        return day, day + timedelta(days=1)
    first = date(int(named["y"]), month, 1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _relative(words: str, today: date) -> tuple[date, date]:
    """Return the days that words mean today. Weeks begin on Monday; "last 7 days" end with today."""
    if words in ("today", "yesterday"):
        day = today - timedelta(days=words == "yesterday")
        return day, day + timedelta(days=1)
    which, _space, rest = words.partition(" ")
    if rest.endswith(" days"):
        tomorrow = today + timedelta(days=1)
        return tomorrow - timedelta(days=int(rest.split()[0])), tomorrow
    begin = BEGINS[rest](today)
    if which == "last":
        return BEGINS[rest](begin - timedelta(days=1)), begin
    return begin, BEGINS[rest](begin + timedelta(days=LONGEST[rest]))


BEGINS: Mapping[str, Callable[[date], date]] = {
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
LONGEST = {"week": 7, "month": 31, "year": 366}
"""Days from a beginning that reach into the next period, but not into the one after it."""
