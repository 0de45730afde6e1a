"""Which relays are alive, and which of them has a stream. A relay notes in the live Valkey that it lives.

docs/decisions/integration/live-video.md says what a relay is.
"""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from integration.live.video.connection import LiveUnavailable, answering

LIVES: Final = timedelta(seconds=1)
"""So long after it was noted last a relay counts as alive."""

NOTED_EVERY: Final = timedelta(milliseconds=250)


def note(number: int) -> None:
    """Note that this relay lives. Raises LiveUnavailable."""
    with answering() as server:
        server.set(_key(number), "1", px=LIVES)


def leave(number: int) -> None:
    """Note that this relay goes: nobody is sent to it any more. Raises LiveUnavailable."""
    with answering() as server:
        server.delete(_key(number))


def living() -> list[str]:
    """Return the addresses of the relays that live, [] while nobody can tell. Without any, video goes by HLS."""
    addresses: list[str] = settings.LIVE_RELAYS
    if not addresses:
        return []
    try:
        with answering() as server:
            noted = server.mget([_key(number) for number in range(len(addresses))])
    except LiveUnavailable:
        return []
    return [address for address, lives in zip(addresses, noted, strict=True) if lives]


def of_stream(stream: UUID, among: list[str]) -> str:
    """Return the relay that has a stream, "" where none lives. among: what `living` returned.

    Each stream ranks the relays by a hash of its own, so one that dies moves its own streams and no others.
    """
    return max(among, key=lambda address: hashlib.sha256(f"{stream} {address}".encode()).digest(), default="")


def receiver_of(relay: str) -> str:
    """Return the address at which COREs reach a relay, "" for none."""
    addresses: list[str] = settings.LIVE_RELAYS
    return dict(zip(addresses, settings.LIVE_RECEIVERS or addresses, strict=True)).get(relay, "")


def _key(number: int) -> str:
    return f"relay:{number}"
