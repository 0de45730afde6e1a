from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.figures.definitions import BY_KEY, FIGURES
from fusus_portal.oversight.figures.models import FigureReview
from fusus_portal.oversight.figures.policies.reviews import last_of_quarter_before
from fusus_portal.oversight.figures.presenters import words
from fusus_portal.oversight.figures.selectors import shown


def page() -> dict[str, Any]:
    newest, public = shown.newest(), shown.shown()
    quarter = last_of_quarter_before(timezone.localdate())
    is_public = public is not None and newest is not None and public.content == newest.content
    read = public if is_public else newest
    totals = read.totals if read else {}
    return {
        "newest": newest and words.whole_day(newest.content["day"]),
        "places": newest and words.places(newest.content["size"]),
        "root": newest and newest.content["root"],
        "heading": _("What the public reads, all time") if is_public else _("Counted and not public yet, all time"),
        "numbers": [
            (words.capital(str(figure.title)), words.written(figure, totals[figure.key]))
            for figure in FIGURES
            if figure.key in totals
        ],
        "release": shown.last_release(),
        "delay": shown.delay_now(),
        "due": quarter if shown.is_review_due(quarter) else None,
        "doubts": [_doubt(day, figure) for day, figure in shown.doubts()],
        "acts": [_act(review) for review in shown.reviews()],
    }


def _doubt(day: object, figure: str) -> tuple[object, object]:
    return day, BY_KEY[figure].title if figure in BY_KEY else ""


def _act(review: FigureReview) -> dict[str, Any]:
    return {
        "what": review.get_act_display(),
        "by": f"{review.made_by.pseudonym} ({Role(review.role).label})",
        "on": review.made_at,
        "through": review.through,
        "until": review.until,
        "note": review.note_en,
    }
