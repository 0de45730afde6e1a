"""Whether the portal lives, and whether it can do its work. For load balancers and monitors."""

import logging
import secrets
from collections.abc import Callable
from typing import Final

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from fusus_portal.access import public
from fusus_portal.notifications.health import delivery_health

logger = logging.getLogger(__name__)
PROBE: Final = "health:probe"
PROBE_SECONDS: Final = 10

Finding = tuple[bool, dict[str, int]]


@public
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as this process answers at all."""
    return JsonResponse({"status": "ok"})


@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database, Redis and the outbox do their part, else 503 with which does not.

    Numbers only: what went wrong in words is in the log, not here.
    """
    found = {name: _probe(name, check) for name, check in CHECKS.items()}
    good = all(fine for fine, _numbers in found.values())
    parts = {name: {"status": "ok" if fine else "failing", **numbers} for name, (fine, numbers) in found.items()}
    return JsonResponse({"status": "ok" if good else "failing", "checks": parts}, status=200 if good else 503)


def _probe(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except (DatabaseError, RedisError, OSError):
        logger.exception("health check of %s failed", name)
        return False, {}


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, {}


def _redis() -> Finding:
    """Write and read back: a server that only answers may still be full or read-only."""
    mark = secrets.token_hex(8)
    cache.set(f"{PROBE}:{mark}", mark, timeout=PROBE_SECONDS)
    return cache.get(f"{PROBE}:{mark}") == mark, {}


def _outbox() -> Finding:
    health = delivery_health()
    numbers = {"undelivered": health.undelivered, "oldest_seconds": health.oldest_seconds, "failed": health.failed}
    return not health.is_late, numbers


CHECKS: Final[dict[str, Callable[[], Finding]]] = {"database": _database, "redis": _redis, "outbox": _outbox}
