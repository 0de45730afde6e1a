"""Limits of slow connections and of the memory held for them; the environment may override some."""

import errno
import resource
import sys
from dataclasses import dataclass
from typing import Final

from fusus_portal.ground import env


class TooSlow(ConnectionResetError):
    """Too few bytes moved. To code that reads the body the connection is broken."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "too slow")


@dataclass(frozen=True, slots=True)
class Rate:
    """A least speed. least: bytes that must move in each `seconds`."""

    least: int
    seconds: float


class Pace:
    """Holds a connection to a rate. Only the time spent waiting for the other side counts."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._waited = 0.0
        self._moved = 0

    @property
    def left(self) -> float:
        return max(self._rate.seconds - self._waited, 0.0)

    def count(self, *, waited: float, moved: int) -> None:
        """Note seconds waited and bytes moved. Raises TooSlow when a span of the rate ends with too few bytes."""
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
"""Most bytes of a request's head."""

FORM_BYTES: Final = 32 * MB
"""Largest body that the loop collects. A form takes a picture of 10 MB; the refusal of a larger one still says why."""

HELD_ANSWER: Final = 8 * MB
"""Bytes of an answer held for a slow reader, so that its thread is free: a page, a piece of video."""

HELD_FILE: Final = MB
"""Bytes of a file held for a slow reader. A table of this size leaves the database without waiting for its reader."""

HELD: Final = 256 * MB
"""Most bytes of bodies and answers held in one process. Beyond it the network that holds most loses a connection."""

HELD_BY_THREADS: Final = HELD * 3 // 4
"""Bytes of HELD for bodies of requests that are served or queued; the rest is for bodies still arriving."""

SMALL_BODY: Final = 64 * KB
"""Bytes of a body that always finds room; pausing a camera sends less."""

OF_ONE_NETWORK: Final = env.number("WEB_CONNECTIONS", 256, least=1)
"""Most connections of one network to one process: an office of forty browsers with six each."""

URGENT_THREADS: Final = 8
VIDEO_THREADS: Final = env.number("WEB_VIDEO_THREADS", 32, least=1)
FILE_THREADS: Final = env.number("WEB_FILE_THREADS", 64, least=1)
"""Threads of the lanes VIDEO and FILES: one for each piece of video or file in transit. Pages: gunicorn's --threads."""

FILES_OF_ONE_NETWORK: Final = FILE_THREADS * 3 // 4
"""Most FILES threads for one network: the holder of one link, or many, must leave threads to others."""

WAITING: Final = 200
"""Most requests queued in a lane; further ones get a 503."""

FIRST_SECONDS: Final = env.number("WEB_HEAD_SECONDS", 10, least=1)
FORM_SECONDS: Final = env.number("WEB_FORM_SECONDS", 20, least=1)
FILE_SECONDS: Final = env.number("WEB_FILE_SECONDS", 60, least=1)
VIDEO_SECONDS: Final = env.number("WEB_VIDEO_SECONDS", 10, least=1)
ANSWER_SECONDS: Final = env.number("WEB_ANSWER_SECONDS", 60, least=1)

HEAD: Final = Rate(HEAD_BYTES + 1, FIRST_SECONDS)
"""Rate of a request's head: it never has so many bytes, so it must be complete in this time."""

FORM: Final = Rate(8 * KB * FORM_SECONDS, FORM_SECONDS)
"""Rate of a form: 8 KB a second, or the whole form, in each 20 seconds."""

FILE: Final = Rate(4 * KB * FILE_SECONDS, FILE_SECONDS)
"""Rate of a file: 4 KB a second in each minute, as of a phone at the edge of its network. Slower ones resume later."""

VIDEO: Final = Rate(1, VIDEO_SECONDS)
"""Rate of live video: it comes at its camera's speed and may not stop."""

ANSWER: Final = Rate(4 * KB * ANSWER_SECONDS, ANSWER_SECONDS)

LINGER: Final = Rate(sys.maxsize, 5)
"""Rate of a connection after its last answer: discard what arrives for 5 seconds, so that the answer is read."""
