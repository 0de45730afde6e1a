from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.kinds import TextWish
from fusus_portal.ground.notifications.models import By, Message, TextNumber
from fusus_portal.ground.notifications.states import MessageState


def numbers_of(emails: Sequence[str], wish: TextWish) -> Mapping[str, str]:
    """Return the phone numbers that want this kind of text, keyed by their accounts' e-mail address: one query."""
    rows = TextNumber.objects.filter(user__email__in=emails, stopped_at=None)
    if wish is not TextWish.CODE:
        rows = rows.filter(confirmed_at__isnull=False, unreachable_at=None, **{wish.value: True})
    return dict(rows.values_list("user__email", "number"))


def number_of(user: User) -> TextNumber | None:
    return TextNumber.objects.filter(user=user).first()


def language_of(number: str) -> str:
    rows = TextNumber.objects.filter(number=number).order_by("pk")
    return rows.values_list("user__language", flat=True).first() or settings.LANGUAGE_CODE


class Recipient(Protocol):
    """A person to whom messages go: an account, a registrant, or another. email: "" without an address."""

    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Contact:
    """A recipient without an account."""

    email: str
    language: str


LATE = timedelta(minutes=15)
AGAIN = 2
"""Attempts after which a failed message did not fail by chance."""

ABOUT_ONE = "SMTPRecipientsRefused"
"""Name of the fault that is one recipient's, not the server's."""


@dataclass(frozen=True, slots=True)
class DeliveryHealth:
    """Health of the outbox. oldest_seconds: age of the oldest undelivered message, or 0.

    is_failing: a message of some channel failed twice, and the channel has sent none since that message was written.
    """

    undelivered: int
    oldest_seconds: int
    is_failing: bool

    @property
    def is_late(self) -> bool:
        return self.is_failing or self.oldest_seconds > LATE.total_seconds()


def delivery_health(channels: Sequence[By] = tuple(By)) -> DeliveryHealth:
    """Return the health of the outbox, for `/health/ready` and the start page. Two queries."""
    waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING], channel__in=channels)
    numbers = waiting.aggregate(undelivered=Count("pk"), oldest=Min("queued_at"))
    oldest = numbers["oldest"]
    waited = (timezone.now() - oldest).total_seconds() if oldest else 0
    sent_since = Message.objects.filter(
        state=MessageState.SENT, channel=OuterRef("channel"), sent_at__gte=OuterRef("queued_at")
    )
    refused = waiting.filter(attempts__gte=AGAIN).exclude(fault="").exclude(fault__startswith=ABOUT_ONE)
    failing = refused.filter(~Exists(sent_since)).exists()
    return DeliveryHealth(numbers["undelivered"], max(0, int(waited)), failing)
