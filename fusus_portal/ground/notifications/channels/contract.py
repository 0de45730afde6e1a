"""What a channel is asked."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.recipients import Recipient


class AddressFault(StrEnum):
    """What a failure says of an address."""

    NONE = ""
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"


class Channel(Protocol):
    """A way by which messages reach people. waits_for_seal: whether its messages link to receipts."""

    name: str
    waits_for_seal: bool

    def addresses_of(self, to: Sequence[Recipient], kind: MessageKind) -> Mapping[str, str]:
        """Return where it reaches these people with this kind, by their e-mail address, without whom it does not."""

    def check(self, address: str) -> None:
        """Raise ValidationError for an address that can't be one."""

    def hand_over(self, message: Message) -> None:
        """Render a message and hand it to the server that carries it. Raises whatever keeps it from that."""

    def is_lasting(self, fault: Exception) -> bool:
        """Return whether what `hand_over` raised will be so each time, so that nobody need try again."""

    def describe(self, fault: Exception) -> str:
        """Return what went wrong without the server's words, which repeat the address."""

    def verdict(self, fault: Exception) -> AddressFault:
        """Return what a lasting fault says of the address."""
