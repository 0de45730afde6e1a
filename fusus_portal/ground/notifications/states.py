from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class MessageState(TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be delivered")


# Claims and their expiry are bookkeeping between workers, without entries.
NO_ENTRY = ""

MESSAGE = Lifecycle(
    name="message",
    states=MessageState,
    start=[MessageState.QUEUED],
    transitions={
        (MessageState.QUEUED, MessageState.SENDING): Rule(NO_ENTRY, Other.TASK),
        (MessageState.SENDING, MessageState.QUEUED): Rule(NO_ENTRY, Other.TASK),
        (MessageState.SENDING, MessageState.SENT): Rule(Event.MESSAGE_SENT, Other.TASK),
        (MessageState.SENDING, MessageState.FAILED): Rule(Event.MESSAGE_FAILED, Other.TASK),
    },
)
