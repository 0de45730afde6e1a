"""Whether the portal lives, and whether it can do its work. For load balancers and monitors."""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from audit.ledger.checks import watch
from fusus_portal import __version__
from fusus_portal.ground.access import public
from fusus_portal.ground.heartbeats import Life, Part, life_of
from fusus_portal.ground.notifications.health import delivery_health
from fusus_portal.ground.serving.lanes import urgent
from integration.live.video import relays, safety
from integration.live.video.connection import LiveUnavailable

logger = logging.getLogger(__name__)
PROBE: Final = "health:probe"
PROBE_SECONDS: Final = 10

OK: Final = "ok"
LATE: Final = "late"
FAILING: Final = "failing"
NOT_STARTED: Final = Life.NOT_STARTED.value
"""Of a process that has shown no sign of life since the installation, or since the cache was emptied."""

LEDGER: Final = "ledger"
LIVE: Final = "live"
RELAYS: Final = "relays"
NO_REASON_TO_STOP: Final = {LEDGER, LIVE, RELAYS, *Part}
"""Redis has a check of its own. Live view itself refuses where its memory is away, or would keep video."""


@urgent
@public
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as this process answers at all."""
    return JsonResponse({"status": OK})


@urgent
@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when this process can serve people, else 503 with which part fails. Both say the release.

    Mail that is late is told, and is no reason to take the pages away; nor is a worker, a beat or a sealer that is
    gone, a ledger that somebody changed, or a live view that nobody can have. Words and no numbers: a count that rises
    would tell the street that somebody is being written to; the numbers are in the log.
    """
    found = {name: _probe(name, check) for name, check in CHECKS.items()}
    states = [FAILING, LATE, NOT_STARTED, OK]
    worst = min(found.values(), key=states.index)
    is_down = FAILING in {state for name, state in found.items() if name not in NO_REASON_TO_STOP}
    return JsonResponse({"status": worst, "version": __version__, "checks": found}, status=503 if is_down else 200)


def _probe(name: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except (DatabaseError, RedisError, OSError, LiveUnavailable):
        logger.exception("health check of %s failed", name)
        return FAILING


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _redis() -> str:
    """Write and read back: a server that only answers may still be full or read-only."""
    mark = secrets.token_hex(8)
    cache.set(f"{PROBE}:{mark}", mark, timeout=PROBE_SECONDS)
    return OK if cache.get(f"{PROBE}:{mark}") == mark else FAILING


def _outbox() -> str:
    health = delivery_health()
    if not health.is_late:
        return OK
    logger.warning("%d messages wait, the oldest for %d s", health.undelivered, health.oldest_seconds)
    return LATE


def _ledger() -> str:
    """Tell whether the ledger was changed (failing), or its sealing, publishing, checking or witnessing is late."""
    if watch.is_changed():
        return FAILING
    return LATE if watch.is_hindered() else OK


def _life(part: Part) -> str:
    state = life_of(part)
    if state is not Life.OK:
        logger.warning("the %s is %s", part, state)
    return state.value


def _live() -> str:
    """Tell whether the memory of live video answers and keeps nothing. One that nobody named is no fault."""
    if not settings.LIVE_REDIS_URL:
        return OK
    wrong = safety.faults()
    for sentence in wrong:
        logger.error("LIVE_REDIS_URL: %s", sentence)
    return FAILING if wrong else OK


def _relays() -> str:
    """Tell whether every relay of live video lives. While one is gone the others have its streams, or HLS has."""
    gone = len(settings.LIVE_RELAYS) - len(relays.living())
    if gone:
        logger.warning("%d of the relays in LIVE_RELAYS show no sign of life", gone)
    return LATE if gone else OK


CHECKS: Final[dict[str, Callable[[], str]]] = {
    "database": _database,
    "redis": _redis,
    "outbox": _outbox,
    LEDGER: _ledger,
    LIVE: _live,
    RELAYS: _relays,
    **{part.value: partial(_life, part) for part in Part},
}
