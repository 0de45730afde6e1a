"""The Valkey of live video (LIVE_REDIS_URL). It writes nothing to a disk; without it nobody sees anything live."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Final

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from integration.rules import LIVE_ANSWERS_WITHIN_SECONDS


class LiveUnavailable(Exception):
    """The Valkey of live video is not named, or does not answer."""


def live() -> Redis:
    address: str = settings.LIVE_REDIS_URL
    if not address:
        raise LiveUnavailable("LIVE_REDIS_URL names no server.")
    return _client(address)


@contextmanager
def answering() -> Iterator[Redis]:
    """Yield the client of the live Valkey. Raises LiveUnavailable for any error of it inside this block."""
    try:
        yield live()
    except RedisError as error:
        raise LiveUnavailable(str(error)) from error


@lru_cache(maxsize=4)
def _client(address: str) -> Redis:
    return Redis.from_url(
        address,
        socket_timeout=LIVE_ANSWERS_WITHIN_SECONDS,
        socket_connect_timeout=LIVE_ANSWERS_WITHIN_SECONDS,
        # A retry would double the time without a decision.
        retry=Retry(NoBackoff(), 0),
    )


logger = logging.getLogger(__name__)

KEEPS_A_FILE: Final = 'It writes its memory to a file (save). Set: save ""'
KEEPS_A_LOG: Final = "It writes each command to a file (appendonly). Set: appendonly no"
NO_LIMIT: Final = "Its memory has no limit (maxmemory). Set one, such as: maxmemory 512mb"
DROPS: Final = "It drops what it holds when it is full (maxmemory-policy). Set: maxmemory-policy noeviction"
COPIES: Final = "It hands its memory to another server (replication). Detach it."
UNREADABLE: Final = "It does not let its settings be read (CONFIG GET), so nothing is known of them."


def faults() -> list[str]:
    """Return what is wrong with the live Valkey's settings, [] if it may hold video. Raises LiveUnavailable."""
    with answering() as server:
        try:
            said = server.config_get("save", "appendonly", "maxmemory", "maxmemory-policy")
            copies = server.info("replication")
        except ResponseError:
            return [UNREADABLE]
    wrong = {
        KEEPS_A_FILE: said.get("save") != "",
        KEEPS_A_LOG: said.get("appendonly") != "no",
        NO_LIMIT: said.get("maxmemory") in (None, "", "0"),
        DROPS: said.get("maxmemory-policy") != "noeviction",
        COPIES: copies.get("role") != "master" or int(copies.get("connected_slaves", 0)) > 0,
    }
    return [sentence for sentence, is_wrong in wrong.items() if is_wrong]


def is_safe() -> bool:
    """True if the live Valkey answers, and keeps video only in its memory."""
    with suppress(LiveUnavailable):
        return not faults()
    return False


def log_faults() -> None:
    """Log what is wrong with the live Valkey when the web server starts. Pages still work; only live view refuses."""
    try:
        wrong = faults() if settings.LIVE_REDIS_URL else ["It names no server, so nobody sees anything live."]
    except LiveUnavailable:
        wrong = ["The server does not answer, so nobody sees anything live."]
    for sentence in wrong:
        logger.warning("LIVE_REDIS_URL: %s", sentence)
