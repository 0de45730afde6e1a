from functools import partial
from typing import Any

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from registry.incidents.models.incidents import Incident
from registry.joins import policies, selectors
from registry.rules import JOIN_QUESTION_LIFE, JOIN_QUESTIONS_A_DAY


def page(by: User) -> dict[str, Any]:
    return {
        "waiting": selectors.own_waiting(by),
        "hours": int(JOIN_QUESTION_LIFE.total_seconds()) // 3600,
        "most": JOIN_QUESTIONS_A_DAY,
    }


def section(incident: Incident, by: User) -> dict[str, Any]:
    questions = list(selectors.of_incident(incident))
    return {
        "incident": incident,
        "questions": questions,
        "reason": why_not(partial(policies.may_answer, by, questions[0], incident)) if questions else "",
    }
