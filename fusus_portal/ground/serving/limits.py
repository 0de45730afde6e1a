"""Limits of slow lines and of memory held for them; the environment may override some."""

import errno
import resource
import sys
from dataclasses import dataclass
from typing import Final

from fusus_portal.ground import env


class TooSlow(ConnectionResetError):
    """Too few bytes moved. To the reader the line is broken."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "too slow")


@dataclass(frozen=True, slots=True)
class Rate:
    """least: bytes that must move in each `seconds`."""

    least: int
    seconds: float


class Pace:
    """Holds a line to a rate. Only the time spent waiting for the line counts."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._waited = 0.0
        self._moved = 0

    @property
    def left(self) -> float:
        return max(self._rate.seconds - self._waited, 0.0)

    def count(self, *, waited: float, moved: int) -> None:
        """Note waiting and bytes. Raises TooSlow after a span with too few."""
        self._waited += waited
        self._moved += moved
        if self._waited < self._rate.seconds:
            return
        if self._moved < self._rate.least:
            raise TooSlow
        self._waited, self._moved = 0.0, 0


OPEN_FILES: Final = 16384


def allow_open_files() -> None:
    """Raise the soft limit of open files and sockets, often 1024, as far as allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


KB: Final = 1024
MB: Final = 1024 * KB

HEAD_BYTES: Final = 32 * KB
"""Bytes of a request's head."""

FORM_BYTES: Final = 32 * MB
"""Largest collected body. A form takes a picture of 10 MB; a larger one still gets its reason."""

HELD_ANSWER: Final = 8 * MB
"""Bytes of an answer held for a slow reader, so that its thread is free: a page, a piece of video."""

HELD_FILE: Final = MB
"""Likewise of a file. A table of this size leaves the database without waiting for its reader."""

HELD: Final = 256 * MB
"""Bytes of bodies and answers in one process. Beyond it the largest holder loses one."""

HELD_BY_THREADS: Final = HELD * 3 // 4
"""Bytes of them for bodies of threads or of queued requests; the rest is for bodies still arriving."""

SMALL_BODY: Final = 64 * KB
"""A body that always finds room; pausing a camera sends less."""

OF_ONE_NETWORK: Final = env.number("WEB_CONNECTIONS", 256, least=1)
"""Connections of one network to one process: an office of forty browsers with six each."""

URGENT_THREADS: Final = 8
VIDEO_THREADS: Final = env.number("WEB_VIDEO_THREADS", 32, least=1)
FILE_THREADS: Final = env.number("WEB_FILE_THREADS", 64, least=1)
"""A thread for each piece of live video and each file in transit. Threads of pages: gunicorn's --threads."""

FILES_OF_ONE_NETWORK: Final = FILE_THREADS * 3 // 4
"""The holder of one link, or many, must leave threads to others."""

WAITING: Final = 200
"""Queued requests of a lane; further ones get a 503."""

FIRST_SECONDS: Final = env.number("WEB_HEAD_SECONDS", 10, least=1)
FORM_SECONDS: Final = env.number("WEB_FORM_SECONDS", 20, least=1)
FILE_SECONDS: Final = env.number("WEB_FILE_SECONDS", 60, least=1)
VIDEO_SECONDS: Final = env.number("WEB_VIDEO_SECONDS", 10, least=1)
ANSWER_SECONDS: Final = env.number("WEB_ANSWER_SECONDS", 60, least=1)

HEAD: Final = Rate(HEAD_BYTES + 1, FIRST_SECONDS)
"""A head never has so many bytes, so it must be complete in this time."""

FORM: Final = Rate(8 * KB * FORM_SECONDS, FORM_SECONDS)
"""8 KB a second, or the whole form, in each 20 seconds."""

FILE: Final = Rate(4 * KB * FILE_SECONDS, FILE_SECONDS)
"""4 KB a second in each minute: a phone at the edge of its network. A slower sender resumes later."""

VIDEO: Final = Rate(1, VIDEO_SECONDS)
"""Live video comes at its camera's speed. It may not stop."""

ANSWER: Final = Rate(4 * KB * ANSWER_SECONDS, ANSWER_SECONDS)

LINGER: Final = Rate(sys.maxsize, 5)
"""After the last answer, discard what still arrives for so long, so that the answer is read."""
