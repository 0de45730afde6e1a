"""Weeks: the seed before, the sample and the flags after, the alarm if nobody signed in time."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.actors import ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.recipients import Contact, Recipient
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.steps import Facts
from fusus_portal.oversight.review import flags, locks
from fusus_portal.oversight.review import week as weeks
from fusus_portal.oversight.review.flags.contract import Flag
from fusus_portal.oversight.review.models import CardKind, ReviewCard, ReviewWeek
from fusus_portal.oversight.review.queue_rules import SAMPLE_SIZE, SETTLED_AFTER, TIME_TO_REVIEW
from fusus_portal.oversight.review.selectors import evidence, independence, sample
from fusus_portal.oversight.review.selectors import weeks as found_weeks
from fusus_portal.oversight.review.states import CardState, WeekState
from fusus_portal.oversight.review.week import Week

KEEPER = "review.keep_up"
SEED_BYTES = 16
ACTOR = task_actor(KEEPER)


def seed(*, now: datetime | None = None) -> int:
    """Draw the seed of the next week, and of each missed since the last one; return the number of new seeds.

    The hash is an entry before the week begins: after that nobody can pick a seed to their liking. now: for a demo,
    whose log is minutes old.
    """
    wanted = weeks.of(now or timezone.now()).next()
    last = ReviewWeek.objects.order_by("-begins_at").first()
    missing = [wanted]
    while last is not None and missing[0].previous().begin > last.begins_at:
        missing.insert(0, missing[0].previous())
    return sum(_seed(each) for each in missing)


@transaction.atomic
def _seed(week: Week) -> bool:
    drawn = secrets.token_bytes(SEED_BYTES)
    row, is_new = ReviewWeek.objects.get_or_create(
        begins_at=week.begin,
        defaults={"ends_at": week.end, "seed": drawn.hex(), "seed_hash": sha256(drawn).hexdigest()},
    )
    if is_new:
        facts = {"week": week.monday.isoformat(), "sha256": row.seed_hash}
        record(event=Event.REVIEW_SEEDED, actor=ACTOR, subject=row.subject, facts=facts)
    return is_new


def draw(*, now: datetime | None = None) -> int:
    """Draw the sample and flags of each week that has ended; return the number of weeks. now: as of `seed`."""
    settled = (now or timezone.now()) - SETTLED_AFTER
    ended = ReviewWeek.objects.filter(state=WeekState.SEEDED, ends_at__lte=settled)
    return sum(_draw(each) for each in ended.order_by("begins_at"))


@transaction.atomic
def _draw(week: ReviewWeek) -> bool:
    locked = locks.week(week.pk)
    if locked.state != WeekState.SEEDED:
        return False
    ids = sample.drawn(locked.week, seed=locked.seed, size=SAMPLE_SIZE)
    found = sorted(flags.found(locked.week), key=lambda flag: -flag.weight)
    cards = [*_flagged(locked, found), *_sampled(locked, ids, first=len(found) + 1)]
    ReviewCard.objects.bulk_create(cards)
    locked.acts, locked.colleagues = sample.acts(locked.week).count(), evidence.colleagues(locked.week)
    locked.drawn_at = timezone.now()
    facts: Facts = {
        "week": locked.week.monday.isoformat(),
        "seed": locked.seed,
        "acts": locked.acts,
        "sample": len(ids),
        "flags": len(found),
    }
    steps.take(locked, WeekState.OPEN, ACTOR, facts=facts)
    _block(locked, cards)
    return True


def _flagged(week: ReviewWeek, found: Iterable[Flag]) -> list[ReviewCard]:
    return [
        ReviewCard(
            week=week,
            place=place,
            kind=CardKind.FLAG,
            flag=flag.kind,
            person=flag.person,
            account=_account(flag),
            entries=list(flag.entries),
            facts=dict(flag.facts),
            weight=flag.weight,
        )
        for place, flag in enumerate(found, start=1)
    ]


def _sampled(week: ReviewWeek, ids: list[int], *, first: int) -> list[ReviewCard]:
    entries = AuditEntry.objects.in_bulk(ids)
    return [
        ReviewCard(
            week=week,
            place=place,
            kind=CardKind.SAMPLE,
            person=entries[pk].actor_pseudonym,
            account=_account_of(entries[pk]),
            entries=[pk],
        )
        for place, pk in enumerate(ids, start=first)
    ]


def _account(flag: Flag) -> User | None:
    """Return the account of a flag, according to the log: the pseudonym may be of a role that the person had then."""
    if not flag.person:
        return None
    own = AuditEntry.objects.filter(id__in=flag.entries, actor_pseudonym=flag.person, actor_kind=ActorKind.USER.value)
    entry = own.order_by("id").first()
    return _account_of(entry) if entry else User.objects.filter(pseudonym=flag.person).first()


def _account_of(entry: AuditEntry) -> User | None:
    is_person = entry.actor_kind == ActorKind.USER
    return User.objects.filter(pk=entry.actor_id).first() if is_person else None


def _block(week: ReviewWeek, cards: list[ReviewCard]) -> None:
    """Mark the cards that no auditor may review, and tell the administrators. Without an auditor that is every card."""
    ids = independence.blocked(cards, since=week.begins_at)
    stuck = [card for card in cards if card.pk in ids]
    if not stuck:
        return
    ReviewCard.objects.filter(pk__in=ids).update(blocked_at=week.drawn_at)
    facts: Facts = {"cards": len(stuck), "week": week.week.monday.isoformat()}
    record(event=Event.CARD_BLOCKED, actor=ACTOR, subject=week.subject, facts=facts)
    context: Facts = {"week": str(week.pk), "cards": len(stuck)}
    letters = [Letter(person, week.subject, context) for person in _administrators()]
    notifications.send_many(kind=MessageKind.REVIEW_BLOCKED, letters=letters)


def raise_overdue() -> int:
    """Raise the alarm, once, for each week without a signature in time, drawn or not; return their number."""
    late = ReviewWeek.objects.exclude(state=WeekState.SIGNED).filter(overdue_at__isnull=True)
    late = late.filter(ends_at__lte=timezone.now() - TIME_TO_REVIEW)
    return sum(_raise(each) for each in late.order_by("begins_at"))


@transaction.atomic
def _raise(week: ReviewWeek) -> bool:
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
    letters = [Letter(to, locked.subject, context) for to in _alarmed()]
    notifications.send_many(kind=MessageKind.REVIEW_OVERDUE, letters=letters)
    return True


def _alarmed() -> list[Recipient]:
    """Return the recipients of the alarm: the address in use, or without one the administrators."""
    address = found_weeks.address_in_use()
    return [Contact(address.email, "en")] if address else list(_administrators())


def _administrators() -> QuerySet[User]:
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
