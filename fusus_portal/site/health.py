"""Health of the portal and its parts, for load balancers and monitors."""

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
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
from fusus_portal.ground.notifications.publishing import BrokerAway, longest_waits
from fusus_portal.ground.notifications.selectors import delivery_health
from fusus_portal.ground.serving.lanes import urgent
from integration.live.video import relays
from integration.live.video.connection import LiveUnavailable, faults
from registry.footage import storage

logger = logging.getLogger(__name__)
PROBE: Final = "health:probe"
PROBE_SECONDS: Final = 10

OK: Final = "ok"
LATE: Final = "late"
FAILING: Final = "failing"
NOT_STARTED: Final = Life.NOT_STARTED.value
"""State of a process without a sign of life since the installation, or since the cache was emptied."""

LATEST: Final = timedelta(minutes=2)
"""A queue is late if its oldest task waits longer."""

LEDGER: Final = "ledger"
LIVE: Final = "live"
RELAYS: Final = "relays"
QUEUES: Final = "queues"
UPLOADS: Final = "uploads"
NO_REASON_TO_STOP: Final = {LEDGER, LIVE, RELAYS, QUEUES, UPLOADS, *Part}
"""Parts that may fail while `ready` answers 200. If live video's Redis is away or would keep video, only live view
refuses; the main Redis has a check of its own."""


@urgent
@public
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": OK})


@urgent
@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 if this process can serve people, else 503; either way the state of each part, and the release.

    Late mail, a dead worker, beat or sealer, a long queue, a full disk of uploads, a changed ledger or broken live view
    is reported, but pages stay up. States are words without numbers: a rising count would reveal that somebody gets
    mail. The numbers are in the process log.
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
    """Write to the cache and read back: a server that only answers may still be full or read-only."""
    mark = secrets.token_hex(8)
    cache.set(f"{PROBE}:{mark}", mark, timeout=PROBE_SECONDS)
    return OK if cache.get(f"{PROBE}:{mark}") == mark else FAILING


def _outbox() -> str:
    health = delivery_health()
    if not health.is_late:
        return OK
    logger.warning("%d messages wait, the oldest for %d s", health.undelivered, health.oldest_seconds)
    if health.is_failing:
        logger.warning("no message goes out: the server of a channel takes none")
    return LATE


def _queues() -> str:
    try:
        waits = longest_waits()
    except BrokerAway:
        return FAILING
    late = {name: wait for name, wait in waits.items() if wait > LATEST}
    for name, wait in late.items():
        logger.warning("the oldest task of the queue %s waits for %d s", name, wait.total_seconds())
    return LATE if late else OK


def _uploads() -> str:
    if storage.room_for(0):
        return OK
    logger.warning("the disk of uploads has no more than its reserve left")
    return LATE


def _ledger() -> str:
    """FAILING if an open alarm says that the ledger was changed; LATE for another alarm, or if its tasks are late."""
    if watch.is_changed():
        return FAILING
    return LATE if watch.is_hindered() else OK


def _life(part: Part) -> str:
    state = life_of(part)
    if state is not Life.OK:
        logger.warning("the %s is %s", part, state)
    return state.value


def _live() -> str:
    """FAILING if the Redis of live video is away or would keep video. OK if none is configured."""
    if not settings.LIVE_REDIS_URL:
        return OK
    wrong = faults()
    for sentence in wrong:
        logger.error("LIVE_REDIS_URL: %s", sentence)
    return FAILING if wrong else OK


def _relays() -> str:
    """Return LATE, no worse, if a relay of live video is gone, since others or HLS carry its streams; else OK."""
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
    QUEUES: _queues,
    UPLOADS: _uploads,
    **{part.value: partial(_life, part) for part in Part},
}
