"""Looks at cards, and decisions. The entry of a look is committed before anything is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.oversight.review import locks, policies
from fusus_portal.oversight.review.models import ReviewCard, ReviewFinding, ReviewQuestion, ReviewWeek
from fusus_portal.oversight.review.selectors import evidence, independence, weeks
from fusus_portal.oversight.review.states import CardState, QuestionState


@dataclass(frozen=True, slots=True)
class Queue:
    """The cards of a week as one person sees them.

    hidden: number of cards about open incidents, which a reviewer from outside can't read. took_part: ids of cards that
    this person may not review. blocked: ids of cards that no auditor may review.
    """

    cards: Sequence[ReviewCard]
    hidden: int = 0
    took_part: set[UUID] = field(default_factory=set)
    blocked: set[UUID] = field(default_factory=set)
    had_another_role: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of a card. months: acts of its person by month."""

    card: ReviewCard
    entries: Sequence[AuditEntry]
    months: dict[str, int]


def open_queue(*, week: ReviewWeek, by: User) -> Queue:
    """Return the cards of a week, with an entry of the look. Raises Refused by role."""
    demand(by, Permission.REVIEW, subject=week.subject)
    with transaction.atomic():
        record(event=Event.REVIEW_OPENED, actor=by.actor, subject=week.subject)
    return queue_of(week=week, by=by)


def queue_of(*, week: ReviewWeek, by: User) -> Queue:
    cards = list(weeks.cards(week))
    unread = set() if by.role in Permission.AUDIT.roles else evidence.in_open_incident(cards)
    shown = [card for card in cards if card.pk not in unread]
    waiting = [card for card in shown if card.state == CardState.WAITING]
    return Queue(
        shown,
        len(unread),
        independence.took_part(by, shown),
        independence.blocked(waiting, since=week.begins_at),
        independence.had_another_role(by, since=week.begins_at),
    )


def open_card(*, card: ReviewCard, by: User) -> Evidence:
    """Return a card's evidence, with an entry. Raises Refused by role, and outside if an incident is open."""
    policies.may_see(by, card, in_open_incident=bool(evidence.in_open_incident([card])))
    with transaction.atomic():
        record(event=Event.CARD_OPENED, actor=by.actor, subject=card.subject, facts={"card": card.place})
    return Evidence(card, evidence.entries(card), dict(evidence.own_months(card)))


def must_be_independent(*, card: ReviewCard, by: User, permission: Permission) -> None:
    policies.may_review(
        by,
        card,
        took_part=bool(independence.took_part(by, [card])),
        had_another_role=independence.had_another_role(by, since=card.week.begins_at),
        permission=permission,
    )


def must_be_open_to(*, card: ReviewCard, by: User) -> None:
    """Raise Refused or Stale if a person may not decide about a card, or if it is decided."""
    policies.may_see(by, card, in_open_incident=bool(evidence.in_open_incident([card])))
    must_be_independent(card=card, by=by, permission=Permission.REVIEW)
    policies.must_be_open(card)
    policies.must_have_looked(card, has_looked=independence.has_looked(by, card))
    steps.check(card, CardState.FINDING, by)


def say_fine(*, card: ReviewCard, by: User) -> ReviewCard:
    """Decide that a card is fine. Raises Refused after taking part, Stale if it is decided or was never opened."""
    with transaction.atomic():
        locked, person = _held(card.pk, by, Permission.AUDIT)
        _close_questions(locked, person)
        locked.decided_by, locked.decided_at = person, timezone.now()
        steps.take(locked, CardState.FINE, person)
    return locked


def find(*, card: ReviewCard, by: User, note: str, follow_up: str, due_on: date) -> ReviewFinding:
    """Make a finding about a card. Raises as `say_fine`, and ValidationError by field."""
    text = policies.check_text(note, field="note")
    wanted = policies.check_text(follow_up, field="follow_up")
    day = policies.check_due(due_on)
    with transaction.atomic():
        locked, person = _held(card.pk, by, Permission.REVIEW)
        policies.may_see(person, locked, in_open_incident=bool(evidence.in_open_incident([locked])))
        _close_questions(locked, person)
        locked.decided_by, locked.decided_at = person, timezone.now()
        finding = ReviewFinding(card=locked, note=text, follow_up=wanted, due_on=day, made_by=person)
        facts = {"finding": str(finding.pk), "due_on": day.isoformat()}
        steps.take(locked, CardState.FINDING, person, facts=facts, reason=text)
        finding.save(force_insert=True)
    return finding


def ask(*, card: ReviewCard, by: User, text: str) -> ReviewQuestion:
    """Ask the person of a card; a mail tells them. Raises as `say_fine`, Stale while another question waits."""
    typed = policies.check_text(text, field="text")
    with transaction.atomic():
        locked, auditor = _held(card.pk, by, Permission.AUDIT)
        steps.check(locked, CardState.FINE, auditor)
        policies.must_have_none_open(locked)
        person = policies.must_be_askable(locked)
        asked = ReviewQuestion(card=locked, person=person, text=typed, asked_by=auditor)
        asked.save(force_insert=True)
        facts = {"card": str(locked.pk), "person": person.pseudonym}
        record(event=Event.QUESTION_ASKED, actor=auditor.actor, subject=asked.subject, facts=facts, reason=typed)
        context = {"question": str(asked.pk)}
        notifications.send(kind=MessageKind.REVIEW_QUESTION, to=person, about=asked.subject, context=context)
    return asked


def _held(pk: UUID, by: User, permission: Permission) -> tuple[ReviewCard, User]:
    """Return a card and the person who decides, both locked: nobody loses or gains a role meanwhile."""
    person = accounts.hold_asker(by.pk)
    if person is None:
        raise RuntimeError("an account decides")
    locked = locks.card(pk)
    must_be_independent(card=locked, by=person, permission=permission)
    policies.must_be_open(locked)
    policies.must_have_looked(locked, has_looked=independence.has_looked(person, locked))
    return locked, person


def _close_questions(card: ReviewCard, by: User) -> None:
    """Close questions without an answer: the card is decided without it."""
    for question in card.questions.select_for_update(no_key=True).filter(state=QuestionState.ASKED):
        steps.take(question, QuestionState.CLOSED, by)
        notifications.withdraw_many(subjects=[question.subject])
