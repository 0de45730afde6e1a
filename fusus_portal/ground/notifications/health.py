"""Numbers that tell whether messages go out."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.states import MessageState

LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class DeliveryHealth:
    """undelivered: messages. oldest_seconds: how long the oldest undelivered one has waited (0 when none)."""

    undelivered: int
    oldest_seconds: int

    @property
    def is_late(self) -> bool:
        """Whether somebody should look."""
        return self.oldest_seconds > LATE.total_seconds()


def delivery_health() -> DeliveryHealth:
    """Return the state of the outbox: for `/health/ready`. One query."""
    undelivered = Q(state__in=[MessageState.QUEUED, MessageState.SENDING])
    numbers = Message.objects.aggregate(
        undelivered=Count("pk", filter=undelivered),
        oldest=Min("queued_at", filter=undelivered),
    )
    oldest = numbers["oldest"]
    waited = (timezone.now() - oldest).total_seconds() if oldest else 0
    return DeliveryHealth(numbers["undelivered"], max(0, int(waited)))
