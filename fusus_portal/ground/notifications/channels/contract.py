from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Recipient


class AddressFault(StrEnum):
    NONE = ""
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"


class Channel(Protocol):
    """A channel. waits_for_seal: its messages may link to receipts."""

    name: str
    waits_for_seal: bool

    def addresses_of(self, to: Sequence[Recipient], kind: MessageKind) -> Mapping[str, str]:
        """Return the channel's addresses for this kind, by e-mail address, of the people it reaches."""

    def check(self, address: str) -> None:
        """Raise ValidationError for an invalid address."""

    def hand_over(self, message: Message) -> None:
        """Render a message and hand it to the server. Raises any failure."""

    def is_lasting(self, fault: Exception) -> bool:
        """True if a fault of `hand_over` is permanent."""

    def describe(self, fault: Exception) -> str:
        """Return the fault without the server's words, which repeat the address."""

    def verdict(self, fault: Exception) -> AddressFault:
        """Return a permanent fault's verdict on the address."""
