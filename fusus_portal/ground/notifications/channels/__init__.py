"""What carries messages to people: one folder for each channel. The first that reaches a person is taken."""

from fusus_portal.ground.notifications.channels.contract import Channel
from fusus_portal.ground.notifications.channels.email.channel import Email

CHANNELS: tuple[Channel, ...] = (Email(),)


def named(name: str) -> Channel:
    """Return the channel with this name."""
    return next(channel for channel in CHANNELS if channel.name == name)
