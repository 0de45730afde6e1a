"""Text messages: 160 letters of the alphabet GSM 03.38, or 70 if any letter is outside it."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from django.urls import reverse
from django.utils import translation

from fusus_portal.ground.notifications import selectors
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.channels import provider
from fusus_portal.ground.notifications.channels.contract import AddressFault, Build, variables_of
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.policies import check_e164

GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE: Final = frozenset("^{}\\[~]|€")
"""GSM letters that count as two."""

ONE_TEXT: Final = 160
ONE_TEXT_OF_OTHERS: Final = 70
PLAIN: Final = {
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
}


def plain(text: str) -> str:
    """Return a text in similar GSM letters: "cámara" becomes "camara"."""
    return "".join(map(_plain, text))


def fits(text: str) -> bool:
    if not set(text) <= GSM | TWICE:
        return len(text.encode("utf-16-be")) // 2 <= ONE_TEXT_OF_OTHERS
    return len(text) + sum(letter in TWICE for letter in text) <= ONE_TEXT


def _plain(letter: str) -> str:
    if letter in GSM or letter in TWICE:
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    found = PLAIN.get(letter, bare)
    return found if found and set(found) <= GSM else letter


def render(*, kind: MessageKind, language: str, build: Build, number: str) -> str:
    """Return a text message in one line that names the office, by its short name if too long. Otherwise as for mail."""
    with translation.override(language):
        variables = variables_of(kind=kind_of(kind), build=build, number=number)
        offices = [variables["agency"][name] for name in ("name", "short_name")]
        words = str(kind_of(kind).text_of(variables))
        texts = [words % {**variables, "office": office} for office in offices]
    lines = [plain(" ".join(text.split())) for text in texts]
    return next(filter(fits, lines), lines[-1])


class Text:
    """Sends text messages of a few kinds to people who opted in, and never a receipt."""

    name = "text"
    waits_for_seal = False

    def addresses_of(self, to: Sequence[selectors.Recipient], kind: MessageKind) -> Mapping[str, str]:
        """Return the numbers of the people who want this kind as a text: one query; none without a provider."""
        choice = kind_of(kind).texted
        if not choice or not provider.is_configured():
            return {}
        return selectors.numbers_of([person.email for person in to], choice)

    def check(self, address: str) -> None:
        check_e164(address)

    def hand_over(self, message: Message) -> None:
        """Send a text, unless the provider took it at an earlier attempt that ended without answer."""
        kind = MessageKind(message.kind)
        build = partial(kind_of(kind).build, message.context)
        body = render(kind=kind, language=message.language, build=build, number=message.number)
        if message.attempts > 1 and provider.has(to=message.to, body=body, since=message.queued_at):
            return
        provider.post(to=message.to, body=body, callback=absolute(reverse("text_status", args=[message.pk])))

    def judge(self, fault: Exception) -> tuple[str, bool, AddressFault]:
        if not isinstance(fault, provider.ProviderFault):
            return type(fault).__name__, False, AddressFault.NONE
        return f"{type(fault).__name__} {fault}", fault.is_lasting, verdict_of(fault.code)


def verdict_of(code: int) -> AddressFault:
    if code == provider.STOPPED:
        return AddressFault.STOPPED
    return AddressFault.UNREACHABLE if code in provider.NO_TEXTS else AddressFault.NONE
