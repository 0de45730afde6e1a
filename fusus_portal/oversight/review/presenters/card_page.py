"""One card: its evidence in order, the months of its person and of colleagues, and possible acts."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from audit.console.entry.folds import Fold
from audit.console.entry.rows import OUTCOME_KINDS, rows_of, sentence, who
from audit.console.presenters.chart import HEIGHT, places, top_of
from audit.log.actors import ActorKind
from audit.log.events import REFUSALS, Event
from audit.log.models import AuditEntry
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.oversight.review import policies
from fusus_portal.oversight.review.flags.contract import FlagKind
from fusus_portal.oversight.review.flags.sentences import sentence_of
from fusus_portal.oversight.review.models import ReviewCard
from fusus_portal.oversight.review.presenters.finding_page import found_of
from fusus_portal.oversight.review.presenters.queue import TAGS, state_of, title_of, week_name
from fusus_portal.oversight.review.presenters.readers import Reader, reader_of
from fusus_portal.oversight.review.selectors.evidence import MOST_ENTRIES
from fusus_portal.oversight.review.services.cards import Evidence, Queue
from fusus_portal.oversight.review.states import CardState, WeekState
from integration.critical import presenters
from integration.critical import selectors as critical
from integration.critical.models import Declaration

READ_OUTSIDE = frozenset(
    {event for event in Event if event.agency or event.owner}
    | {*REFUSALS.values(), Event.VIEW_REFUSED, Event.CANVASS_VIEWED, Event.SIGNED_IN}
)
"""Events for reviewers from outside: those that owners or people on an incident read, and refused acts."""


def card_page(found: Evidence, queue: Queue, viewer: User) -> dict[str, Any]:
    card = found.card
    reader = reader_of(card.week, viewer)
    audits = reader.is_inside
    return {
        **_place(card, queue),
        "card": card,
        "title": title_of(card, reader),
        "state": state_of(card),
        "kind": TAGS[CardState(card.state)],
        "week": card.week,
        "week_name": week_name(card.week),
        "stood_out": _stood_out(found, reader),
        "folds": [Fold([row]) for row in rows_of(found.entries)] if audits else [],
        "outside": [] if audits else outside(found.entries, reader),
        "more": max(0, len(card.entries) - MOST_ENTRIES),
        "chart": months_chart(card, found.months, reader),
        "decided": _decided(card, reader),
        "finding": found_of(card.finding, reader) if hasattr(card, "finding") else None,
        "questions": list(card.questions.select_related("person", "asked_by")) if audits else [],
        "audits": audits,
        "open": card.state == CardState.WAITING and card.week.state == WeekState.OPEN,
        "reason": _reason(card, queue, viewer),
        "no_question": why_not(partial(policies.must_be_askable, card))
        or why_not(partial(policies.must_have_none_open, card)),
        "blocked": card.pk in queue.blocked,
    }


def _stood_out(found: Evidence, reader: Reader) -> str:
    """Return the sentence of a flag; for auditors, of broken glass, with place and people, as every page says it."""
    card = found.card
    if not card.flag:
        return ""
    declarations = [entry.subject_id for entry in found.entries if entry.subject_kind == Declaration.subject_kind]
    broken = critical.glass_of(declarations) if card.as_flag.kind == FlagKind.GLASS and reader.is_inside else ()
    return sentence_of(card.as_flag, broken=[presenters.glass_sentence(each) for each in broken])


def _place(card: ReviewCard, queue: Queue) -> dict[str, Any]:
    place = [each.pk for each in queue.cards].index(card.pk)
    return {
        "number": place + 1,
        "total": len(queue.cards),
        "before": queue.cards[place - 1] if place else None,
        "after": queue.cards[place + 1] if place + 1 < len(queue.cards) else None,
    }


def outside(entries: Sequence[AuditEntry], reader: Reader) -> list[dict[str, Any]]:
    """Return entries for a reader outside: day, person, act; no object, place, number or text. Repeats are one line."""
    known = set(Event)
    read = [
        entry
        for entry in entries
        if entry.event in known and Event(entry.event) in READ_OUTSIDE and _is_of_the_office(entry)
    ]
    return [
        {
            "day": reader.when(first.at),
            "who": reader.name(first.actor_pseudonym) or who(first),
            "what": sentence(first),
            "times": 1 + len(same),
            "outcome": first.outcome,
            "kind": OUTCOME_KINDS.get(first.outcome, "bad"),
        }
        for _line, (first, *same) in groupby(read, key=partial(_line_outside, reader))
    ]


def _line_outside(reader: Reader, entry: AuditEntry) -> tuple[str, str, str, str]:
    return reader.when(entry.at), who(entry), entry.event, entry.outcome


def _is_of_the_office(entry: AuditEntry) -> bool:
    """True if somebody of the office acted, or the portal itself: never an owner."""
    return entry.actor_kind == ActorKind.TASK or bool(entry.actor_pseudonym)


def months_chart(card: ReviewCard, months: dict[str, int], reader: Reader) -> dict[str, Any] | None:
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
        for (name, number, pale), place in zip(told, places(pairs, round(max(pairs, default=0))), strict=True)
    ]
    ends = {"first": rows[0][0], "last": rows[-1][0]}
    return {
        "rows": rows,
        "bars": bars,
        "height": HEIGHT,
        "top": top_of(bars),
        "person": reader.name(card.person),
        **ends,
    }


def _decided(card: ReviewCard, reader: Reader) -> str:
    if card.decided_by is None or card.decided_at is None:
        return ""
    words = {"who": reader.name(card.decided_by.pseudonym), "when": reader.when(card.decided_at)}
    return _("%(who)s decided about it, %(when)s.") % words


def _reason(card: ReviewCard, queue: Queue, viewer: User) -> str:
    if signed := why_not(partial(policies.must_be_open, card)):
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
