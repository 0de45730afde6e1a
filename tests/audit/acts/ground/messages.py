"""Acts of the worker that delivers messages."""

from datetime import timedelta

from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from tests.audit.acts import Act, calls
from tests.lifecycle.drivers.messages import lose_worker, queued

CLAIM_FIRST = ("notifications_message",)
"""A worker commits that it has taken a message before it sends it: killed in between, it is sent again."""


@calls(delivery.deliver, Event.MESSAGE_SENT, written_before=CLAIM_FIRST)
def deliver() -> Act:
    """A message goes out."""
    message = queued()
    return lambda: delivery.deliver(pk=message.pk)


@calls(delivery.sweep, Event.MESSAGE_FAILED)
def give_up() -> Act:
    """A worker was lost at the last attempt."""
    message = queued()
    lose_worker(message)
    long_ago = timezone.now() - delivery.LEASE - timedelta(seconds=1)
    Message.objects.filter(pk=message.pk).update(claimed_at=long_ago, attempts=len(delivery.PAUSES) + 1)
    return delivery.sweep
