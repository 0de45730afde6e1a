"""Passes that a page shows to a relay: signed by the portal, with user, sign-in and network.

A relay reads no cookie. A pass only says who calls: the relay asks the gate about everything that it hands out.
"""

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac

SALT: Final = "integration.live.pass"
LIFE: Final = timedelta(seconds=60)
"""A page gets a new pass every three seconds, and shows it when it opens a line to a relay."""


class NoPass(ValueError):
    """The text is no pass, or an expired pass."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Caller of a relay. network: its address. session: digest of the sign-in, hexadecimal. language: of the page."""

    deputy: UUID
    network: str
    session: str
    language: str

    def signed(self) -> str:
        return signing.dumps([str(self.deputy), self.network, self.session, self.language], salt=SALT)


def read(text: str) -> Pass:
    try:
        deputy, network, session, language = signing.loads(text, salt=SALT, max_age=LIFE)
    except signing.BadSignature as error:
        raise NoPass from error
    return Pass(UUID(deputy), network, session, language)


STREAM_PREFIX = "live_"
STREAM_SALT = "integration.live.stream"


def stream_token(stream: UUID) -> str:
    """Return the token of a stream, derived from the portal's secret: it can be given again, and is not stored."""
    made = salted_hmac(STREAM_SALT, str(stream), algorithm="sha256").digest()
    return STREAM_PREFIX + base64.urlsafe_b64encode(made).decode().rstrip("=")
