"""A camera that a CORE keeps open at its own place, from its start on.

The pictures since the last key frame are at hand. They are in memory alone, and nothing of them leaves before an order.
"""

import os
import select
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Final, TypeAlias, cast

from fusus_portal.ground.video.program import ffmpeg
from integration.live.video.fragments import Fragments, Frame, FrameTooLarge, Init
from integration.live.video.segments import NotVideo
from integration.reference.programs import AGAIN_AFTER, Tell, command, end
from integration.reference.sources import read_from

Item: TypeAlias = Init | Frame | None
"""What comes of a camera: the settings of its decoder, pictures, and None when it is away."""

FRAGMENTED: Final = ("-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_every_frame", "-flush_packets", "1")
"""One fragment for each picture, as it comes."""

SILENT_SECONDS: Final = 10.0
"""A camera that gives no picture for so long is asked anew."""

READ_BYTES: Final = 256 * 1024
GROUP_BYTES: Final = 16 * 1024 * 1024
"""What is held of a camera that sends no key frame; then nothing is, until one comes."""

MOST_WAITING: Final = 90
"""Most pictures that wait for a slow line. With more, it skips to the next key frame."""


class Feed:
    """What one upload takes from a camera, in order: its settings, the pictures at hand, and then each as it comes.

    is_lost: the camera is away.
    """

    def __init__(self, at_hand: Sequence[Item]) -> None:
        self.is_lost = False
        self._items: deque[Item] = deque(at_hand)
        self._most = len(at_hand) + MOST_WAITING
        self._skips = False
        self._more = threading.Condition()

    def put(self, item: Item) -> None:
        """Add what came. On a line that is too slow, pictures are left out up to the next key frame."""
        with self._more:
            self.is_lost = item is None
            if isinstance(item, Frame):
                if len(self._items) >= self._most:
                    self._items = deque(each for each in self._items if not isinstance(each, Frame))
                    self._skips = True
                self._skips = self._skips and not item.is_key
                if self._skips:
                    return
            self._items.append(item)
            self._more.notify()

    def get(self, seconds: float) -> Item:
        """Return the next, None when the camera is away or nothing came for so long."""
        with self._more:
            self._more.wait_for(lambda: self._items, seconds)
            return self._items.popleft() if self._items else None


class Reader:
    """One camera. source: "testsrc", a file, a list (.ffconcat), or an rtsp:// address."""

    def __init__(self, channel: str, source: str, *, tell: Tell) -> None:
        self.channel = channel
        self.source = source
        self.tell = tell
        self._lock = threading.Lock()
        self._init: Init | None = None
        self._group: list[Frame] = []
        self._feeds: list[Feed] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Open the camera, and open it again whenever it was away."""
        self._thread.start()

    def stop(self) -> None:
        """Close it soon."""
        self._over.set()

    def join(self) -> None:
        """Wait until its program has ended."""
        self._thread.join()

    def at_hand(self) -> list[Init | Frame]:
        """Return the settings of the decoder and the pictures from the last key frame on; [] while it is away."""
        with self._lock:
            return self._at_hand()

    @contextmanager
    def feed(self) -> Iterator[Feed]:
        """Offer what the camera gives, from the last key frame on, for as long as somebody takes it."""
        with self._lock:
            feed = Feed(self._at_hand())
            self._feeds.append(feed)
        try:
            yield feed
        finally:
            with self._lock:
                self._feeds.remove(feed)

    def _at_hand(self) -> list[Init | Frame]:
        return [self._init, *self._group] if self._init else []

    def _run(self) -> None:
        # The program ends with the thread that started it, so this one lives as long as it does.
        while not self._over.is_set():
            program = ffmpeg()
            if program:
                self._read(command(program, *read_from(self.source), *FRAGMENTED, "pipe:1"))
            self._over.wait(AGAIN_AFTER)

    def _read(self, told: list[str]) -> None:
        fragments = Fragments()
        with subprocess.Popen(told, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            try:
                for part in self._parts(cast(IO[bytes], process.stdout)):
                    for item in fragments.feed(part):
                        self._take(item)
            except (NotVideo, FrameTooLarge) as wrong:
                self.tell(f"{self.channel}: {wrong}")
            finally:
                end(process)
                self._lose()

    def _parts(self, output: IO[bytes]) -> Iterator[bytes]:
        """Yield what a program writes, until it ends, is silent for too long, or nobody wants it."""
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


class Readers:
    """The cameras of one CORE, by channel."""

    def __init__(self, cameras: Mapping[str, str], *, tell: Tell) -> None:
        self.of = {channel: Reader(channel, source, tell=tell) for channel, source in cameras.items()}

    def start(self) -> None:
        """Open all."""
        for reader in self.of.values():
            reader.start()

    def stop(self) -> None:
        """Close all."""
        for reader in self.of.values():
            reader.stop()
        for reader in self.of.values():
            reader.join()
