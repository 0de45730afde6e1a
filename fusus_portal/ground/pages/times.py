from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.zones import zoned

NEVER: Final = datetime.fromtimestamp(0, UTC)
DIGITS_OF_MOMENT: Final = 16
"""Longest moment in an address: microseconds since 1970, for some 250 years."""

DAYS_A_YEAR: Final = 365
"""Days of a year as schedules for keeping records count it: 1,095 days are three years."""


def for_address(at: datetime) -> int:
    """Return a moment as addresses have it, in microseconds since 1970."""
    return (at - NEVER) // timedelta(microseconds=1)


def of_address(text: str) -> datetime | None:
    """Return the moment that `for_address` wrote, or None for any other text."""
    is_moment = text.isascii() and text.isdecimal() and len(text) <= DIGITS_OF_MOMENT
    return NEVER + timedelta(microseconds=int(text)) if is_moment else None


def localized_moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')}, {date_format(local, 'TIME_FORMAT')} {local:%Z}"


def localized_day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")


def window(starts_at: datetime, ends_at: datetime) -> str:
    """Return "Nov. 23, 2026, 9:40 p.m. to 10:40 p.m. CST", with a second day if it ends on another."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    start_form = "N j, Y, g:i a" if start.tzname() == end.tzname() else "N j, Y, g:i a T"
    end_form = "g:i a T" if start.date() == end.date() else "N j, Y, g:i a T"
    return _("%(start)s to %(end)s") % {"start": zoned(start, start_form), "end": zoned(end, end_form)}


def moment(at: datetime) -> str:
    """Return "Nov. 23, 2026, 9:40 p.m. CST"."""
    return zoned(at, "N j, Y, g:i a T")


def ago(at: datetime) -> str:
    """Return "3 hours ago", in the largest unit, or "just now" within a minute."""
    words = timesince(at, depth=1)
    return _("just now") if timezone.now() - at < timedelta(minutes=1) else _("%(time)s ago") % {"time": words}


def hour(at: datetime) -> str:
    """Return "8:31 p.m. CST", with the day unless it is today."""
    is_today = timezone.localtime(at).date() == timezone.localdate()
    return zoned(at, "g:i a T" if is_today else "N j, g:i a T")


def length(seconds: int) -> str:
    """Return "20 s", "2 min 5 s" or "1 h 2 min"."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else left, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def rough(seconds: float) -> str:
    """Return a rounded-down wait: "25 min", "3 h", "2 d"."""
    minutes = max(0, int(seconds)) // 60
    if minutes < 60:
        return _("%(number)d min") % {"number": minutes}
    hours = minutes // 60
    return _("%(number)d h") % {"number": hours} if hours < 48 else _("%(number)d d") % {"number": hours // 24}


def day(at: date) -> str:
    """Return "Nov. 23, 2029"."""
    return formatted(timezone.localtime(at) if isinstance(at, datetime) else at, "N j, Y")


def end_of(at: date) -> datetime:
    """Return the first moment after a day, in the agency's zone."""
    return timezone.make_aware(datetime.combine(at + timedelta(days=1), time.min))


def oldest(thing: str, since: date, number: int) -> str:
    """Return "X-6D2KPV9N, since Nov. 23, 2026"; of several things it says that this one is the oldest."""
    words = ngettext("%(thing)s, since %(day)s", "The oldest: %(thing)s, since %(day)s", number)
    return words % {"thing": thing, "day": day(since)}


def kept(days: int) -> str:
    """Return a length of keeping, "45 days", or "3 years" for whole years."""
    years, rest = divmod(days, DAYS_A_YEAR)
    if rest or not years:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": f"{days:,}"}
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
