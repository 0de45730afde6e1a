"""Releases, delays and notes: acts of a named person on the figures, each with its entry (CJIS AC-22)."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.oversight.figures.models import CountedDay, FigureReview, ReviewAct
from fusus_portal.oversight.figures.policies import reviews as policies
from fusus_portal.oversight.figures.selectors import shown


def release(*, by: User, note_en: str = "", note_es: str = "", is_named: bool = False) -> FigureReview:
    """Release the figures through the last counted day, and end every delay. The first release makes figures public.

    is_named: the public reads the person's name beside the role. Raises Refused, Stale if nothing is counted,
    ValidationError on note_en and note_es.
    """
    policies.check_note(note_en, note_es)
    with transaction.atomic():
        policies.may_review(by)
        through = _through()
        review = _add(ReviewAct.RELEASE, by, through, note_en=note_en, note_es=note_es, is_named=is_named)
        record(
            event=Event.FIGURES_RELEASED,
            actor=by.actor,
            subject=review.subject,
            facts={"through": through.isoformat(), "named": int(is_named)},
        )
    return review


def delay(*, by: User, until: date, note_en: str, note_es: str) -> FigureReview:
    """Hold back days after the last counted one, until a day within 30 days; the public reads the note.

    Raises Refused, Stale while nothing is public or another delay runs, ValidationError on until and the notes.
    """
    policies.check_until(until, today=timezone.localdate())
    _need_note(note_en)
    policies.check_note(note_en, note_es)
    with transaction.atomic():
        policies.may_review(by)
        through = _through()
        if shown.last_release() is None:
            raise Stale(_("Nothing is public yet: release the figures first."))
        if shown.delay_now() is not None:
            raise Stale(_("Newer days are held back already. They are shown on the day that was named."))
        review = _add(ReviewAct.DELAY, by, through, until=until, note_en=note_en, note_es=note_es)
        record(
            event=Event.FIGURES_DELAYED,
            actor=by.actor,
            subject=review.subject,
            reason=note_en,
            facts={"through": through.isoformat(), "until": until.isoformat()},
        )
    return review


def note(*, by: User, note_en: str, note_es: str, is_named: bool = False) -> FigureReview:
    """Add a note that the public reads beside the figures. Raises Refused, ValidationError on note_en and note_es."""
    _need_note(note_en)
    policies.check_note(note_en, note_es)
    with transaction.atomic():
        policies.may_review(by)
        review = _add(ReviewAct.NOTE, by, _through(), note_en=note_en, note_es=note_es, is_named=is_named)
        record(event=Event.FIGURES_NOTED, actor=by.actor, subject=review.subject, reason=note_en)
    return review


def _need_note(note_en: str) -> None:
    if not note_en:
        raise ValidationError({"note_en": _("Say what the public has to know.")})


def _through() -> date:
    """Return the last counted day; in a demo, today. Raises Stale if no day is counted."""
    counted = CountedDay.objects.order_by("-day").values_list("day", flat=True).first()
    if settings.FIGURES_OF_TODAY:
        return timezone.localdate()
    if counted is None:
        raise Stale(_("No day is counted yet. The first one is counted in the night after it."))
    return counted


def _add(
    act: ReviewAct,
    by: User,
    through: date,
    *,
    note_en: str,
    note_es: str,
    until: date | None = None,
    is_named: bool = False,
) -> FigureReview:
    return FigureReview.objects.create(
        act=act,
        through=through,
        until=until,
        note_en=note_en,
        note_es=note_es,
        shown_as=by.name if is_named else "",
        role=by.role,
        made_by=by,
    )
