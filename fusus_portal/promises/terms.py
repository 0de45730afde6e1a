"""What a promise is, and how people group their questions."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

Text = str | LazyText


class Topic(TextChoices):
    """How people group their questions."""

    COST = "cost", _("Cost")
    PRIVACY = "privacy", _("Privacy")
    MOVING = "moving", _("Moving")
    ACCOUNT = "account", _("Your account")
    DEVICES = "devices", _("Connected cameras")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    question, answer: as the public reads them. control: how the portal holds itself to it.
    figure: the part of the transparency report that shows it kept; "" while no figure does.
    kept_by: dotted paths of the code that keeps it. tests: files that prove it.
    """

    key: str
    topic: Topic
    question: Text
    answer: Text
    control: Text
    figure: str = ""
    kept_by: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
