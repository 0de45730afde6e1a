"""Days and spans as people type them: "yesterday", "last Tuesday", "Nov 30", "11/24/2026", "2026-11-01 to 2026-11-08".

A day without its year is the last such day that has begun.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from audit.hooks import Meaning

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_FORMS = (
    r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)",
    r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>20\d\d)",
    _NAME + r" (?P<d>\d{1,2}),? (?P<y>20\d\d)",
    r"(?P<d>\d{1,2}) " + _NAME + r" (?P<y>20\d\d)",
    r"(?P<y>20\d\d)-(?P<m>\d\d)",
    _NAME + r" (?P<y>20\d\d)",
    _NAME + r" (?P<d>\d{1,2})",
    r"(?P<d>\d{1,2}) " + _NAME,
    r"(?P<m>\d{1,2})/(?P<d>\d{1,2})",
    r"(?P<relative>today|yesterday|(?:this|last) (?:week|month|year)|last [1-9]\d{0,2} days)",
    rf"(?P<last>last )?(?P<weekday>{'|'.join(WEEKDAYS)})",
)
_ONE = tuple(re.compile(rf"(?<![\w/.-]){form}(?![\w/-])", re.IGNORECASE) for form in _FORMS)
_BETWEEN = re.compile(r"\s*(?:to|until|through|\u2013|-|\.\.)\s*", re.IGNORECASE)
_BESIDE = re.compile(r"^(?:on|in|from|since)\b|\b(?:on|in|from|since)$", re.IGNORECASE)

Days = tuple[date, date]


def day_in_text(text: str) -> tuple[Meaning | None, str, str]:
    """Return the day or days that a text names, on the agency's clock, or None; the words that do; and the rest."""
    first = _found_day(text)
    if first is None:
        return None, "", text.strip()
    match, (begin, end) = first
    before, after = text[: match.start()], text[match.end() :]
    joined = _BETWEEN.match(after)
    second = _found_day(after[joined.end() :], since=begin) if joined else None
    if joined and second and second[0].start() == 0:
        end = max(end, second[1][1])
        after = after[joined.end() + second[0].end() :]
    words = text[match.start() : len(text) - len(after)]
    rest = f"{_BESIDE.sub('', before.strip())} {after}".strip(" ,")
    return Meaning(_span_name(begin, end), since=midnight(begin), until=midnight(end)), words, rest


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _span_name(begin: date, end: date) -> str:
    last = end - timedelta(days=1)
    if last == begin:
        return formatted(begin, "D, N j, Y")
    return _("%(begin)s to %(end)s") % {"begin": formatted(begin, "N j, Y"), "end": formatted(last, "N j, Y")}


def _found_day(text: str, *, since: date | None = None) -> tuple[re.Match[str], Days] | None:
    """Return the first form of a day in a text, with its days. since: a day without its year is not before this one."""
    for form in _ONE:
        match = form.search(text)
        if match is None:
            continue
        try:
            return match, _days_of_match(match, since)
        except ValueError:  # there is no 31st of November
            continue
    return None


def _days_of_match(match: re.Match[str], since: date | None) -> Days:
    """Return the first day that a match names, and the day after its last. Raises ValueError for one in no calendar."""
    named, today = match.groupdict(), timezone.localdate()
    if relative := named.get("relative"):
        return _relative_days(relative.lower(), today)
    if weekday := named.get("weekday"):
        back = (today.weekday() - WEEKDAYS.index(weekday.lower())) % len(WEEKDAYS)
        return _one_day(today - timedelta(days=back or (len(WEEKDAYS) if named["last"] else 0)))
    name = named.get("name")
    month = MONTHS.index(name[:3].lower()) + 1 if name else int(named["m"])
    if not named.get("y"):
        return _one_day(_nearest_day(month, int(named["d"]), today, since))
    if named.get("d"):
        return _one_day(date(int(named["y"]), month, int(named["d"])))
    first = date(int(named["y"]), month, 1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _one_day(day: date) -> Days:
    return day, day + timedelta(days=1)


def _nearest_day(month: int, day: int, today: date, since: date | None) -> date:
    """Return the last such day until today, or the first one from `since` on. Raises ValueError for Feb 29 far off."""
    if since is not None:
        found = date(since.year, month, day)
        return found if found >= since else date(since.year + 1, month, day)
    return date(today.year if (month, day) <= (today.month, today.day) else today.year - 1, month, day)


def _relative_days(words: str, today: date) -> Days:
    """Return the days of "last week" and its like. Weeks begin on Monday; "last 7 days" end with today."""
    if words in ("today", "yesterday"):
        return _one_day(today - timedelta(days=words == "yesterday"))
    which, _space, rest = words.partition(" ")
    if rest.endswith(" days"):
        tomorrow = today + timedelta(days=1)
        return tomorrow - timedelta(days=int(rest.split()[0])), tomorrow
    begin = PERIOD_BEGINS[rest](today)
    if which == "last":
        return PERIOD_BEGINS[rest](begin - timedelta(days=1)), begin
    return begin, PERIOD_BEGINS[rest](begin + timedelta(days=PERIOD_DAYS[rest]))


PERIOD_BEGINS: Mapping[str, Callable[[date], date]] = {
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
PERIOD_DAYS = {"week": 7, "month": 31, "year": 366}
"""Days from the beginning of a period that reach into the next one, and never into the one after it."""
