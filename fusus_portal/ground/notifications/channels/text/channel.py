from collections.abc import Mapping, Sequence
from functools import partial

from django.urls import reverse

from fusus_portal.ground.notifications import selectors
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.channels.contract import AddressFault
from fusus_portal.ground.notifications.channels.text import provider
from fusus_portal.ground.notifications.channels.text.provider import ProviderFault
from fusus_portal.ground.notifications.channels.text.rendering import render
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.policies import check_e164
from fusus_portal.ground.notifications.recipients import Recipient


class Text:
    """Carries a few kinds to people who opted in, and never a receipt."""

    name = "text"
    waits_for_seal = False

    def addresses_of(self, to: Sequence[Recipient], kind: MessageKind) -> Mapping[str, str]:
        """Return the numbers of those who want this kind: one query, and none without a provider."""
        choice = kind_of(kind).texted
        if not choice or not provider.is_configured():
            return {}
        return selectors.numbers_of([person.email for person in to], choice)

    def check(self, address: str) -> None:
        check_e164(address)

    def hand_over(self, message: Message) -> None:
        """Send the message, unless an earlier attempt with unknown result reached the provider."""
        kind = MessageKind(message.kind)
        build = partial(kind_of(kind).build, message.context)
        body = render(kind=kind, language=message.language, build=build, number=message.number)
        if message.attempts > 1 and provider.has(to=message.to, body=body, since=message.queued_at):
            return
        provider.post(to=message.to, body=body, callback=absolute(reverse("text_status", args=[message.pk])))

    def is_lasting(self, fault: Exception) -> bool:
        return isinstance(fault, ProviderFault) and fault.is_lasting

    def describe(self, fault: Exception) -> str:
        return f"{type(fault).__name__} {fault}" if isinstance(fault, ProviderFault) else type(fault).__name__

    def verdict(self, fault: Exception) -> AddressFault:
        return verdict_of(fault.code) if isinstance(fault, ProviderFault) else AddressFault.NONE


def verdict_of(code: int) -> AddressFault:
    if code == provider.STOPPED:
        return AddressFault.STOPPED
    return AddressFault.UNREACHABLE if code in provider.NO_TEXTS else AddressFault.NONE
