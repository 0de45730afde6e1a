import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import LockError, RedisError

from fusus_portal.ground.pictures.child import WALL_SECONDS

BUSY = "busy"

ONE_AT_A_TIME = threading.Lock()
"""So all pictures together need no more memory than the largest one."""

WAIT_SECONDS = 10
"""Longest wait of a thread for other pictures."""

MAY_WAIT = threading.BoundedSemaphore(2)
"""Waiting senders in a process, so that threads stay free for requests without pictures."""

FORGOTTEN_SECONDS = WAIT_SECONDS + WALL_SECONDS + 10
"""Expiry of a turn whose process was killed; longer than any turn."""


@contextmanager
def turn_of(sender: UUID) -> Iterator[None]:
    """Decode one picture of a sender at a time. Raises ValidationError, BUSY, during another turn or without Valkey."""
    turn = _server(settings.REDIS_URL).lock(f"picture:{sender}", timeout=FORGOTTEN_SECONDS, blocking=False)
    try:
        is_ours = turn.acquire()
    except (RedisError, OSError) as error:
        raise _busy(_("Pictures can't be taken right now. Try again in a few minutes.")) from error
    if not is_ours:
        raise _busy(_("Another picture of yours is being worked on. Wait a few seconds, then send this one again."))
    try:
        with _of_this_process():
            yield
    finally:
        with suppress(LockError, RedisError, OSError):  # it expires by itself
            turn.release()


@contextmanager
def _of_this_process() -> Iterator[None]:
    if not (ONE_AT_A_TIME.acquire(blocking=False) or _waited()):
        raise _busy(_("Many people send pictures right now. Try again in a minute."))
    try:
        yield
    finally:
        ONE_AT_A_TIME.release()


def _waited() -> bool:
    if not MAY_WAIT.acquire(blocking=False):
        return False
    try:
        return ONE_AT_A_TIME.acquire(timeout=WAIT_SECONDS)
    finally:
        MAY_WAIT.release()


def _busy(sentence: str) -> ValidationError:
    return ValidationError(sentence, code=BUSY)


@lru_cache(maxsize=2)
def _server(address: str) -> Redis:
    return Redis.from_url(address)
