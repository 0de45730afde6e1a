"""Consumers of one reader, each in a thread: the camera is opened once. Each begins anew with it."""

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
"""Options of a program that reads pictures from its standard input, without waiting to find out their format."""


class Consumer(ABC):
    """One consumer. what: its product, as its owner reads it, such as "the recording of front"."""

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
        """Consume pictures from a key frame on; None: nothing came. An early end or OSError restarts it."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.over.set()

    def join(self) -> None:
        if self._thread.ident:
            self._thread.join(2 * SECONDS_TO_END)

    def _run(self) -> None:
        # A program ends with the thread that started it (pdeathsig), so this thread must outlive it.
        while not self.over.is_set():
            with self.reader.feed(self.room) as self.feed:
                self._told = 0
                self._take_on()
            self.over.wait(AGAIN_AFTER)

    def _take_on(self) -> None:
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
    """An ffmpeg that gets the pictures at its standard input. told: the rest of its arguments."""

    def __init__(self, reader: Reader, what: str, told: Sequence[str], *, tell: Tell) -> None:
        super().__init__(reader, what, tell=tell)
        self.told = told

    def read(self, part: bytes) -> None:
        """Handle a part of its standard output."""

    def take(self, init: Init, pictures: Iterator[Frame | None]) -> None:
        """Run it until the pictures end, or it does. Raises OSError if it can't be run."""
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
        """Write a piece to it, and read its output. True while it continues."""
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
