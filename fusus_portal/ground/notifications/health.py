"""Numbers that tell whether messages go out."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef
from django.utils import timezone

from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.states import MessageState

LATE = timedelta(minutes=15)
AGAIN = 2
"""Attempts after which a message that did not go is no accident."""

ABOUT_ONE = "SMTPRecipientsRefused"
"""A fault that says something of one receiver, and nothing of the server."""


@dataclass(frozen=True, slots=True)
class DeliveryHealth:
    """undelivered: messages. oldest_seconds: how long the oldest undelivered one has waited (0 when none).

    is_failing: a message of some channel failed twice, and none of that channel went out since it was written.
    """

    undelivered: int
    oldest_seconds: int
    is_failing: bool

    @property
    def is_late(self) -> bool:
        """Whether somebody should look."""
        return self.is_failing or self.oldest_seconds > LATE.total_seconds()


def delivery_health() -> DeliveryHealth:
    """Return the state of the outbox: for `/health/ready`. Two queries."""
    waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING])
    numbers = waiting.aggregate(undelivered=Count("pk"), oldest=Min("queued_at"))
    oldest = numbers["oldest"]
    waited = (timezone.now() - oldest).total_seconds() if oldest else 0
    sent_since = Message.objects.filter(
        state=MessageState.SENT, channel=OuterRef("channel"), sent_at__gte=OuterRef("queued_at")
    )
    refused = waiting.filter(attempts__gte=AGAIN).exclude(fault="").exclude(fault__startswith=ABOUT_ONE)
    failing = refused.filter(~Exists(sent_since)).exists()
    return DeliveryHealth(numbers["undelivered"], max(0, int(waited)), failing)
