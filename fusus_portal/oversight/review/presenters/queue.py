"""The queue of a week: its cards as a stack, progress, and earlier weeks."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.oversight.review import policies
from fusus_portal.oversight.review.flags.contract import FlagKind
from fusus_portal.oversight.review.models import CardKind, ReviewCard, ReviewQuestion, ReviewWeek
from fusus_portal.oversight.review.presenters.readers import Reader, reader_of
from fusus_portal.oversight.review.services.cards import Queue
from fusus_portal.oversight.review.states import CardState, QuestionState, WeekState

TAGS = {CardState.WAITING: "warn", CardState.FINE: "good", CardState.FINDING: "bad"}


def queue_page(week: ReviewWeek, queue: Queue, viewer: User, *, entry: int | None = None) -> dict[str, Any]:
    reader = reader_of(week, viewer)
    done = sum(card.state != CardState.WAITING for card in queue.cards)
    waiting = [card for card in queue.cards if card.state == CardState.WAITING]
    mine = [card for card in waiting if card.pk not in queue.took_part and not queue.had_another_role]
    return {
        "week": week,
        "name": week_name(week),
        "cards": [line_of(card, queue, reader) for card in queue.cards],
        "done": done,
        "total": len(queue.cards),
        "first": mine[0] if mine else None,
        "hidden": _hidden(queue.hidden),
        "blocked": _blocked(len(queue.blocked)),
        "other_role": why_not(partial(policies.must_have_one_role, week, had_another_role=queue.had_another_role)),
        "sampled": sampled(week),
        "seeded": seeded(week),
        "due": due(week, reader),
        "is_late": is_late(week),
        "signs": has(viewer.role, Permission.AUDIT) and week.state == WeekState.OPEN,
        "cannot_sign": cannot_sign(week, queue, viewer),
        "closed": why_not(partial(policies.must_be_unsigned, week)),
        "entry": entry if has(viewer.role, Permission.AUDIT) else None,
    }


def line_of(card: ReviewCard, queue: Queue, reader: Reader) -> dict[str, Any]:
    return {
        "card": card,
        "title": title_of(card, reader),
        "state": state_of(card),
        "kind": TAGS[CardState(card.state)],
        "took_part": card.pk in queue.took_part,
    }


def title_of(card: ReviewCard, reader: Reader) -> str:
    what = str(FlagKind(card.flag).label) if card.kind == CardKind.FLAG else _("Random sample")
    return f"{what} · {reader.name(card.person)}" if card.person else what


def state_of(card: ReviewCard) -> str:
    if card.state != CardState.WAITING:
        return str(card.get_state_display())
    last = _last(card.questions.all())
    if last is None or last.state == QuestionState.CLOSED:
        return str(card.get_state_display())
    return _("Answered") if last.state == QuestionState.ANSWERED else _("Asked")


def _last(questions: Iterable[ReviewQuestion]) -> ReviewQuestion | None:
    found = list(questions)
    return found[-1] if found else None


def week_name(week: ReviewWeek) -> str:
    """Return a week's first and last day: "Nov. 16 to Nov. 22, 2026"."""
    last = timezone.localtime(week.ends_at - timedelta(hours=1))
    first = timezone.localtime(week.begins_at)
    return _("%(first)s to %(last)s") % {"first": formatted(first, "N j"), "last": times.day(last)}


def due(week: ReviewWeek, reader: Reader) -> str:
    if week.signed_at is not None and week.signed_by is not None:
        words = {"who": reader.name(week.signed_by.pseudonym), "when": reader.when(week.signed_at)}
        return _("Signed by %(who)s, %(when)s.") % words
    return _("To be signed before %(when)s.") % {"when": reader.when(week.due_at)}


def is_late(week: ReviewWeek) -> bool:
    return (week.signed_at or timezone.now()) >= week.due_at


def sampled(week: ReviewWeek) -> str:
    number = f"{week.acts:,}"
    sentence = ngettext("The sample was drawn from one act.", "The sample was drawn from %(number)s acts.", week.acts)
    return sentence % {"number": number}


def seeded(week: ReviewWeek) -> str:
    if week.is_seeded_in_time:
        return _("It was drawn by a seed whose hash was in the log before the week began.")
    return _("It was drawn by a seed whose hash was in the log only after the week had begun.")


def _hidden(number: int) -> str:
    if not number:
        return ""
    sentence = ngettext(
        "One card has to do with an incident that is open. You can read it once that is closed.",
        "%(number)d cards have to do with incidents that are open. You can read them once those are closed.",
        number,
    )
    return sentence % {"number": number}


def _blocked(number: int) -> str:
    if not number:
        return ""
    sentence = ngettext(
        "No auditor may review one of these cards, since each took part. Administrators were told: another auditor is "
        "needed.",
        "No auditor may review %(number)d of these cards, since each took part. Administrators were told: another "
        "auditor is needed.",
        number,
    )
    return sentence % {"number": number}


def cannot_sign(week: ReviewWeek, queue: Queue, viewer: User) -> str:
    waiting = sum(card.state == CardState.WAITING for card in queue.cards)
    checks = (
        partial(policies.must_be_unsigned, week),
        partial(policies.may_sign, viewer, week, had_another_role=queue.had_another_role),
        partial(policies.must_be_done, week, waiting=waiting),
    )
    return next(filter(None, map(why_not, checks)), "")
