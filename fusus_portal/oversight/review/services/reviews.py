"""Acts of the weekly review: seed, sample and flags of a week, looks and decisions, signature, and the alarm.

The entry of a look is committed before anything is shown. The alarm goes to an address that two administrators chose.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from importlib import import_module
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.actors import ActorKind, Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.selectors import Contact, Recipient
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.steps import Facts
from fusus_portal.oversight.review import flags, locks, policies, selectors, week as weeks
from fusus_portal.oversight.review.flags.kinds import Flag
from fusus_portal.oversight.review.models import (
    CardKind,
    ReviewCard,
    ReviewFinding,
    ReviewPaper,
    ReviewQuestion,
    ReviewWeek,
)
from fusus_portal.oversight.review.rules import SAMPLE_SIZE, SAMPLED, SETTLED_AFTER, TIME_TO_REVIEW
from fusus_portal.oversight.review.selectors import Evidence
from fusus_portal.oversight.review.states import CardState, FindingState, QuestionState, WeekState
from fusus_portal.oversight.review.week import Week

KEEPER = "review.keep_up"
SEED_BYTES = 16
ACTOR = task_actor(KEEPER)


def seed_weeks(*, now: datetime | None = None) -> int:
    """Draw the seed of the next week, and of each missed since the last one; return the number of new seeds.

    The seed's hash is an entry before the week begins: after that nobody can pick another seed. now: another time than
    now, for a demo, whose log is minutes old.
    """
    wanted = weeks.of(now or timezone.now()).next()
    last = ReviewWeek.objects.order_by("-begins_at").first()
    missing = [wanted]
    while last is not None and missing[0].previous().begin > last.begins_at:
        missing.insert(0, missing[0].previous())
    return sum(_seed_week(each) for each in missing)


@transaction.atomic
def _seed_week(week: Week) -> bool:
    drawn = secrets.token_bytes(SEED_BYTES)
    row, is_new = ReviewWeek.objects.get_or_create(
        begins_at=week.begin,
        defaults={"ends_at": week.end, "seed": drawn.hex(), "seed_hash": sha256(drawn).hexdigest()},
    )
    if is_new:
        facts = {"week": week.monday.isoformat(), "sha256": row.seed_hash}
        record(event=Event.REVIEW_SEEDED, actor=ACTOR, subject=row.subject, facts=facts)
    return is_new


def draw_weeks(*, now: datetime | None = None) -> int:
    """Draw the sample and flags of each week that has ended; return the number of weeks. now: as in seed_weeks."""
    settled = (now or timezone.now()) - SETTLED_AFTER
    ended = ReviewWeek.objects.filter(state=WeekState.SEEDED, ends_at__lte=settled)
    return sum(_draw_week(each) for each in ended.order_by("begins_at"))


@transaction.atomic
def _draw_week(week: ReviewWeek) -> bool:
    locked = locks.week(week.pk)
    if locked.state != WeekState.SEEDED:
        return False
    ids = selectors.sample_of_week(locked.week, seed=locked.seed, size=SAMPLE_SIZE)
    found = sorted(flags.found(locked.week), key=lambda flag: -flag.weight)
    cards = _cards(locked, found, ids)
    ReviewCard.objects.bulk_create(cards)
    locked.acts = locked.week.acts(*SAMPLED).filter(actor_kind=ActorKind.USER.value).count()
    locked.colleagues, locked.drawn_at = selectors.acts_of_colleagues(locked.week), timezone.now()
    facts: Facts = {
        "week": locked.week.monday.isoformat(),
        "seed": locked.seed,
        "acts": locked.acts,
        "sample": len(ids),
        "flags": len(found),
    }
    steps.take(locked, WeekState.OPEN, ACTOR, facts=facts)
    _block_cards(locked, cards)
    return True


def _cards(week: ReviewWeek, found: Iterable[Flag], ids: list[int]) -> list[ReviewCard]:
    """Return the cards of flags, then those of the sample. ids: of its entries."""
    entries = AuditEntry.objects.in_bulk(ids)
    flagged = [
        ReviewCard(
            kind=CardKind.FLAG,
            flag=flag.kind,
            person=flag.person,
            account=_account_of_flag(flag),
            entries=list(flag.entries),
            facts=dict(flag.facts),
            weight=flag.weight,
        )
        for flag in found
    ]
    drawn = [
        ReviewCard(kind=CardKind.SAMPLE, person=entry.actor_pseudonym, account=_account_of_entry(entry), entries=[pk])
        for pk, entry in ((pk, entries[pk]) for pk in ids)
    ]
    cards = [*flagged, *drawn]
    for place, card in enumerate(cards, start=1):
        card.week, card.place = week, place
    return cards


def _account_of_flag(flag: Flag) -> User | None:
    """Return the account of a flag, according to the log: the pseudonym may be of a role that the person had then."""
    if not flag.person:
        return None
    own = AuditEntry.objects.filter(id__in=flag.entries, actor_pseudonym=flag.person, actor_kind=ActorKind.USER.value)
    entry = own.order_by("id").first()
    return _account_of_entry(entry) if entry else User.objects.filter(pseudonym=flag.person).first()


def _account_of_entry(entry: AuditEntry) -> User | None:
    is_person = entry.actor_kind == ActorKind.USER
    return User.objects.filter(pk=entry.actor_id).first() if is_person else None


def _block_cards(week: ReviewWeek, cards: list[ReviewCard]) -> None:
    """Mark the cards that no auditor may review, and tell the administrators. Without an auditor that is every card."""
    ids = selectors.blocked_cards(cards, since=week.begins_at)
    stuck = [card for card in cards if card.pk in ids]
    if not stuck:
        return
    ReviewCard.objects.filter(pk__in=ids).update(blocked_at=week.drawn_at)
    facts: Facts = {"cards": len(stuck), "week": week.week.monday.isoformat()}
    record(event=Event.CARD_BLOCKED, actor=ACTOR, subject=week.subject, facts=facts)
    context: Facts = {"week": str(week.pk), "cards": len(stuck)}
    letters = [Letter(person, week.subject, context) for person in _administrators()]
    notifications.send_many(kind=MessageKind.REVIEW_BLOCKED, letters=letters)


def raise_overdue_weeks() -> int:
    """Raise the alarm, once, for each week not signed in time, even if never drawn; return the number of alarms."""
    late = ReviewWeek.objects.exclude(state=WeekState.SIGNED).filter(overdue_at__isnull=True)
    late = late.filter(ends_at__lte=timezone.now() - TIME_TO_REVIEW)
    return sum(_raise_overdue(each) for each in late.order_by("begins_at"))


@transaction.atomic
def _raise_overdue(week: ReviewWeek) -> bool:
    locked = locks.week(week.pk)
    if locked.state == WeekState.SIGNED or locked.overdue_at is not None:
        return False
    locked.overdue_at = timezone.now()
    locked.save(update_fields=["overdue_at"])
    cards = locked.cards.count()
    done = cards - locked.cards.filter(state=CardState.WAITING).count()
    facts: Facts = {"week": locked.week.monday.isoformat(), "cards": cards, "done": done}
    record(event=Event.REVIEW_OVERDUE, actor=ACTOR, subject=locked.subject, facts=facts)
    context: Facts = {"week": str(locked.pk), "cards": cards, "done": done}
    address = selectors.address_in_use()
    people: Iterable[Recipient] = [Contact(address.email, "en")] if address else _administrators()
    letters = [Letter(to, locked.subject, context) for to in people]
    notifications.send_many(kind=MessageKind.REVIEW_OVERDUE, letters=letters)
    return True


def _administrators() -> QuerySet[User]:
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")


@dataclass(frozen=True, slots=True)
class Queue:
    """The cards of a week as one person sees them.

    hidden: number of cards about open incidents, which a reviewer from outside can't read. took_part: ids of cards that
    this person may not review. blocked: ids of cards that no auditor may review.
    """

    cards: Sequence[ReviewCard]
    hidden: int
    took_part: set[UUID]
    blocked: set[UUID]
    had_another_role: bool


def open_queue(*, week: ReviewWeek, by: User) -> Queue:
    """Return the cards of a week, and record the look. Raises Refused without the permission."""
    demand(by, Permission.REVIEW, subject=week.subject)
    with transaction.atomic():
        record(event=Event.REVIEW_OPENED, actor=by.actor, subject=week.subject)
    return queue_of(week=week, by=by)


def queue_of(*, week: ReviewWeek, by: User) -> Queue:
    cards = list(selectors.cards(week))
    unread = set() if by.role in Permission.AUDIT.roles else selectors.cards_in_open_incidents(cards)
    shown = [card for card in cards if card.pk not in unread]
    waiting = [card for card in shown if card.state == CardState.WAITING]
    return Queue(
        shown,
        len(unread),
        selectors.cards_took_part_in(by, shown),
        selectors.blocked_cards(waiting, since=week.begins_at),
        selectors.had_another_role(by, since=week.begins_at),
    )


def open_card(*, card: ReviewCard, by: User) -> Evidence:
    """Return a card's evidence, and record the look. Raises as `may_see`."""
    policies.may_see(by, card, in_open_incident=bool(selectors.cards_in_open_incidents([card])))
    with transaction.atomic():
        record(event=Event.CARD_OPENED, actor=by.actor, subject=card.subject, facts={"card": card.place})
    return selectors.evidence_of_card(card)


def must_be_independent(*, card: ReviewCard, by: User, permission: Permission) -> None:
    policies.may_review(
        by,
        card,
        took_part=bool(selectors.cards_took_part_in(by, [card])),
        had_another_role=selectors.had_another_role(by, since=card.week.begins_at),
        permission=permission,
    )


def must_be_open_to(*, card: ReviewCard, by: User) -> None:
    """Raise Refused if a person may not decide about a card; Stale if they never opened it, or if it is decided."""
    policies.may_see(by, card, in_open_incident=bool(selectors.cards_in_open_incidents([card])))
    must_be_independent(card=card, by=by, permission=Permission.REVIEW)
    policies.must_be_unsigned(card.week)
    policies.must_have_looked(card, has_looked=selectors.has_opened_card(by, card))
    steps.check(card, CardState.FINDING, by)


def say_fine(*, card: ReviewCard, by: User) -> ReviewCard:
    """Decide that a card is fine. Raises Refused if `by` took part, Stale if it is decided or `by` never opened it."""
    with transaction.atomic():
        locked, person = _held_card(card.pk, by, Permission.AUDIT)
        _close_questions(locked, person)
        locked.decided_by, locked.decided_at = person, timezone.now()
        steps.take(locked, CardState.FINE, person)
    return locked


def make_finding(*, card: ReviewCard, by: User, note: str, follow_up: str, due_on: date) -> ReviewFinding:
    """Make a finding about a card. Raises as `say_fine`, and ValidationError by field."""
    text = policies.check_text(note, field="note")
    wanted = policies.check_text(follow_up, field="follow_up")
    day = policies.check_due(due_on)
    with transaction.atomic():
        locked, person = _held_card(card.pk, by, Permission.REVIEW)
        policies.may_see(person, locked, in_open_incident=bool(selectors.cards_in_open_incidents([locked])))
        _close_questions(locked, person)
        locked.decided_by, locked.decided_at = person, timezone.now()
        finding = ReviewFinding(card=locked, note=text, follow_up=wanted, due_on=day, made_by=person)
        facts = {"finding": str(finding.pk), "due_on": day.isoformat()}
        steps.take(locked, CardState.FINDING, person, facts=facts, reason=text)
        finding.save(force_insert=True)
    return finding


def ask_question(*, card: ReviewCard, by: User, text: str) -> ReviewQuestion:
    """Ask the person of a card, who gets a mail. Raises as `say_fine`, Stale while another question waits."""
    typed = policies.check_text(text, field="text")
    with transaction.atomic():
        locked, auditor = _held_card(card.pk, by, Permission.AUDIT)
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


def _held_card(pk: UUID, by: User, permission: Permission) -> tuple[ReviewCard, User]:
    """Return a card and the person who decides, both locked. Raises as `say_fine`."""
    person = accounts.hold_asker(by.pk) or by
    locked = locks.card(pk)
    must_be_independent(card=locked, by=person, permission=permission)
    policies.must_be_unsigned(locked.week)
    policies.must_have_looked(locked, has_looked=selectors.has_opened_card(person, locked))
    return locked, person


def _close_questions(card: ReviewCard, by: User) -> None:
    """Close a card's questions that have no answer: the card is decided without it."""
    for question in card.questions.select_for_update(no_key=True).filter(state=QuestionState.ASKED):
        steps.take(question, QuestionState.CLOSED, by)
        notifications.withdraw_many(subjects=[question.subject])


def answer(*, question: ReviewQuestion, by: User, answer: str) -> ReviewQuestion:
    """Answer a question. Raises Refused unless `by` was asked, Stale if it is closed, ValidationError on "answer"."""
    typed = policies.check_text(answer, field="answer")
    with transaction.atomic():
        person = accounts.hold_asker(by.pk) or by
        card = locks.card(question.card_id)
        locked = ReviewQuestion.objects.select_for_update(no_key=True).get(pk=question.pk)
        locked.card = card
        policies.may_answer(person, locked)
        steps.check(locked, QuestionState.ANSWERED, person)
        locked.answer, locked.answered_at = typed, timezone.now()
        steps.take(locked, QuestionState.ANSWERED, person, reason=typed)
    return locked


ALL_FINDINGS = Subject("review_findings", "all")


def open_findings(*, by: User) -> Sequence[ReviewFinding]:
    _record_look(ALL_FINDINGS, by)
    return list(selectors.findings())


def open_finding(*, finding: ReviewFinding, by: User) -> ReviewFinding:
    _record_look(finding.subject, by)
    return finding


def _record_look(subject: Subject, by: User) -> None:
    demand(by, Permission.AUDIT, subject=subject)
    with transaction.atomic():
        record(event=Event.FINDINGS_READ, actor=by.actor, subject=subject)


def close_finding(*, finding: ReviewFinding, by: User, outcome: str) -> ReviewFinding:
    """Close a finding with its outcome. Raises Refused if the person took part, ValidationError on "outcome"."""
    typed = policies.check_text(outcome, field="outcome")
    with transaction.atomic():
        person = accounts.hold_asker(by.pk) or by
        locked = ReviewFinding.objects.select_for_update(no_key=True).get(pk=finding.pk)
        must_be_independent(card=locked.card, by=person, permission=Permission.AUDIT)
        locked.outcome, locked.closed_by, locked.closed_at = typed, person, timezone.now()
        steps.take(locked, FindingState.CLOSED, person, reason=typed)
    return locked


def sign_week(*, week: ReviewWeek, by: User) -> ReviewWeek:
    """Sign a week's review, and store its PDFs; the entry has their hashes. Raises Refused, Stale if a card waits."""
    with transaction.atomic():
        person = accounts.hold_asker(by.pk) or by
        locked = locks.week(week.pk)
        policies.may_sign(person, locked, had_another_role=selectors.had_another_role(person, since=locked.begins_at))
        policies.must_be_unsigned(locked)
        steps.check(locked, WeekState.SIGNED, person)
        policies.must_be_done(locked, waiting=locked.cards.filter(state=CardState.WAITING).count())
        locked.signed_by, locked.signed_at = person, timezone.now()
        paper = import_module("fusus_portal.oversight.review.paper")
        content, council = paper.drawn(locked), paper.drawn_for_council(locked)
        locked.paper_hash = sha256(content).hexdigest()
        facts: Facts = {
            "week": locked.week.monday.isoformat(),
            "late": int(locked.is_late),
            "sha256": locked.paper_hash,
            "council_sha256": sha256(council).hexdigest(),
        }
        steps.take(locked, WeekState.SIGNED, person, facts=facts)
        ReviewPaper(week=locked, content=content, council=council).save(force_insert=True)
    return locked


def take_paper(*, week: ReviewWeek, by: User) -> bytes:
    """Return a week's signed PDF, to auditors only: it tells of open incidents. Raises Refused, NotYours."""
    return _take(week, by, Permission.AUDIT, Event.REVIEW_PAPER_TAKEN, selectors.paper_of_week)


def take_council_paper(*, week: ReviewWeek, by: User) -> bytes:
    """Return the PDF of a signed week that a council reads. Raises Refused, NotYours without one."""
    return _take(week, by, Permission.REVIEW, Event.COUNCIL_PAPER_TAKEN, selectors.council_paper_of_week)


def _take(
    week: ReviewWeek, by: User, permission: Permission, event: Event, paper: Callable[[ReviewWeek], bytes]
) -> bytes:
    demand(by, permission, subject=week.subject)
    content = paper(week)
    with transaction.atomic():
        record(event=event, actor=by.actor, subject=week.subject)
    return content
