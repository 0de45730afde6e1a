"""Steps of the weekly review."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.oversight.review.services import explanations, reviews as review
from fusus_portal.oversight.review.states import (
    CARD,
    EXPLANATION,
    FINDING,
    QUESTION,
    WEEK,
    CardState,
    ExplanationState,
    FindingState,
    QuestionState,
    WeekState,
)
from tests.factories import person
from tests.lifecycle.drivers import Taken, drives, take
from tests.oversight.review.reviewing import (
    ANSWER,
    FOLLOW_UP,
    NOTE,
    OUTCOME,
    asked,
    card_about,
    card_of_search,
    close_incidents,
    drawn,
    finding_of,
    searches,
    seeded,
    seen,
    wanted_explanation,
)

AUDITOR, REVIEWER = Role.AUDITOR.value, Role.REVIEWER.value
ACTING = (Role.DEPUTY.value, Role.SUPERVISOR.value, Role.CLERK.value, Role.ADMINISTRATOR.value)


@drives(WEEK, WeekState.SEEDED, WeekState.OPEN, "task")
def draw(role: str) -> Taken:
    """A week has ended, and its cards are drawn."""
    searches()
    week = seeded()
    with time_machine.travel(week.ends_at + timedelta(hours=1), tick=False):
        return take(week, review.draw_weeks)


@drives(WEEK, WeekState.OPEN, WeekState.SIGNED, AUDITOR)
def sign(role: str) -> Taken:
    """All cards of a week are done, and it is signed."""
    week, by = drawn(), person(role)
    return take(week, lambda: review.sign_week(week=week, by=by))


@drives(CARD, CardState.WAITING, CardState.FINE, AUDITOR)
def say_fine(role: str) -> Taken:
    """A reviewer says that a card is fine."""
    by = person(role)
    card = seen(card_of_search(), by)
    return take(card, lambda: review.say_fine(card=card, by=by))


@drives(CARD, CardState.WAITING, CardState.FINDING, AUDITOR, REVIEWER)
def find(role: str) -> Taken:
    """A card becomes a finding. A reviewer reads it once its incident is closed."""
    card, by, day = card_of_search(), person(role), timezone.localdate()
    close_incidents()
    seen(card, by)
    return take(card, lambda: review.make_finding(card=card, by=by, note=NOTE, follow_up=FOLLOW_UP, due_on=day))


@drives(QUESTION, QuestionState.ASKED, QuestionState.ANSWERED, *ACTING)
def answer(role: str) -> Taken:
    """The person who was asked answers."""
    question = asked(card_about(person(role)))
    return take(question, lambda: review.answer(question=question, by=question.person, answer=ANSWER))


@drives(QUESTION, QuestionState.ASKED, QuestionState.CLOSED, AUDITOR, REVIEWER)
def close_question(role: str) -> Taken:
    """A reviewer decides about a card without the answer to its question."""
    question, by, day = asked(card_about(person(Role.CLERK))), person(role), timezone.localdate()
    card = seen(question.card, by)
    return take(question, lambda: review.make_finding(card=card, by=by, note=NOTE, follow_up=FOLLOW_UP, due_on=day))


@drives(FINDING, FindingState.OPEN, FindingState.CLOSED, AUDITOR)
def close_finding(role: str) -> Taken:
    """A finding is closed."""
    finding, by = finding_of(), person(role)
    return take(finding, lambda: review.close_finding(finding=finding, by=by, outcome=OUTCOME))


@drives(EXPLANATION, ExplanationState.WANTED, ExplanationState.GIVEN, AUDITOR)
def explain(role: str) -> Taken:
    """An auditor explains a card."""
    explanation, by = wanted_explanation(), person(role)
    seen(explanation.card, by)
    return take(explanation, lambda: explanations.explain(explanation=explanation, by=by, text=ANSWER))
