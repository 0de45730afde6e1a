"""Answering what an auditor asked."""

from django.db import transaction
from django.utils import timezone

from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review import locks, policies
from fusus_portal.oversight.review.models import ReviewQuestion
from fusus_portal.oversight.review.states import QuestionState


def answer(*, question: ReviewQuestion, by: User, answer: str) -> ReviewQuestion:
    """Answer a question. Raises Refused for anybody else, Stale for one that is closed, ValidationError on "answer"."""
    typed = policies.check_text(answer, field="answer")
    with transaction.atomic():
        locked = locks.question(question.pk)
        policies.may_answer(by, locked)
        steps.check(locked, QuestionState.ANSWERED, by)
        locked.answer, locked.answered_at = typed, timezone.now()
        steps.take(locked, QuestionState.ANSWERED, by, reason=typed)
    return locked
