"""Readers: each keeps a camera open at its own place, from its start on, once for all consumers of its pictures.

Many cameras let in one or two programs, so nothing else opens it. The pictures since the last key frame are at hand.
They are in memory alone, and nothing of them leaves before an order.
"""

import os
import select
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Final, cast

from fusus_portal.ground.video.program import ffmpeg
from integration.live.video.fragments import Fragments, Frame, FrameTooLarge, Init
from integration.live.video.segments import NotVideo
from integration.reference.feed import LIVE, Feed, Room
from integration.reference.onvif.soap import CameraRefuses
from integration.reference.programs import AGAIN_AFTER, SECONDS_TO_END, Tell, command, end
from integration.reference.sources import read_from

FRAGMENTED: Final = ("-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_every_frame", "-flush_packets", "1")

AGAIN_AT_LAST: Final = 30.0
"""Longest time between two tries, in seconds. Each that brings nothing doubles the time until the next."""

SILENT_SECONDS: Final = 10.0
"""A camera without a picture for this long is asked anew."""

READ_BYTES: Final = 256 * 1024
GROUP_BYTES: Final = 16 * 1024 * 1024
"""Bytes held of a camera without key frames; beyond that nothing is held until one comes."""


class Reader:
    """One camera. source: "testsrc", a file, a list (.ffconcat), or an rtsp:// address.

    prepare: called before it is opened, each time; it raises CameraRefuses, ValueError or OSError if it can't be.
    was_away: it was tried once, and gave nothing or stopped.
    """

    def __init__(self, channel: str, source: str, *, tell: Tell, prepare: Callable[[], None] = lambda: None) -> None:
        self.channel = channel
        self.source = source
        self.tell = tell
        self.prepare = prepare
        self.was_away = threading.Event()
        self._lock = threading.Lock()
        self._init: Init | None = None
        self._group: list[Frame] = []
        self._gave = False
        self._ahead = 0.0
        self._feeds: list[Feed] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()

    def join(self) -> None:
        """Wait until its program has ended, for some seconds at most: it may hang, or wait for a camera's ONVIF."""
        if self._thread.ident:
            self._thread.join(2 * SECONDS_TO_END)

    def at_hand(self) -> list[Init | Frame]:
        """Return the settings of the decoder and the pictures from the last key frame on; [] while it is away."""
        with self._lock:
            return self._at_hand()

    @contextmanager
    def feed(self, room: Room = LIVE) -> Iterator[Feed]:
        with self._lock:
            feed = Feed(self._at_hand(), room, ahead=self._ahead)
            self._feeds.append(feed)
        try:
            yield feed
        finally:
            with self._lock:
                self._feeds.remove(feed)

    def _at_hand(self) -> list[Init | Frame]:
        return [self._init, *self._group] if self._init else []

    def _run(self) -> None:
        # The program ends with the thread that started it (pdeathsig), so this thread must outlive it.
        wait = AGAIN_AFTER
        while not self._over.is_set():
            self._gave = False
            self._open()
            self.was_away.set()
            wait = AGAIN_AFTER if self._gave else min(2 * wait, AGAIN_AT_LAST)
            self._over.wait(wait)

    def _open(self) -> None:
        program = ffmpeg()
        try:
            self.prepare()
            if program:
                self._read(command(program, *read_from(self.source), *FRAGMENTED, "pipe:1"))
        except (CameraRefuses, NotVideo, FrameTooLarge, OSError, ValueError) as failure:
            self.tell(f"{self.channel}: {failure}")
        else:
            if not self._gave and not self._over.is_set():
                self.tell(f"{self.channel}: gives no picture")

    def _read(self, told: list[str]) -> None:
        fragments = Fragments()
        with subprocess.Popen(told, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            try:
                for part in self._parts(cast(IO[bytes], process.stdout)):
                    for item in fragments.feed(part):
                        self._take(item)
            finally:
                end(process)
                self._lose()

    def _parts(self, output: IO[bytes]) -> Iterator[bytes]:
        pipe, heard = output.fileno(), time.monotonic()
        while not self._over.is_set() and time.monotonic() - heard < SILENT_SECONDS:
            if select.select([pipe], [], [], 0.5)[0]:
                part = os.read(pipe, READ_BYTES)
                if not part:
                    return
                heard = time.monotonic()
                yield part

    def _take(self, item: Init | Frame) -> None:
        with self._lock:
            if isinstance(item, Frame):
                self._ahead, self._gave = time.time() - item.at, True
            if isinstance(item, Init):
                self._init = item
                self.tell(f"reads {self.channel}")
            elif item.is_key:
                self._group = [item]
            elif self._group:
                self._group.append(item)
                if sum(len(each.box) for each in self._group) > GROUP_BYTES:
                    self._group = []
            for feed in self._feeds:
                feed.put(item)

    def _lose(self) -> None:
        with self._lock:
            if self._init is not None:
                self.tell(f"reads {self.channel} no more")
            self._init, self._group = None, []
            for feed in self._feeds:
                feed.put(None)
