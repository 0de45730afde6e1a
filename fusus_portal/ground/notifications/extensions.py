"""What the outbox adds to itself: the messages that are about a phone number."""

from fusus_portal.ground.notifications import kinds, messages
from fusus_portal.ground.notifications.kinds import MessageKind


def register() -> None:
    """Add them."""
    kinds.register(MessageKind.TEXT_CODE, messages.text_code)
    kinds.register(MessageKind.TEXTS_ON, messages.texts_on)
