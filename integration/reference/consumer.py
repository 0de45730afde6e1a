"""Whoever takes what a reader gives, in a thread of its own: the camera is opened once, however many take its pictures.

Each begins anew whenever the camera does, and is ended with the CORE.
"""

import os
import select
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, ClassVar, Final, cast

from fusus_portal.ground.video.program import ffmpeg
from integration.live.video.fragments import Frame, Init
from integration.reference.feed import LIVE, LOOK_EVERY, Feed, Room
from integration.reference.programs import AGAIN_AFTER, SECONDS_TO_END, Tell, command, end
from integration.reference.reader import Reader

READ_BYTES: Final = 64 * 1024
GIVEN: Final = (
    *("-threads", "1", "-analyzeduration", "0", "-fpsprobesize", "0"),
    *("-f", "mp4", "-i", "pipe:0", "-map", "0:v:0"),
)
"""How a program reads what it is given, without waiting for more of it to find out what comes."""


class Consumer(ABC):
    """One of them. what: what it makes of the pictures, as its owner is told, such as "the recording of front".

    feed: where they come from.
    """

    room: ClassVar[Room] = LIVE

    def __init__(self, reader: Reader, what: str, *, tell: Tell) -> None:
        self.reader = reader
        self.what = what
        self.tell = tell
        self.over = threading.Event()
        self.feed = Feed([])
        self._told = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    @abstractmethod
    def take(self, init: Init, pictures: Iterator[Frame | None]) -> None:
        """Take what the camera gives, from a key frame on, until that ends. None: nothing came for a moment.

        When it returns or raises OSError before that, it is begun again.
        """

    def start(self) -> None:
        """Take what the camera gives from now on."""
        self._thread.start()

    def stop(self) -> None:
        """End it soon."""
        self.over.set()

    def join(self) -> None:
        """Wait until it has ended, or hangs."""
        if self._thread.ident:
            self._thread.join(2 * SECONDS_TO_END)

    def _run(self) -> None:
        # A program ends with the thread that started it, so this one lives as long as it does.
        while not self.over.is_set():
            with self.reader.feed(self.room) as self.feed:
                self._told = 0
                self._take_on()
            self.over.wait(AGAIN_AFTER)

    def _take_on(self) -> None:
        """Take what comes, each time that the camera begins anew, until that fails. What waits meanwhile is kept."""
        while not self.over.is_set():
            init = self.feed.get(LOOK_EVERY)
            if not isinstance(init, Init):
                continue
            try:
                self.take(init, self._pictures())
            except OSError as failure:
                self.tell(f"{self.what}: {failure.strerror or failure}")
                return
            if not self.feed.is_over:
                return

    def _pictures(self) -> Iterator[Frame | None]:
        for picture in self.feed.pictures(self.over):
            if self.room.keeps and picture and picture.is_key and self.feed.left_out > self._told:
                self.tell(f"{self.what} is too slow: {self.feed.left_out - self._told} pictures are left out")
                self._told = self.feed.left_out
            yield picture


class Program(Consumer):
    """An ffmpeg that gets the pictures at its standard input. told: what it makes of them."""

    def __init__(self, reader: Reader, what: str, told: Sequence[str], *, tell: Tell) -> None:
        super().__init__(reader, what, tell=tell)
        self.told = told

    def read(self, part: bytes) -> None:
        """Take what it writes to its standard output."""

    def take(self, init: Init, pictures: Iterator[Frame | None]) -> None:
        """Run it until the pictures end, or it does. Raises OSError for one that can't be run."""
        program = ffmpeg()
        if not program:
            raise OSError("there is no ffmpeg")
        told = command(program, *GIVEN, *self.told)
        with subprocess.Popen(told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            os.set_blocking(cast(IO[bytes], process.stdin).fileno(), False)
            try:
                for item in chain([init], pictures):
                    if not self._pass_on(process, item.box if item else b""):
                        return
            except BrokenPipeError:
                return
            finally:
                cast(IO[bytes], process.stdin).close()
                end(process)

    def _pass_on(self, process: subprocess.Popen[bytes], box: bytes) -> bool:
        """Give it a piece, and take what it has written; tell whether it goes on."""
        given, output = (cast(IO[bytes], pipe).fileno() for pipe in (process.stdin, process.stdout))
        left = memoryview(box)
        while not self.over.is_set():
            written, takes, _ = select.select([output], [given] if left else [], [], LOOK_EVERY if left else 0)
            if written:
                part = os.read(output, READ_BYTES)
                if not part:
                    return False
                self.read(part)
            if takes:
                left = left[os.write(given, left) :]
            if not left and not written:
                return True
        return False
