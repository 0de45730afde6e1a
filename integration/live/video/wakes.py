"""Calls to relays that a CORE has new orders. A lost call delays the CORE by up to `ORDERS_HELD_SECONDS`."""

from collections.abc import AsyncIterator
from contextlib import suppress
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
from integration.rules import LIVE_ANSWERS_WITHIN_SECONDS

CHANNEL: Final = "core:"
"""Prefix of a CORE's channel on the live Valkey, before the CORE's id."""

ALL: Final = UUID(int=0)
"""In place of a CORE's id: every CORE with orders."""

MOST_SILENT: Final = 2
"""Questions in a row, a second each, that the live Valkey may leave unanswered."""


def wake(core: UUID) -> None:
    """Have the relays answer a CORE with its new orders, once the transaction has committed."""
    transaction.on_commit(lambda: _publish(core))


def wake_all() -> None:
    """Have the relays answer every CORE with orders: another relay may take over its video."""
    _publish(ALL)


def _publish(core: UUID) -> None:
    with suppress(LiveUnavailable), answering() as server:
        server.publish(f"{CHANNEL}{core}", "")


async def heard() -> AsyncIterator[UUID | None]:
    """Yield None once it listens, then the id of each CORE, or `ALL`. Raises LiveUnavailable for a silent Valkey."""
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
