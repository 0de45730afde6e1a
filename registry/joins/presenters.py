"""What pages say of questions to join."""

from functools import partial
from typing import Any

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from registry.incidents.models.incidents import Incident
from registry.joins import policies, selectors
from registry.rules import JOIN_QUESTION_LIFE, JOIN_QUESTIONS_A_DAY


def page(by: User) -> dict[str, Any]:
    """Return what the page to ask on says. hours: how long a question waits."""
    return {
        "waiting": selectors.own_waiting(by),
        "hours": int(JOIN_QUESTION_LIFE.total_seconds()) // 3600,
        "most": JOIN_QUESTIONS_A_DAY,
    }


def section(incident: Incident, by: User) -> dict[str, Any]:
    """Return what an incident's page says: each question, and why this person may not answer, "" when they may."""
    questions = list(selectors.of_incident(incident))
    return {
        "incident": incident,
        "questions": questions,
        "reason": why_not(partial(policies.may_answer, by, questions[0], incident)) if questions else "",
    }
