import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale, check_length
from fusus_portal.oversight.annual.definitions import LONGEST_REASON, LONGEST_TEXT, REQUIRED, Part
from fusus_portal.oversight.annual.models import AnnualReport
from fusus_portal.oversight.figures.selectors import PublicReport

UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Cn", "Co"})
TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the order in which the letters after them read."""

BEFORE: Final = 20
"""The sentence that refuses an unprintable character repeats so many characters before it."""


WRITE_SOMETHING: Final = gettext_lazy("Write this part. If there is nothing to tell, say that in a sentence.")
CORRECT_SOMETHING: Final = gettext_lazy("Say what was wrong, and what you corrected.")


def may_write(by: User) -> None:
    demand(by, Permission.WRITE_ANNUAL_REPORT)


def figures_to_report(year: int, shown: PublicReport | None, *, today: date) -> PublicReport:
    """Return the public figures. Raises NotYours if the year can have no report."""
    if year > today.year:
        raise NotYours(_("%(year)d has not begun. A report is about a year that has ended.") % {"year": year})
    if year == today.year:
        raise NotYours(_("%(year)d has not ended. A report is about a year that has ended.") % {"year": year})
    if shown is None:
        raise NotYours(_("The report is made of the public figures, and none are released yet. Release them first."))
    if year < int(shown.content["first_day"][:4]):
        raise NotYours(_("The portal counted nothing in %(year)d, so there is no report of it.") % {"year": year})
    if shown.content["day"] < last_day_of(year).isoformat():
        raise NotYours(_("The last days of %(year)d are not public yet: see the public figures.") % {"year": year})
    return shown


def as_year_before(shown: PublicReport, *, today: date) -> PublicReport:
    """Return a demo's report with each month moved back one year: its log is new, so this year stands in for last year.

    A demo whose log began before this year has a year that ended, and its report stays as it is.
    """
    if int(shown.content["first_day"][:4]) < today.year:
        return shown
    year = today.year - 1
    figures = {
        key: {**told, "months": [{**month, "month": f"{year}{month['month'][4:]}"} for month in told["months"]]}
        for key, told in shown.content["figures"].items()
    }
    ends = {"first_day": date(year, 1, 1).isoformat(), "day": last_day_of(year).isoformat()}
    return replace(shown, content={**shown.content, **ends, "figures": figures})


def last_day_of(year: int) -> date:
    return date(year, 12, 31)


def must_be_trusted(shown: PublicReport) -> None:
    """Raise Stale while the log is not the one that the figures were counted from."""
    if shown.is_withheld:
        raise Stale(_("The log is not the one that the figures were counted from. Nothing is released meanwhile."))


def check_text(part: Part, text: str) -> str:
    """Return a part's text with plain line ends. Raises ValidationError on "text"."""
    return _checked(text, most=LONGEST_TEXT, field="text", missing=str(WRITE_SOMETHING) if part.is_required else "")


def check_reason(reason: str, *, number: int) -> str:
    """Return why a version corrects the one before, "" for the first. Raises ValidationError on "reason"."""
    if number == 1:
        return ""
    return _checked(reason, most=LONGEST_REASON, field="reason", missing=str(CORRECT_SOMETHING))


def check_complete(texts: Mapping[str, str]) -> None:
    missing = [str(part.heading) for part in REQUIRED if not texts.get(part.key)]
    if missing:
        raise ValidationError(_("Write these parts first: %(parts)s.") % {"parts": "; ".join(missing)})


def check_differs(content: Mapping[str, object], texts: Mapping[str, str], last: AnnualReport | None) -> None:
    if last is not None and (dict(content), dict(texts)) == (last.content, last.texts):
        raise ValidationError(_("Nothing differs from version %(number)d.") % {"number": last.number})


def _checked(text: str, *, most: int, field: str, missing: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if missing and not plain:
        raise ValidationError({field: missing})
    check_length(plain, most=most, field=field)
    for place, letter in enumerate(plain):
        if letter in TURNS or (letter not in "\n\t" and unicodedata.category(letter) in UNPRINTABLE):
            sentence = _("Remove the character after “%(before)s”: it can't be printed.")
            raise ValidationError({field: sentence % {"before": plain[max(0, place - BEFORE) : place]}})
    return plain
