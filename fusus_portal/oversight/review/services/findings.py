"""Findings, looked at and closed. The entry of a look is committed before anything is shown."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.oversight.review import locks, policies
from fusus_portal.oversight.review.models import ReviewFinding
from fusus_portal.oversight.review.selectors import weeks
from fusus_portal.oversight.review.services import cards
from fusus_portal.oversight.review.states import FindingState

FINDINGS = Subject("review_findings", "all")


def open_findings(*, by: User) -> Sequence[ReviewFinding]:
    _looked(FINDINGS, by)
    return list(weeks.findings())


def open_finding(*, finding: ReviewFinding, by: User) -> ReviewFinding:
    _looked(finding.subject, by)
    return finding


def _looked(subject: Subject, by: User) -> None:
    demand(by, Permission.AUDIT, subject=subject)
    with transaction.atomic():
        record(event=Event.FINDINGS_READ, actor=by.actor, subject=subject)


def close(*, finding: ReviewFinding, by: User, outcome: str) -> ReviewFinding:
    """Close a finding with its outcome. Raises Refused if the person took part, ValidationError on "outcome"."""
    typed = policies.check_text(outcome, field="outcome")
    with transaction.atomic():
        person = accounts.hold_asker(by.pk) or by
        locked = locks.finding(finding.pk)
        cards.must_be_independent(card=locked.card, by=person, permission=Permission.AUDIT)
        locked.outcome, locked.closed_by, locked.closed_at = typed, person, timezone.now()
        steps.take(locked, FindingState.CLOSED, person, reason=typed)
    return locked
