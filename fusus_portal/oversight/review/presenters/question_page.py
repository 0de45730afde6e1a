"""Questions to a person of the agency, with that person's own acts and nobody else's."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from audit import hooks
from audit.console.entry.rows import local, sentence
from audit.log.models import AuditEntry
from fusus_portal.ground.pages import times
from fusus_portal.oversight.review.models import ReviewQuestion
from fusus_portal.oversight.review.presenters.queue import week_name
from fusus_portal.oversight.review.states import QuestionState

TAGS = {QuestionState.ASKED: "warn", QuestionState.ANSWERED: "good", QuestionState.CLOSED: "quiet"}


def questions_page(questions: Iterable[ReviewQuestion]) -> dict[str, Any]:
    return {"questions": [_line(each) for each in questions]}


def question_page(question: ReviewQuestion, entries: Iterable[AuditEntry]) -> dict[str, Any]:
    """Return the page of a question. entries: the person's own acts; equal ones of a moment are one line."""
    own = list(entries)
    incidents = hooks.names("incident", (entry.incident_id for entry in own))
    lines = [(local(entry.at), sentence(entry), incidents.get(entry.incident_id, "")) for entry in own]
    acts = [(*line, len(list(same))) for line, same in groupby(lines)]
    return {**_line(question), "acts": acts, "asks": question.state == QuestionState.ASKED}


def _line(question: ReviewQuestion) -> dict[str, Any]:
    return {
        "question": question,
        "week_name": week_name(question.card.week),
        "asked": times.moment(question.asked_at),
        "kind": TAGS[QuestionState(question.state)],
    }
