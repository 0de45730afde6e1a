"""What comes of a finding."""

from django.db import transaction
from django.utils import timezone

from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review import locks, policies
from fusus_portal.oversight.review.models import ReviewFinding
from fusus_portal.oversight.review.services import cards
from fusus_portal.oversight.review.states import FindingState


def close(*, finding: ReviewFinding, by: User, outcome: str) -> ReviewFinding:
    """Close a finding with what came of it. Raises Refused for whoever took part, ValidationError on "outcome"."""
    typed = policies.check_text(outcome, field="outcome")
    with transaction.atomic():
        locked = locks.finding(finding.pk)
        cards.must_be_independent(card=locked.card, by=by, permission=Permission.AUDIT)
        locked.outcome, locked.closed_by, locked.closed_at = typed, by, timezone.now()
        steps.take(locked, FindingState.CLOSED, by, reason=typed)
    return locked
