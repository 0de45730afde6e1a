"""The life of a message."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Rule


class MessageState(TextChoices):
    """Where a message is."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be delivered")


# A claim and its end without a result are bookkeeping between workers: they have no entry of their own.
NO_ENTRY = ""

MESSAGE = Lifecycle(
    name="message",
    states=MessageState,
    start=[MessageState.QUEUED],
    transitions={
        (MessageState.QUEUED, MessageState.SENDING): Rule(who=["task"], event=NO_ENTRY),
        (MessageState.SENDING, MessageState.QUEUED): Rule(who=["task"], event=NO_ENTRY),
        (MessageState.SENDING, MessageState.SENT): Rule(who=["task"], event=Event.MESSAGE_SENT),
        (MessageState.SENDING, MessageState.FAILED): Rule(who=["task"], event=Event.MESSAGE_FAILED),
    },
)
