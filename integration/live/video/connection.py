"""The Valkey of live video (LIVE_REDIS_URL). It writes nothing to a disk; without it nobody sees anything live."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
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
