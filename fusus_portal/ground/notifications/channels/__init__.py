"""What carries messages to people: one folder for each channel. The first that reaches a person is taken."""

from django.core.exceptions import ValidationError

from fusus_portal.ground.notifications.channels.contract import Channel
from fusus_portal.ground.notifications.channels.email.channel import Email
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.recipients import Recipient

CHANNELS: tuple[Channel, ...] = (Email(),)


def named(name: str) -> Channel:
    """Return the channel with this name."""
    return next(channel for channel in CHANNELS if channel.name == name)


def address_of(to: Recipient, kind: MessageKind) -> str:
    """Return where a person is written to with this kind.

    Raises ValidationError where no channel reaches them, and for an address that can't be one.
    """
    for channel in CHANNELS:
        if address := channel.address_of(to, kind):
            channel.check(address)
            return address
    raise ValidationError("no channel reaches this person")
