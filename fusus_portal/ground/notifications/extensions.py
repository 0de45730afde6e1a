"""What the outbox adds to itself: the one message that is about a phone number."""

from fusus_portal.ground.notifications import kinds, messages
from fusus_portal.ground.notifications.kinds import MessageKind


def register() -> None:
    """Add it."""
    kinds.register(MessageKind.TEXT_CODE, messages.text_code)
