"""The process that decodes a picture, and turns at it. It starts anew for each, so that no thread of ours is forked."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import LockError, RedisError

DECODER = Path(__file__).with_name("decoder.py")
WALL_SECONDS = 30
"""Seconds by the clock: enough for 10 of processor time (decoder.CPU_SECONDS) on a busy machine."""

WORK = {"refused": "work"}


def decode(upload: File[bytes], *, sides: list[int], into: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return the decoder's answer (decoder.py) and the picture in each size; a refusal if the process fails."""
    work = json.dumps({"sides": sides, "format": into})
    with memory_file() as sent, memory_file() as made:
        upload.seek(0)
        copyfileobj(upload, sent)
        sent.seek(0)
        try:
            subprocess.run(
                [sys.executable, "-I", DECODER, work],
                stdin=sent,
                stdout=made,
                stderr=subprocess.DEVNULL,
                env={},  # ours holds the portal's keys
                check=True,
                timeout=WALL_SECONDS,
            )
        except subprocess.SubprocessError:
            return WORK, []
        made.seek(0)
        return _said(made, len(sides))


def _said(made: IO[bytes], pictures: int) -> tuple[dict[str, Any], list[bytes]]:
    """Return answer and pictures from the decoder's output. It may be garbage: a file can take a decoder over."""
    try:
        answer = json.loads(made.readline())
        found = [made.read(length) for length in answer.get("lengths", [])]
    except (ValueError, TypeError, AttributeError):
        return WORK, []
    return (answer, found) if answer.get("refused") or len(found) == pictures else (WORK, [])


@contextmanager
def memory_file() -> Iterator[IO[bytes]]:
    """Open a nameless file that is only in memory."""
    with os.fdopen(os.memfd_create("picture"), "w+b") as file:
        yield file


BUSY = "busy"

ONE_AT_A_TIME = threading.Lock()
"""Lock of all decoding in this process: pictures together need no more memory than the largest one."""

WAIT_SECONDS = 10
"""Longest wait of a thread for pictures of other threads."""

MAY_WAIT = threading.BoundedSemaphore(2)
"""Threads of a process that may wait for a picture, so that others stay free for requests without pictures."""

FORGOTTEN_SECONDS = WAIT_SECONDS + WALL_SECONDS + 10
"""Time until a sender's turn expires if its process was killed; longer than any turn."""


@contextmanager
def turn_of(sender: UUID) -> Iterator[None]:
    """Let a sender have one picture decoded at a time. Raises ValidationError (BUSY) meanwhile and without Valkey."""
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
