"""Relays alive, the relay of each stream, and news for relays (docs/decisions/integration/relay-processes.md)."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from integration.live.video.connection import LiveUnavailable, answering
from integration.rules import LIVE_ANSWERS_WITHIN_SECONDS, RELAY_LIVES

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
    with suppress(LiveUnavailable), answering() as server:
        noted = server.mget([_key(number) for number in range(len(addresses))])
        return [address for address, lives in zip(addresses, noted, strict=True) if lives]
    return []


def of_stream(stream: UUID, among: list[str]) -> str:
    """Return a stream's relay, or "". Each stream ranks the relays by hash: one that dies moves only its streams."""
    return max(among, key=lambda address: hashlib.sha256(f"{stream} {address}".encode()).digest(), default="")


def receiver_of(relay: str) -> str:
    addresses: list[str] = settings.LIVE_RELAYS
    return dict(zip(addresses, settings.LIVE_RECEIVERS or addresses, strict=True)).get(relay, "")


def _key(number: int) -> str:
    return f"relay:{number}"


CHANNEL: Final = "core:"
"""Prefix of a CORE's channel on the live Valkey, before the CORE's id."""

ALL: Final = UUID(int=0)
"""In place of a CORE's id: every CORE with orders."""

MOST_SILENT: Final = 2
"""Questions in a row, a second each, that the live Valkey may leave unanswered."""


def wake(core: UUID) -> None:
    """Have the relays answer a CORE with its new orders after the commit. A lost call delays them by some seconds."""
    transaction.on_commit(lambda: _publish(core))


def wake_all() -> None:
    """Have the relays answer every CORE with orders: another relay may take over its video."""
    _publish(ALL)


def _publish(core: UUID) -> None:
    with suppress(LiveUnavailable), answering() as server:
        server.publish(f"{CHANNEL}{core}", "")


async def heard() -> AsyncIterator[UUID | None]:
    """Yield None once Valkey is subscribed to, then the id of each CORE woken, or `ALL`. Raises LiveUnavailable."""
    address: str = settings.LIVE_REDIS_URL
    if not address:
        raise LiveUnavailable("LIVE_REDIS_URL names no server.")
    server = Redis.from_url(address, socket_connect_timeout=LIVE_ANSWERS_WITHIN_SECONDS, retry=Retry(NoBackoff(), 0))
    try:
        async with server, server.pubsub() as line:
            await line.psubscribe(f"{CHANNEL}*")
            async for message in _messages(line):
                match message["type"]:
                    case "psubscribe":
                        yield None
                    case "pmessage":
                        with suppress(ValueError):  # not the id of a CORE
                            yield UUID(message["channel"].decode().removeprefix(CHANNEL))
    except (RedisError, OSError) as error:
        raise LiveUnavailable(str(error)) from error


async def _messages(line: PubSub) -> AsyncIterator[dict[str, Any]]:
    silent = 0
    while silent <= MOST_SILENT:
        message = await line.get_message(timeout=LIVE_ANSWERS_WITHIN_SECONDS)
        if message is None:
            silent += 1
            await line.ping()
        else:
            silent = 0
            yield message
    raise LiveUnavailable("The live server is silent.")
