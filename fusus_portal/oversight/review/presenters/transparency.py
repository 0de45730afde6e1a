"""The lines about weekly reviews that everybody reads."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.pages.times import localized_day
from fusus_portal.oversight.review.models import ReviewWeek
from fusus_portal.oversight.review.rules import SAMPLE_SIZE
from fusus_portal.oversight.review.selectors import public_weeks
from fusus_portal.oversight.review.states import WeekState


def public_section() -> dict[str, Any]:
    found = public_weeks()
    late = [localized_day(each.begins_at) for each in found if each.is_late and each.signed_at is None]
    signed = next((each for each in found if each.signed_at is not None), None)
    return {"late": late, "signed": _public_line(signed) if signed else None}


def public_page() -> dict[str, Any]:
    return {"weeks": [_public_line(each) for each in public_weeks()], "size": SAMPLE_SIZE}


def _public_line(week: ReviewWeek) -> dict[str, Any]:
    last = localized_day(timezone.localtime(week.begins_at) + timedelta(days=6))
    state, kind = _public_state(week, last)
    # How many acts were drawn, not from how many: the public report has that number, and hides a small one.
    few, many = _("All acts of the week, which were fewer than %(size)d"), _("%(size)d acts, drawn at random")
    return {
        "seed": "" if week.state == WeekState.SEEDED else week.seed,
        "seed_hash": week.seed_hash,
        "is_seeded_in_time": week.is_seeded_in_time,
        "days": _("%(first)s to %(last)s") % {"first": localized_day(week.begins_at), "last": last},
        "looked": (few if week.sample < SAMPLE_SIZE else many) % {"size": SAMPLE_SIZE},  # type: ignore[attr-defined]
        "state": state,
        "kind": kind,
    }


def _public_state(week: ReviewWeek, last_day: str) -> tuple[str, str]:
    if week.signed_at is not None:
        sentence = _("Signed late, %(day)s") if week.is_late else _("Signed %(day)s")
        return sentence % {"day": localized_day(week.signed_at)}, "warn" if week.is_late else "good"
    if week.is_late:
        return _("Late"), "bad"
    return _("Ends %(day)s") % {"day": last_day} if week.state == WeekState.SEEDED else _("Being reviewed"), "quiet"
