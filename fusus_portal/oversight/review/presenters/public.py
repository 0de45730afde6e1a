from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fusus_portal.oversight.review.queue_rules import SAMPLE_SIZE
from fusus_portal.oversight.review.selectors.weeks import PublicWeek, public_state


def public_section() -> dict[str, Any]:
    found = public_state()
    late = [_day(each.begins_at) for each in found if each.late and each.signed_at is None]
    signed = next((each for each in found if each.signed_at is not None), None)
    return {"late": late, "signed": _line(signed) if signed else None, "is_begun": bool(found)}


def public_page() -> dict[str, Any]:
    return {"weeks": [_line(each) for each in public_state()], "size": SAMPLE_SIZE}


def _line(week: PublicWeek) -> dict[str, Any]:
    state, kind = _state(week)
    days = {"first": _day(week.begins_at), "last": _last_day(week)}
    return {
        "week": week,
        "days": _("%(first)s to %(last)s") % days,
        "looked": _looked(week),
        "state": state,
        "kind": kind,
    }


def _looked(week: PublicWeek) -> str:
    """Say how much was looked at. The number of all acts belongs to the report, which hides small numbers."""
    size = {"size": SAMPLE_SIZE}
    if week.sample < SAMPLE_SIZE:
        return _("All acts of the week, which were fewer than %(size)d") % size
    return _("%(size)d acts, drawn at random") % size


def _state(week: PublicWeek) -> tuple[str, str]:
    if week.signed_at is not None:
        signed = {"day": _day(week.signed_at)}
        return (
            _("Signed late, %(day)s") if week.late else _("Signed %(day)s")
        ) % signed, "warn" if week.late else "good"
    if week.late:
        return _("Late"), "bad"
    return _("Being reviewed") if week.seed else _("Ends %(day)s") % {"day": _last_day(week)}, "quiet"


def _last_day(week: PublicWeek) -> str:
    return _day(timezone.localtime(week.begins_at) + timedelta(days=6))


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
