"""What auditors read of findings."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.oversight.review.models import ReviewFinding
from fusus_portal.oversight.review.presenters.queue import title_of, week_name
from fusus_portal.oversight.review.states import FindingState


def findings_page(findings: Iterable[ReviewFinding]) -> dict[str, Any]:
    """Return what the list says."""
    return {"findings": [finding_page(each) for each in findings]}


def finding_page(finding: ReviewFinding) -> dict[str, Any]:
    """Return what the page of a finding says."""
    state, kind = _state(finding)
    return {
        "finding": finding,
        "title": title_of(finding.card),
        "week_name": week_name(finding.card.week),
        "state": state,
        "kind": kind,
        "open": finding.state == FindingState.OPEN,
    }


def _state(finding: ReviewFinding) -> tuple[str, str]:
    if finding.state == FindingState.CLOSED:
        return str(finding.get_state_display()), "good"
    if finding.due_on < timezone.localdate():
        return _("Overdue"), "bad"
    return _("Open"), "warn"
