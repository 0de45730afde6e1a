"""What a page shows to a relay: a word of the portal about who asks, with which sign-in, from which network.

A relay reads no cookie. What it hands out, it asks the gate for all the same; a pass says only who asks.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

SALT: Final = "integration.live.pass"
LIFE: Final = timedelta(seconds=60)
"""A page gets another one each three seconds; it needs one when a line begins."""


class NoPass(ValueError):
    """What was shown is no pass, or is over."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Who asks. network: where from. session: the digest of the sign-in, in hexadecimal. language: of the page."""

    deputy: UUID
    network: str
    session: str
    language: str

    def signed(self) -> str:
        """Return it as a page shows it."""
        return signing.dumps([str(self.deputy), self.network, self.session, self.language], salt=SALT)


def read(text: str) -> Pass:
    """Return what a page shows. Raises NoPass."""
    try:
        deputy, network, session, language = signing.loads(text, salt=SALT, max_age=LIFE)
    except signing.BadSignature as error:
        raise NoPass from error
    return Pass(UUID(deputy), network, session, language)
