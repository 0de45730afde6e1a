"""Whose picture is decoded now: one for each sender, and one in each process of the portal."""

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
"""All of them together need no more memory than the largest one."""

WAIT_SECONDS = 10
"""A thread of the portal waits no longer for the pictures of others."""

MAY_WAIT = threading.BoundedSemaphore(2)
"""So many senders wait in a process, so that its threads stay free for whoever sends no picture."""

FORGOTTEN_SECONDS = WAIT_SECONDS + WALL_SECONDS + 10
"""A turn whose process was killed ends automatically; longer than any turn takes."""


@contextmanager
def turn_of(sender: UUID) -> Iterator[None]:
    """Let one picture of a sender be decoded. Raises ValidationError, BUSY, while it is somebody's turn already.

    Nothing is decoded while the shared memory, which knows of the portal's other processes, is away.
    """
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
        with suppress(LockError, RedisError, OSError):  # it ends automatically
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
    """Wait for the others, unless enough do so already; return whether it is our turn."""
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
