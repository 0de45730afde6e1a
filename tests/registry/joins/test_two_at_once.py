"""In the same second, each in a session of their own: a question is answered once, and a person's are counted."""

import pytest

from registry.incidents.models import Assignment, JoinQuestion
from registry.incidents.services import joins
from registry.rules import JOIN_QUESTIONS_A_DAY
from tests.factories import person
from tests.lifecycle.drivers.joins import asked, colleague
from tests.registry.test_races import at_once, kinds_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_answer_one_does() -> None:
    question = asked()
    yes, no = (colleague("deputy", question) for _each in range(2))
    outcomes = at_once(lambda: joins.admit(question=question, by=yes), lambda: joins.decline(question=question, by=no))
    assert kinds_of(outcomes) == ["JoinQuestion", "Stale"]
    question.refresh_from_db()
    is_on = Assignment.objects.filter(user=question.asked_by, incident=question.incident).exists()
    assert is_on == (question.state == "admitted")


def test_of_many_numbers_at_once_ten_are_asked() -> None:
    by = person("deputy")
    for number in range(JOIN_QUESTIONS_A_DAY - 2):
        joins.ask(number=f"2026-99{number:04}", by=by)
    outcomes = at_once(*[lambda number=number: joins.ask(number=f"2026-98{number:04}", by=by) for number in range(4)])
    assert kinds_of(outcomes) == ["JoinQuestion", "JoinQuestion", "ValidationError", "ValidationError"]
    assert JoinQuestion.objects.filter(asked_by=by).count() == JOIN_QUESTIONS_A_DAY
