from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError

from fusus_portal.ground.notifications.channels.contract import Channel
from fusus_portal.ground.notifications.channels.email_channel import Email
from fusus_portal.ground.notifications.channels.text_channel import Text
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.selectors import Recipient

CHANNELS: tuple[Channel, ...] = (Email(), Text())


def named(name: str) -> Channel:
    return next(channel for channel in CHANNELS if channel.name == name)


def addresses_of(to: Sequence[Recipient], kind: MessageKind) -> Iterator[list[tuple[Channel, str]]]:
    """Yield each person's channels and addresses for this kind. Raises ValidationError for a person without any."""
    found = [(channel, channel.addresses_of(to, kind)) for channel in CHANNELS]
    for person in to:
        reached = [(channel, address) for channel, known in found if (address := known.get(person.email, ""))]
        if not reached:
            raise ValidationError("no channel reaches this person")
        for channel, address in reached:
            channel.check(address)
        yield reached
