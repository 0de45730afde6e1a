from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class WeekState(TextChoices):
    SEEDED = "seeded", _("Seed drawn")
    OPEN = "open", _("To review")
    SIGNED = "signed", _("Signed")


class CardState(TextChoices):
    WAITING = "waiting", _("Waiting")
    FINE = "fine", _("Fine")
    FINDING = "finding", _("Finding")


class QuestionState(TextChoices):
    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed without an answer")


class ExplanationState(TextChoices):
    WANTED = "wanted", _("Wanted")
    GIVEN = "given", _("Explained")


class FindingState(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


WEEK = Lifecycle(
    name="weekly review",
    states=WeekState,
    start=[WeekState.SEEDED],
    transitions={
        (WeekState.SEEDED, WeekState.OPEN): Rule(Event.REVIEW_DRAWN, Other.TASK),
        (WeekState.OPEN, WeekState.SIGNED): Rule(Event.REVIEW_SIGNED, Permission.AUDIT),
    },
)

CARD = Lifecycle(
    name="review card",
    states=CardState,
    start=[CardState.WAITING],
    transitions={
        (CardState.WAITING, CardState.FINE): Rule(Event.CARD_FINE, Permission.AUDIT),
        (CardState.WAITING, CardState.FINDING): Rule(Event.FINDING_MADE, Permission.REVIEW),
    },
)

QUESTION = Lifecycle(
    name="review question",
    states=QuestionState,
    start=[QuestionState.ASKED],
    transitions={
        (QuestionState.ASKED, QuestionState.ANSWERED): Rule(Event.QUESTION_ANSWERED, Permission.ANSWER_QUESTIONS),
        (QuestionState.ASKED, QuestionState.CLOSED): Rule(Event.QUESTION_CLOSED, Permission.REVIEW),
    },
)

EXPLANATION = Lifecycle(
    name="explanation of a review card",
    states=ExplanationState,
    start=[ExplanationState.WANTED],
    transitions={
        (ExplanationState.WANTED, ExplanationState.GIVEN): Rule(Event.EXPLANATION_GIVEN, Permission.AUDIT),
    },
)

FINDING = Lifecycle(
    name="review finding",
    states=FindingState,
    start=[FindingState.OPEN],
    transitions={
        (FindingState.OPEN, FindingState.CLOSED): Rule(Event.FINDING_CLOSED, Permission.AUDIT),
    },
)
