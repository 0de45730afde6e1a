"""Signatures of weeks, each with a PDF, whose hash is in the entry, and downloads of that PDF."""

from hashlib import sha256
from importlib import import_module

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.steps import Facts
from fusus_portal.oversight.review import locks, policies
from fusus_portal.oversight.review.models import ReviewPaper, ReviewWeek
from fusus_portal.oversight.review.selectors import independence, weeks
from fusus_portal.oversight.review.states import CardState, WeekState


def sign(*, week: ReviewWeek, by: User) -> ReviewWeek:
    """Sign a week and draw its PDF; the entry has the PDF's hash. Raises Refused, Stale while a card waits."""
    with transaction.atomic():
        person = accounts.hold_asker(by.pk) or by
        locked = locks.week(week.pk)
        policies.may_sign(
            person, locked, had_another_role=independence.had_another_role(person, since=locked.begins_at)
        )
        policies.must_be_unsigned(locked)
        steps.check(locked, WeekState.SIGNED, person)
        policies.must_be_done(locked, waiting=locked.cards.filter(state=CardState.WAITING).count())
        locked.signed_by, locked.signed_at = person, timezone.now()
        content = import_module("fusus_portal.oversight.review.paper").drawn(locked)
        locked.paper_hash = sha256(content).hexdigest()
        facts: Facts = {
            "sha256": locked.paper_hash,
            "week": locked.week.monday.isoformat(),
            "late": int(_is_late(locked)),
        }
        steps.take(locked, WeekState.SIGNED, person, facts=facts)
        ReviewPaper(week=locked, content=content).save(force_insert=True)
    return locked


def entry_of(week: ReviewWeek) -> int | None:
    subject = week.subject
    rows = AuditEntry.objects.filter(
        subject_kind=subject.kind, subject_id=subject.id, event=Event.REVIEW_SIGNED.value, outcome="done"
    )
    return rows.values_list("id", flat=True).first()


def take(*, week: ReviewWeek, by: User) -> bytes:
    """Return the signed PDF, to auditors only: it has cards of open incidents. Raises Refused, NotYours if unsigned."""
    demand(by, Permission.AUDIT, subject=week.subject)
    content = weeks.paper(week)
    with transaction.atomic():
        record(event=Event.REVIEW_PAPER_TAKEN, actor=by.actor, subject=week.subject)
    return content


def _is_late(week: ReviewWeek) -> bool:
    return week.signed_at is not None and week.signed_at >= week.due_at
