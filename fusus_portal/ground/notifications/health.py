from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef
from django.utils import timezone

from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.states import MessageState

LATE = timedelta(minutes=15)
AGAIN = 2
"""A message that failed so often did not fail by chance."""

ABOUT_ONE = "SMTPRecipientsRefused"
"""A fault of one recipient, not of the server."""


@dataclass(frozen=True, slots=True)
class DeliveryHealth:
    """Health of the outbox. oldest_seconds: of an undelivered message, or 0.

    is_failing: a message of some channel failed twice, and the channel has sent none since it was written.
    """

    undelivered: int
    oldest_seconds: int
    is_failing: bool

    @property
    def is_late(self) -> bool:
        return self.is_failing or self.oldest_seconds > LATE.total_seconds()


def delivery_health() -> DeliveryHealth:
    """Return the health for `/health/ready`. Two queries."""
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
