"""Heartbeats of worker, beat and sealer, cached for good, so that a stopped process differs from one never started."""

import logging
import time
from datetime import timedelta
from enum import StrEnum

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5
LATE_AFTER = timedelta(seconds=40)
"""Silence that makes a process late: longer than a restart or a sealer's round; monitors notice within a minute."""


class Part(StrEnum):
    WORKER = "worker"
    BEAT = "beat"
    SEALER = "sealer"


class Life(StrEnum):
    OK = "ok"
    LATE = "late"
    NOT_STARTED = "not started"


_shown: dict[Part, float] = {}


def show(part: Part) -> None:
    """Record a process's heartbeat, at most every EVERY_SECONDS. Ignores a cache that is down."""
    now = time.monotonic()
    if now - _shown.get(part, -EVERY_SECONDS) < EVERY_SECONDS:
        return
    _shown[part] = now
    try:
        cache.set(_key(part), timezone.now().timestamp(), timeout=None)
    except (RedisError, OSError):
        logger.warning("the %s can't show that it lives: the cache is away", part)


def life_of(part: Part) -> Life:
    """Return a process's state by its last heartbeat. Raises RedisError while the cache is down."""
    last: float | None = cache.get(_key(part))
    if last is None:
        return Life.NOT_STARTED
    return Life.OK if timezone.now().timestamp() - last <= LATE_AFTER.total_seconds() else Life.LATE


def _key(part: Part) -> str:
    return f"alive:{part}"
