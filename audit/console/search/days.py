"""Days and spans as people type them: "yesterday", "11/24/2026", "November 2026", "2026-11-01 to 2026-11-08"."""

import re
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
    r"(?P<relative>today|yesterday)",
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
    """Return the day or span that a text names, None for none, and the rest of the text."""
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
    """Return the span from the start of a day to the start of another, which it does not hold."""
    last = end - timedelta(days=1)
    said = f"{begin:%Y-%m-%d}" if last == begin else _("%(begin)s to %(end)s") % {"begin": begin, "end": last}
    return Span(midnight(begin), midnight(end), said)


def midnight(day: date) -> datetime:
    """Return the first moment of a day on the agency's clock."""
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
        day = timezone.localdate() - timedelta(days=relative.lower() == "yesterday")
        return day, day + timedelta(days=1)
    name = named.get("name")
    month = MONTHS.index(name.lower()) + 1 if name else int(named["m"])
    if named.get("d"):
        day = date(int(named["y"]), month, int(named["d"]))
        return day, day + timedelta(days=1)
    first = date(int(named["y"]), month, 1)
    return first, (first + timedelta(days=32)).replace(day=1)
