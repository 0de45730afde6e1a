from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.oversight.review.models import ReviewFinding
from fusus_portal.oversight.review.presenters.queue import title_of, week_name
from fusus_portal.oversight.review.presenters.readers import Reader, auditors
from fusus_portal.oversight.review.states import FindingState


def findings_page(findings: Iterable[ReviewFinding]) -> dict[str, Any]:
    return {"findings": [finding_page(each) for each in findings]}


def finding_page(finding: ReviewFinding) -> dict[str, Any]:
    reader = auditors(finding.card.week)
    state, kind = _state(finding)
    return {
        "finding": finding,
        "found": found_of(finding, reader),
        "title": title_of(finding.card, reader),
        "week_name": week_name(finding.card.week),
        "state": state,
        "kind": kind,
        "open": finding.state == FindingState.OPEN,
    }


def found_of(finding: ReviewFinding, reader: Reader) -> dict[str, Any]:
    return {
        "note": reader.text(finding.note),
        "follow_up": reader.text(finding.follow_up),
        "due_on": finding.due_on,
        "made": f"{reader.name(finding.made_by.pseudonym)}, {reader.when(finding.made_at)}",
        "outcome": reader.text(finding.outcome),
        "place": finding.card.place,
    }


def _state(finding: ReviewFinding) -> tuple[str, str]:
    if finding.state == FindingState.CLOSED:
        return str(finding.get_state_display()), "good"
    if finding.due_on < timezone.localdate():
        return _("Overdue"), "bad"
    return _("Open"), "warn"
