"""Relays that are alive, and the relay of each stream (docs/decisions/integration/relay-processes.md)."""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from integration.live.video.connection import LiveUnavailable, answering
from integration.rules import RELAY_LIVES

NOTED_EVERY: Final = timedelta(milliseconds=250)


def note(number: int) -> None:
    with answering() as server:
        server.set(_key(number), "1", px=RELAY_LIVES)


def leave(number: int) -> None:
    """Note that a relay stops, so that no page is sent to it any more. Raises LiveUnavailable."""
    with answering() as server:
        server.delete(_key(number))


def living() -> list[str]:
    """Return the addresses of the living relays, [] while the live Valkey is away. Without relays video goes by HLS."""
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
    """Return a stream's relay, or "". Each stream ranks the relays by hash: one that dies moves only its streams."""
    return max(among, key=lambda address: hashlib.sha256(f"{stream} {address}".encode()).digest(), default="")


def receiver_of(relay: str) -> str:
    addresses: list[str] = settings.LIVE_RELAYS
    return dict(zip(addresses, settings.LIVE_RECEIVERS or addresses, strict=True)).get(relay, "")


def _key(number: int) -> str:
    return f"relay:{number}"
