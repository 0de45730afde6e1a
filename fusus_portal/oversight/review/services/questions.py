from django.db import transaction
from django.utils import timezone

from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.oversight.review import locks, policies
from fusus_portal.oversight.review.models import ReviewQuestion
from fusus_portal.oversight.review.states import QuestionState


def answer(*, question: ReviewQuestion, by: User, answer: str) -> ReviewQuestion:
    """Answer a question. Raises Refused for anybody else, Stale if it is closed, ValidationError on "answer"."""
    typed = policies.check_text(answer, field="answer")
    with transaction.atomic():
        person = accounts.hold_asker(by.pk) or by
        locked = locks.question(question.pk)
        policies.may_answer(person, locked)
        steps.check(locked, QuestionState.ANSWERED, person)
        locked.answer, locked.answered_at = typed, timezone.now()
        steps.take(locked, QuestionState.ANSWERED, person, reason=typed)
    return locked
