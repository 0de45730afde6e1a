"""What a channel is asked."""

from typing import Protocol

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.recipients import Recipient


class Channel(Protocol):
    """A way by which messages reach people."""

    name: str

    def address_of(self, to: Recipient, kind: MessageKind) -> str:
        """Return where it reaches this person with this kind; "" where it does not."""

    def check(self, address: str) -> None:
        """Raise ValidationError for an address that can't be one."""

    def hand_over(self, message: Message) -> None:
        """Render a message and hand it to the server that carries it. Raises whatever keeps it from that."""

    def is_lasting(self, fault: Exception) -> bool:
        """Return whether what `hand_over` raised will be so each time, so that nobody need try again."""

    def describe(self, fault: Exception) -> str:
        """Return what went wrong without the server's words, which repeat the address."""
