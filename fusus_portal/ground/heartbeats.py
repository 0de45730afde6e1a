"""Signs of life of the processes that no request reaches: worker, beat and sealer. Health reads them.

Each is the time of the last sign, in the cache. It stays there without end, so that a process that stopped is told from
one that was never started.
"""

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
"""Longer than a restart takes or a round of the sealer; with a monitor's own interval still within a minute."""


class Part(StrEnum):
    """A process that shows that it lives."""

    WORKER = "worker"
    BEAT = "beat"
    SEALER = "sealer"


class Life(StrEnum):
    """What its last sign says."""

    OK = "ok"
    LATE = "late"
    NOT_STARTED = "not started"


_shown: dict[Part, float] = {}


def show(part: Part) -> None:
    """Show that this process lives, every few seconds however often it is called.

    A cache that is away stops nothing.
    """
    now = time.monotonic()
    if now - _shown.get(part, -EVERY_SECONDS) < EVERY_SECONDS:
        return
    _shown[part] = now
    try:
        cache.set(_key(part), timezone.now().timestamp(), timeout=None)
    except (RedisError, OSError):
        logger.warning("the %s can't show that it lives: the cache is away", part)


def life_of(part: Part) -> Life:
    """Return what the last sign of a process says. Raises RedisError while the cache is away."""
    last: float | None = cache.get(_key(part))
    if last is None:
        return Life.NOT_STARTED
    return Life.OK if timezone.now().timestamp() - last <= LATE_AFTER.total_seconds() else Life.LATE


def _key(part: Part) -> str:
    return f"alive:{part}"
