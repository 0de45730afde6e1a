"""Pages of a card with its evidence, chart of months and acts; of its finding and questions; of alarm addresses.

The page of a question shows the asked person's own acts and nobody else's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from audit import hooks
from audit.console.entry import OUTCOME_KINDS, Fold, actor_name, entry_sentence, local_time, rows_of
from audit.console.presenters import CHART_HEIGHT, bar_places, top_of_bars
from audit.log.actors import ActorKind
from audit.log.events import REFUSALS, Event
from audit.log.models import AuditEntry
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.oversight.review import policies
from fusus_portal.oversight.review.flags.kinds import FlagKind, sentence_of
from fusus_portal.oversight.review.models import AlarmAddress, ReviewCard, ReviewFinding, ReviewQuestion
from fusus_portal.oversight.review.presenters.queue import (
    CARD_TAGS,
    Reader,
    card_state,
    card_title,
    reader_of,
    week_name,
)
from fusus_portal.oversight.review.selectors import MOST_ENTRIES
from fusus_portal.oversight.review.services import Queue
from fusus_portal.oversight.review.states import CardState, FindingState, QuestionState, WeekState
from integration.critical import presenters, selectors as critical
from integration.critical.models import Declaration


def finding_page(finding: ReviewFinding) -> dict[str, Any]:
    reader = Reader(finding.card.week, is_inside=True)
    state, kind = _("Open"), "warn"
    if finding.state == FindingState.CLOSED:
        state, kind = str(finding.get_state_display()), "good"
    elif finding.due_on < timezone.localdate():
        state, kind = _("Overdue"), "bad"
    return {
        "finding": finding,
        "found": finding_for_reader(finding, reader),
        "title": card_title(finding.card, reader),
        "week_name": week_name(finding.card.week),
        "state": state,
        "kind": kind,
        "open": finding.state == FindingState.OPEN,
    }


def finding_for_reader(finding: ReviewFinding, reader: Reader) -> dict[str, Any]:
    return {
        "note": reader.text(finding.note),
        "follow_up": reader.text(finding.follow_up),
        "due_on": finding.due_on,
        "made": f"{reader.name(finding.made_by.pseudonym)}, {reader.when(finding.made_at)}",
        "outcome": reader.text(finding.outcome),
        "place": finding.card.place,
    }


READ_OUTSIDE = frozenset(
    {event for event in Event if event.agency or event.owner}
    | {*REFUSALS.values(), Event.VIEW_REFUSED, Event.CANVASS_VIEWED, Event.SIGNED_IN}
)
"""Events that reviewers from outside read: those that owners or people on an incident read, refused acts, sign-ins."""


def card_page(
    card: ReviewCard, queue: Queue, viewer: User, *, entries: Sequence[AuditEntry], months: Mapping[str, int]
) -> dict[str, Any]:
    reader = reader_of(card.week, viewer)
    audits = reader.is_inside
    place = [each.pk for each in queue.cards].index(card.pk)
    return {
        "number": place + 1,
        "total": len(queue.cards),
        "before": queue.cards[place - 1] if place else None,
        "after": queue.cards[place + 1] if place + 1 < len(queue.cards) else None,
        "card": card,
        "title": card_title(card, reader),
        "state": card_state(card),
        "kind": CARD_TAGS[CardState(card.state)],
        "week": card.week,
        "week_name": week_name(card.week),
        "stood_out": _flag_sentence(card, entries, reader),
        "folds": [Fold([row]) for row in rows_of(entries)] if audits else [],
        "outside": [] if audits else entries_outside(entries, reader),
        "more": max(0, len(card.entries) - MOST_ENTRIES),
        "chart": months_chart(card, months, reader),
        "decided": _decided_sentence(card, reader),
        "finding": finding_for_reader(card.finding, reader) if hasattr(card, "finding") else None,
        "questions": list(card.questions.select_related("person", "asked_by")) if audits else [],
        "audits": audits,
        "open": card.state == CardState.WAITING and card.week.state == WeekState.OPEN,
        "reason": _why_undecidable(card, queue, viewer),
        "no_question": why_not(partial(policies.must_be_askable, card))
        or why_not(partial(policies.must_have_none_open, card)),
        "blocked": card.pk in queue.blocked,
    }


def _flag_sentence(card: ReviewCard, entries: Sequence[AuditEntry], reader: Reader) -> str:
    """Return the sentence of a card's flag, or "". For auditors one of broken glass names place and people."""
    if not card.flag:
        return ""
    declarations = [entry.subject_id for entry in entries if entry.subject_kind == Declaration.subject_kind]
    broken = critical.glass_of(declarations) if card.as_flag.kind == FlagKind.GLASS and reader.is_inside else ()
    return sentence_of(card.as_flag, broken=[presenters.glass_sentence(each) for each in broken])


def entries_outside(entries: Sequence[AuditEntry], reader: Reader) -> list[dict[str, Any]]:
    """Return entries as lines for a reviewer from outside: day, person, act, and no object, place, number or text."""
    # Acts of the office and of the portal itself, and not of an owner.
    read = [
        entry
        for entry in entries
        if entry.event in READ_OUTSIDE and (entry.actor_kind == ActorKind.TASK or entry.actor_pseudonym)
    ]
    lines = groupby(read, lambda entry: (reader.when(entry.at), actor_name(entry), entry.event, entry.outcome))
    return [
        {
            "day": reader.when(first.at),
            "who": reader.name(first.actor_pseudonym) or actor_name(first),
            "what": entry_sentence(first),
            "times": 1 + len(same),
            "outcome": first.outcome,
            "kind": OUTCOME_KINDS.get(first.outcome, "bad"),
        }
        for _line, (first, *same) in lines
    ]


def months_chart(card: ReviewCard, months: Mapping[str, int], reader: Reader) -> dict[str, Any] | None:
    if card.account is None:
        return None
    role = card.account.role
    usual = {month: card.week.colleagues.get(month, {}).get(role, 0) for month in months}
    pairs = [number for month in months for number in (months[month], usual[month])]
    rows = [
        (formatted(date.fromisoformat(f"{month}-01"), "N Y"), f"{months[month]:,}", f"{usual[month]:g}")
        for month in months
    ]
    told = [(label, number, pale) for label, own, median in rows for number, pale in ((own, False), (median, True))]
    bars = [
        {**place, "name": name, "number": number, "pale": pale}
        for (name, number, pale), place in zip(told, bar_places(pairs, round(max(pairs, default=0))), strict=True)
    ]
    chart = {"rows": rows, "bars": bars, "height": CHART_HEIGHT, "top": top_of_bars(bars)}
    return {**chart, "person": reader.name(card.person), "first": rows[0][0], "last": rows[-1][0]}


def _decided_sentence(card: ReviewCard, reader: Reader) -> str:
    if card.decided_by is None or card.decided_at is None:
        return ""
    words = {"who": reader.name(card.decided_by.pseudonym), "when": reader.when(card.decided_at)}
    return _("%(who)s decided about it, %(when)s.") % words


def _why_undecidable(card: ReviewCard, queue: Queue, viewer: User) -> str:
    if signed := why_not(partial(policies.must_be_unsigned, card.week)):
        return signed
    if card.state != CardState.WAITING:
        return _("This card is done.")
    return why_not(
        partial(
            policies.may_review,
            viewer,
            card,
            took_part=card.pk in queue.took_part,
            had_another_role=queue.had_another_role,
            permission=Permission.REVIEW,
        )
    )


QUESTION_TAGS = {QuestionState.ASKED: "warn", QuestionState.ANSWERED: "good", QuestionState.CLOSED: "quiet"}


def question_page(question: ReviewQuestion, entries: Iterable[AuditEntry]) -> dict[str, Any]:
    """Return the page of a question. entries: the asked person's own; those that read the same are one line."""
    own = list(entries)
    incidents = hooks.names("incident", (entry.incident_id for entry in own))
    lines = [(local_time(entry.at), entry_sentence(entry), incidents.get(entry.incident_id, "")) for entry in own]
    acts = [(*line, len(list(same))) for line, same in groupby(lines)]
    return {**question_line(question), "acts": acts, "asks": question.state == QuestionState.ASKED}


def question_line(question: ReviewQuestion) -> dict[str, Any]:
    return {
        "question": question,
        "week_name": week_name(question.card.week),
        "asked": times.moment(question.asked_at),
        "kind": QUESTION_TAGS[QuestionState(question.state)],
    }


def address_row(address: AlarmAddress, viewer: User) -> dict[str, Any]:
    waits = address.approved_at is None and address.retired_at is None
    in_use = address.approved_at is not None and address.retired_at is None
    return {
        "address": address,
        "waits": waits,
        "label": _("In use") if in_use else _("Proposed") if waits else _("Retired"),
        "kind": "good" if in_use else "warn" if waits else "quiet",
        "why_no_approval": why_not(partial(policies.may_approve_address, viewer, address)) if waits else "",
    }
