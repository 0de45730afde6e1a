"""Codes and links that a person reads from mails and from an authenticator app."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail

from tests.people import TOTP_SECRET


def app_code(secret: str = TOTP_SECRET) -> str:
    """Return the code that the app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def mailed_code() -> str:
    """Return the code of the last mail: it stands alone in a line."""
    lines = [line for line in str(mail.outbox[-1].body).splitlines() if re.fullmatch(r"[A-Z0-9][A-Z0-9-]{4,10}", line)]
    assert len(lines) == 1, mail.outbox[-1].body
    return lines[0]


def mailed_link() -> str:
    """Return the path of the link in the last mail that a new password is chosen with."""
    [path] = re.findall(r"https?://[^/\s]+(/\S*/password/reset/key/\S+)", str(mail.outbox[-1].body))
    return str(path)
