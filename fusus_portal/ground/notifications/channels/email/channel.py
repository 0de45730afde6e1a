from collections.abc import Mapping, Sequence
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

from fusus_portal.ground.notifications.channels.contract import AddressFault
from fusus_portal.ground.notifications.channels.email.rendering import letter_of
from fusus_portal.ground.notifications.kinds import MessageKind, kind_of
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.recipients import Recipient


class Email:
    name = "email"
    waits_for_seal = True

    def addresses_of(self, to: Sequence[Recipient], kind: MessageKind) -> Mapping[str, str]:
        return {person.email: person.email for person in to} if kind_of(kind).mailed else {}

    def check(self, address: str) -> None:
        validate_email(address)

    def hand_over(self, message: Message) -> None:
        rendered = letter_of(message)
        letter = EmailMultiAlternatives(
            subject=rendered.subject,
            body=rendered.text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.to],
            headers={
                "Message-ID": message.message_id,
                "Auto-Submitted": "auto-generated",
                "Content-Language": message.language,
                **_one_click(rendered.unsubscribe),
            },
        )
        letter.attach_alternative(rendered.html, "text/html")
        letter.send()

    def is_lasting(self, fault: Exception) -> bool:
        """True for SMTP 5xx, for the message or its recipient."""
        if isinstance(fault, SMTPRecipientsRefused):
            return all(500 <= code < 600 for code, _text in fault.recipients.values())
        return isinstance(fault, SMTPDataError) and 500 <= fault.smtp_code < 600

    def describe(self, fault: Exception) -> str:
        code = getattr(fault, "smtp_code", "")
        return f"{type(fault).__name__} {code}".strip()

    def verdict(self, fault: Exception) -> AddressFault:
        """Return no verdict: an address that refuses mail today may accept it tomorrow."""
        return AddressFault.NONE


def _one_click(address: str) -> dict[str, str]:
    """Return the headers of one-click unsubscribe (RFC 8058)."""
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
