from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

Text = str | LazyText


class Topic(TextChoices):
    """Groups of questions, in the order people ask."""

    COST = "cost", _("Cost")
    PRIVACY = "privacy", _("Privacy")
    MOVING = "moving", _("Moving")
    ACCOUNT = "account", _("Your account")
    DEVICES = "devices", _("Connected cameras")


@dataclass(frozen=True, slots=True)
class Promise:
    """A question and its answer. since: version of the promises from which it holds. before: the answer until then.

    control: how the portal holds itself to it. figure: part of the transparency report that shows it kept, or "".
    kept_by: dotted paths of the code that keeps it. tests: files that prove it.
    """

    key: str
    topic: Topic
    question: Text
    answer: Text
    control: Text
    since: int = 1
    before: Text = ""
    figure: str = ""
    kept_by: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    def answered(self, number: int) -> Text:
        return self.answer if number >= self.since else self.before
