"""Promises that every channel keeps, and the variables that messages have on all of them."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured

from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.notifications.kinds import Kind, MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Recipient


class AddressFault(StrEnum):
    NONE = ""
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"


class Channel(Protocol):
    """A way to send messages, such as mail. waits_for_seal: its messages may link to receipts of sealed entries."""

    name: str
    waits_for_seal: bool

    def addresses_of(self, to: Sequence[Recipient], kind: MessageKind) -> Mapping[str, str]:
        """Return the channel's addresses of people whom it reaches with this kind, keyed by e-mail address."""

    def check(self, address: str) -> None:
        """Raise ValidationError for an invalid address."""

    def hand_over(self, message: Message) -> None:
        """Render a message and hand it to the channel's server. Raises any failure."""

    def judge(self, fault: Exception) -> tuple[str, bool, AddressFault]:
        """Return a fault of `hand_over` in words, True if it is permanent, and the fault of the address, if it has one.

        The words go to the database. They quote nothing from the server, whose words repeat the address.
        """


Build = Callable[[], Mapping[str, object]]


def variables_of(*, kind: Kind, build: Build, number: str) -> dict[str, Any]:
    """Return the variables of `build` and of every message, in the active language. number: used if `build` has none.

    Raises ImproperlyConfigured if `build` omits a variable of the kind.
    """
    built = build()
    missing = kind.variables - built.keys()
    if missing:
        raise ImproperlyConfigured(f"the builder of {kind.name.value} left out {', '.join(sorted(missing))}")
    return {"number": number, "agency": words(), **built}
