"""Pages of a week's review: cards with their evidence, findings, questions, signature, the public line, addresses.

Owners read badge names with times, as auditors do. So a reviewer from outside reads days, and names made up for one
week's review, and can't identify anybody with an owner's list (docs/decisions/audit/weekly-review.md). The page of a
question shows the asked person's own acts and nobody else's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any, Final

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateformat import format as formatted
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from audit import hooks
from audit.console.entry import OUTCOME_KINDS, Fold, actor_name, acts_of, entry_sentence, local_time, rows_of
from audit.log.actors import ActorKind
from audit.log.events import REFUSALS, Event
from audit.log.models import AuditEntry
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.charts import Bar, Chart, Row, chart_of
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.oversight.review import policies
from fusus_portal.oversight.review.flags.kinds import FlagKind, sentence_of
from fusus_portal.oversight.review.models import (
    AlarmAddress,
    CardKind,
    ReviewCard,
    ReviewFinding,
    ReviewQuestion,
    ReviewWeek,
)
from fusus_portal.oversight.review.rules import SAMPLE_SIZE
from fusus_portal.oversight.review.selectors import MOST_ENTRIES, public_weeks
from fusus_portal.oversight.review.services import Queue
from fusus_portal.oversight.review.states import CardState, FindingState, QuestionState, WeekState
from integration.critical import presenters, selectors as critical
from integration.critical.models import Declaration

NAME_SALT: Final = "oversight.review.names"
CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 6
BADGE_NAME: Final = re.compile(rf"\b(?:{'|'.join(role.title() for role in Role.values)}) [A-Z]\d[A-Z]\d\b")
BADGE_CODE: Final = re.compile(r"\b[A-Z]\d[A-Z]\d\b")
HALF_OF_DAY: Final = r" ?[ap]\.?m\b\.?"
TIME_OF_DAY: Final = re.compile(
    rf"\b\d{{1,2}}(?::\d{{2}}){{1,2}}(?:\.\d+)?(?:{HALF_OF_DAY})?|\b\d{{1,2}}{HALF_OF_DAY}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of a week's review. is_inside: True for an auditor of the office, False for a reviewer from outside."""

    week: ReviewWeek
    is_inside: bool

    def name(self, badge: str) -> str:
        """Return a person's name for this reader. badge: the badge name, "" for nobody."""
        if self.is_inside or not badge:
            return badge
        return _("Person %(code)s") % {"code": self._code(badge)}

    def when(self, at: datetime) -> str:
        return times.moment(at) if self.is_inside else times.day(at)

    def text(self, typed: str) -> str:
        """Return a text typed by people of the office; for outside with badge names replaced and no times of day."""
        if self.is_inside:
            return typed
        named = BADGE_CODE.sub(
            lambda found: self.name(found[0]), BADGE_NAME.sub(lambda found: self.name(found[0]), typed)
        )
        return TIME_OF_DAY.sub(_("(a time)"), named)

    def _code(self, badge: str) -> str:
        # A badge's code stays when its holder gets another role.
        said = f"{self.week.pk}:{badge.rpartition(' ')[2]}"
        digest = salted_hmac(NAME_SALT, said, algorithm="sha256").digest()
        return "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:CODE_LENGTH])


def reader_of(week: ReviewWeek, viewer: User) -> Reader:
    return Reader(week, has(viewer.role, Permission.AUDIT))


CARD_TAGS = {CardState.WAITING: "warn", CardState.FINE: "good", CardState.FINDING: "bad"}


def queue_page(week: ReviewWeek, queue: Queue, viewer: User, *, entry: int | None = None) -> dict[str, Any]:
    reader = reader_of(week, viewer)
    done = sum(card.state != CardState.WAITING for card in queue.cards)
    waiting = [card for card in queue.cards if card.state == CardState.WAITING]
    mine = [card for card in waiting if card.pk not in queue.took_part and not queue.had_another_role]
    return {
        "week": week,
        "name": week_name(week),
        "cards": [
            {
                "card": card,
                "title": card_title(card, reader),
                "state": card_state(card),
                "kind": CARD_TAGS[CardState(card.state)],
                "took_part": card.pk in queue.took_part,
            }
            for card in queue.cards
        ],
        "done": done,
        "total": len(queue.cards),
        "first": mine[0] if mine else None,
        "hidden": _hidden_sentence(queue.hidden),
        "blocked": _blocked_sentence(len(queue.blocked)),
        "other_role": why_not(partial(policies.must_have_one_role, week, had_another_role=queue.had_another_role)),
        "sampled": sampled_sentence(week),
        "seeded": seeded_sentence(week),
        "due": due_sentence(week, reader),
        "is_late": week.is_late,
        "signs": has(viewer.role, Permission.AUDIT) and week.state == WeekState.OPEN,
        "cannot_sign": why_not_signed(week, queue, viewer),
        "closed": why_not(partial(policies.must_be_unsigned, week)),
        "entry": entry if has(viewer.role, Permission.AUDIT) else None,
    }


def card_title(card: ReviewCard, reader: Reader) -> str:
    what = str(FlagKind(card.flag).label) if card.kind == CardKind.FLAG else _("Random sample")
    return f"{what} · {reader.name(card.person)}" if card.person else what


def card_state(card: ReviewCard) -> str:
    if card.state != CardState.WAITING:
        return str(card.get_state_display())
    last = [question.state for question in card.questions.all()][-1:]
    if last in ([], [QuestionState.CLOSED]):
        return str(card.get_state_display())
    return _("Answered") if last == [QuestionState.ANSWERED] else _("Asked")


def week_name(week: ReviewWeek) -> str:
    """Return a week's first and last day: "Nov. 16 to Nov. 22, 2026"."""
    last = timezone.localtime(week.ends_at - timedelta(hours=1))
    first = timezone.localtime(week.begins_at)
    return _("%(first)s to %(last)s") % {"first": formatted(first, "N j"), "last": times.day(last)}


def due_sentence(week: ReviewWeek, reader: Reader) -> str:
    if week.signed_at is not None and week.signed_by is not None:
        words = {"who": reader.name(week.signed_by.pseudonym), "when": reader.when(week.signed_at)}
        return _("Signed by %(who)s, %(when)s.") % words
    return _("To be signed before %(when)s.") % {"when": reader.when(week.due_at)}


def sampled_sentence(week: ReviewWeek) -> str:
    number = f"{week.acts:,}"
    sentence = ngettext("The sample was drawn from one act.", "The sample was drawn from %(number)s acts.", week.acts)
    return sentence % {"number": number}


def seeded_sentence(week: ReviewWeek) -> str:
    if week.is_seeded_in_time:
        return _("It was drawn by a seed whose hash was in the log before the week began.")
    return _("It was drawn by a seed whose hash was in the log only after the week had begun.")


def _hidden_sentence(number: int) -> str:
    if not number:
        return ""
    sentence = ngettext(
        "One card has to do with an incident that is open. You can read it once that is closed.",
        "%(number)d cards have to do with incidents that are open. You can read them once those are closed.",
        number,
    )
    return sentence % {"number": number}


def _blocked_sentence(number: int) -> str:
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


def why_not_signed(week: ReviewWeek, queue: Queue, viewer: User) -> str:
    waiting = sum(card.state == CardState.WAITING for card in queue.cards)
    checks = (
        partial(policies.must_be_unsigned, week),
        partial(policies.may_sign, viewer, week, had_another_role=queue.had_another_role),
        partial(policies.must_be_done, week, waiting=waiting),
    )
    return next(filter(None, map(why_not, checks)), "")


def sign_page(week: ReviewWeek, queue: Queue, viewer: User) -> dict[str, Any]:
    return {
        "week": week,
        "name": week_name(week),
        "seeded": seeded_sentence(week),
        "why_not": why_not_signed(week, queue, viewer),
        **signature_of(week, queue.cards, viewer),
    }


def signature_of(week: ReviewWeek, cards: Sequence[ReviewCard], signer: User) -> dict[str, Any]:
    office, reader = Agency.current().name, Reader(week, is_inside=True)
    sentence = _(
        "%(who)s signs for the %(office)s: each card was looked at and decided by somebody who took no part in it."
    )
    return {
        "office": office,
        "signs": sentence % {"who": signer.pseudonym, "office": office},
        "looked": [
            f"{_sample_statement(cards)} {sampled_sentence(week)}",
            _flag_statement(cards),
            _decision_statement(cards),
            _question_statement(cards),
        ],
        "cards": [{"card": card, "title": card_title(card, reader), "state": card_state(card)} for card in cards],
    }


def _sample_statement(cards: Sequence[ReviewCard]) -> str:
    number = sum(card.kind == CardKind.SAMPLE for card in cards)
    looked = ngettext(
        "%(number)d search, request, live view, clip, or file that was played or downloaded.",
        "%(number)d searches, requests, live views, clips, and files that were played or downloaded.",
        number,
    )
    return looked % {"number": number}


def _flag_statement(cards: Sequence[ReviewCard]) -> str:
    flags = Counter(str(FlagKind(card.flag).label) for card in cards if card.kind == CardKind.FLAG)
    if not flags:
        return _("Nothing stood out.")
    number = flags.total()
    sentence = ngettext(
        "%(number)d thing that stood out: %(which)s.", "%(number)d things that stood out: %(which)s.", number
    )
    which = "; ".join(f"{label} ({often})" if often > 1 else label for label, often in flags.items())
    return sentence % {"number": number, "which": which}


def _decision_statement(cards: Sequence[ReviewCard]) -> str:
    fine, findings = (sum(card.state == state for card in cards) for state in (CardState.FINE, CardState.FINDING))
    found_fine = ngettext("%(number)d card was fine.", "%(number)d cards were fine.", fine) % {"number": fine}
    made = ngettext("%(number)d finding was made.", "%(number)d findings were made.", findings) % {"number": findings}
    return f"{found_fine} {made}"


def _question_statement(cards: Sequence[ReviewCard]) -> str:
    asked = [question for card in cards for question in card.questions.all()]
    if not asked:
        return _("Nobody was asked anything.")
    answered = sum(question.state == QuestionState.ANSWERED for question in asked)
    sentence = ngettext(
        "%(number)d question was asked, and %(answered)d answered.",
        "%(number)d questions were asked, and %(answered)d answered.",
        len(asked),
    )
    return sentence % {"number": len(asked), "answered": answered}


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
    broken = critical.glass_of(declarations) if card.flag == FlagKind.GLASS and reader.is_inside else ()
    return sentence_of(FlagKind(card.flag), card.facts, broken=[presenters.glass_sentence(each) for each in broken])


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


def months_chart(card: ReviewCard, months: Mapping[str, int], reader: Reader) -> Chart | None:
    if card.account is None:
        return None
    role = card.account.role
    usual = {month: card.week.colleagues.get(month, {}).get(role, 0) for month in months}
    person = reader.name(card.person)
    rows = [
        Row(formatted(date.fromisoformat(f"{month}-01"), "N Y"), [f"{months[month]:,}", f"{usual[month]:g}"])
        for month in months
    ]
    bars = []
    for row, month in zip(rows, months, strict=True):
        bars += [Bar(row.label, months[month], row.cells[0]), Bar(row.label, usual[month], row.cells[1], is_pale=True)]
    said = _(
        "Searches, requests, views and footage played or downloaded in each month: %(person)s (dark), and the median "
        "of colleagues who did any (pale)."
    )
    columns = [_("Month"), person, _("Median of colleagues")]
    return chart_of(bars, said=said % {"person": person}, unit=_("acts"), columns=columns, rows=rows)


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
    """Return the page of a question. entries: their own; those of one act that read the same are one line."""
    own = list(entries)
    incidents, act_of = hooks.names("incident", (entry.incident_id for entry in own)), acts_of(own)
    same_lines = groupby(own, lambda entry: (act_of[entry.pk], entry_sentence(entry), entry.incident_id))
    acts = [
        (local_time(first.at), what, incidents.get(incident, ""), 1 + len(more))
        for (_act, what, incident), (first, *more) in same_lines
    ]
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


def public_section() -> dict[str, Any]:
    found = public_weeks()
    late = [_public_day(each.begins_at) for each in found if each.is_late and each.signed_at is None]
    signed = next((each for each in found if each.signed_at is not None), None)
    return {"late": late, "signed": _public_line(signed) if signed else None}


def public_page() -> dict[str, Any]:
    return {"weeks": [_public_line(each) for each in public_weeks()], "size": SAMPLE_SIZE}


def _public_line(week: ReviewWeek) -> dict[str, Any]:
    last = _public_day(timezone.localtime(week.begins_at) + timedelta(days=6))
    state, kind = _public_state(week, last)
    # How many acts were drawn, not from how many: the public report has that number, and hides a small one.
    few, many = _("All acts of the week, which were fewer than %(size)d"), _("%(size)d acts, drawn at random")
    return {
        "seed": "" if week.state == WeekState.SEEDED else week.seed,
        "seed_hash": week.seed_hash,
        "is_seeded_in_time": week.is_seeded_in_time,
        "days": _("%(first)s to %(last)s") % {"first": _public_day(week.begins_at), "last": last},
        "looked": (few if week.sample < SAMPLE_SIZE else many) % {"size": SAMPLE_SIZE},  # type: ignore[attr-defined]
        "state": state,
        "kind": kind,
    }


def _public_state(week: ReviewWeek, last_day: str) -> tuple[str, str]:
    if week.signed_at is not None:
        sentence = _("Signed late, %(day)s") if week.is_late else _("Signed %(day)s")
        return sentence % {"day": _public_day(week.signed_at)}, "warn" if week.is_late else "good"
    if week.is_late:
        return _("Late"), "bad"
    return _("Ends %(day)s") % {"day": last_day} if week.state == WeekState.SEEDED else _("Being reviewed"), "quiet"


def _public_day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
