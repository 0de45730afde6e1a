"""Readers open each camera once, keep it open, and hand its pictures to all consumers.

Many cameras let in one or two programs, so nothing else opens them. A reader holds the pictures since the last key
frame in memory alone, and they leave the CORE only after an order. A slow consumer holds up no camera.
"""

import os
import select
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import IO, ClassVar, Final, TypeAlias, cast

from fusus_portal.ground.pictures.video import ffmpeg
from integration.live.video.fragments import Fragments, Frame, FrameTooLarge, Init
from integration.live.video.hls import NotVideo
from integration.reference.device import AGAIN_AFTER, SECONDS_TO_END, Tell, end_program, program_command
from integration.reference.onvif import CameraRefuses
from integration.reference.sources import input_of, read_from
from integration.rules import SNAPSHOT_SIDE

Item: TypeAlias = Init | Frame | None
"""Settings of the decoder, a picture, or None if the camera is away."""

LOOK_EVERY: Final = 0.5
"""Seconds between two checks if a thread should stop, while the camera gives nothing."""


@dataclass(frozen=True, slots=True)
class Room:
    """Room for waiting pictures of one consumer: number and bytes, besides the pictures at hand when it starts.

    keeps: True to leave out new pictures without room, False to leave out old, waiting ones. keys: only key frames.
    """

    pictures: int
    size: int
    keeps: bool = False
    keys: bool = False


LIVE: Final = Room(90, 16 * 1024 * 1024)
"""Room of a consumer that sends live video. If full, the consumer skips to the next key frame."""


class Feed:
    """Items for one consumer: the camera's settings, the pictures at hand, and then each new picture.

    is_lost: the camera is away. left_out: number of pictures without room. is_over: the consumer was told that the
    pictures ended. came: when the item taken last arrived, as Unix seconds. ahead: seconds from the times of the
    pictures at hand to their arrival.
    """

    def __init__(self, at_hand: Sequence[Init | Frame], room: Room = LIVE, *, ahead: float = 0.0) -> None:
        self.is_lost = False
        self.is_over = False
        self.left_out = 0
        self.came = 0.0
        self._room = room
        self._items: deque[tuple[Item, float]] = deque(
            (each, each.at + ahead if isinstance(each, Frame) else 0.0) for each in at_hand if self._concerns(each)
        )
        self._size = self._bytes()
        self._most = len(self._items) + room.pictures
        self._largest = self._size + room.size
        self._skips = False
        self._more = threading.Condition()

    def put(self, item: Item) -> None:
        """Add an item. Without room, leave pictures out until a key frame has room."""
        with self._more:
            self.is_lost = item is None
            if isinstance(item, Frame):
                if not self._concerns(item):
                    return
                if not self._has_room(item):
                    self.left_out += 1
                    return
            self._items.append((item, time.time()))
            self._size += len(item.box) if item else 0
            self._more.notify()

    def get(self, seconds: float) -> Item:
        """Return the next item, None if the camera is away or nothing came within these seconds."""
        with self._more:
            self._more.wait_for(lambda: self._items, seconds)
            item, self.came = self._items.popleft() if self._items else (None, self.came)
            self._size -= len(item.box) if item else 0
            self.is_over = self.is_over and not isinstance(item, Init)
            return item

    def pictures(self, over: threading.Event) -> Iterator[Frame | None]:
        """Yield pictures, None for a pause, until the camera is away, or begins anew with settings as next item."""
        while not over.is_set():
            item = self.get(LOOK_EVERY)
            if isinstance(item, Init):
                with self._more:
                    self._items.appendleft((item, self.came))
                    self._size += len(item.box)
            if isinstance(item, Init) or (item is None and self.is_lost):
                self.is_over = True
                return
            yield item

    def _concerns(self, item: Init | Frame) -> bool:
        return isinstance(item, Init) or item.is_key or not self._room.keys

    def _has_room(self, frame: Frame) -> bool:
        if self._is_full(frame):
            self._skips = True
            if not self._room.keeps:
                waiting = len(self._items)
                self._items = deque(each for each in self._items if not isinstance(each[0], Frame))
                self._size = self._bytes()
                self.left_out += waiting - len(self._items)
        self._skips = self._skips and not (frame.is_key and not self._is_full(frame))
        return not self._skips

    def _bytes(self) -> int:
        return sum(len(item.box) for item, _came in self._items if item)

    def _is_full(self, frame: Frame) -> bool:
        return len(self._items) >= self._most or self._size + len(frame.box) > self._largest


FRAGMENTED: Final = ("-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_every_frame", "-flush_packets", "1")

AGAIN_AT_LAST: Final = 30.0
"""Longest time between two tries to open a camera, in seconds. Each try that brings nothing doubles the time."""

SILENT_SECONDS: Final = 10.0
"""A camera without a picture for this long is opened anew."""

READ_BYTES: Final = 256 * 1024
GROUP_BYTES: Final = 16 * 1024 * 1024
"""Most bytes held of a camera since a key frame; beyond that nothing is held until the next one."""


class Worker(ABC):
    """A thread that ends after its present step once it is stopped."""

    def __init__(self, *, tell: Tell) -> None:
        self.tell = tell
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @abstractmethod
    def _run(self) -> None: ...

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.over.set()

    def join(self) -> None:
        """Wait until its program has ended, for some seconds at most: it may hang, or wait for the camera."""
        if self._thread.ident:
            self._thread.join(2 * SECONDS_TO_END)


class Reader(Worker):
    """Reader of one camera. source: "testsrc", a file, a list (.ffconcat), or an rtsp:// address.

    prepare: called each time before the camera is opened; raises CameraRefuses, ValueError or OSError if it can't be.
    was_away: the camera was tried once, and gave nothing or stopped.
    """

    def __init__(self, channel: str, source: str, *, tell: Tell, prepare: Callable[[], None] = lambda: None) -> None:
        super().__init__(tell=tell)
        self.channel = channel
        self.source = source
        self.prepare = prepare
        self.was_away = threading.Event()
        self._lock = threading.Lock()
        self._init: Init | None = None
        self._group: list[Frame] = []
        self._gave = False
        self._ahead = 0.0
        self._feeds: list[Feed] = []

    def at_hand(self) -> list[Init | Frame]:
        """Return the decoder's settings and the pictures since the last key frame; [] while the camera is away."""
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
        while not self.over.is_set():
            self._gave = False
            self._open()
            self.was_away.set()
            wait = AGAIN_AFTER if self._gave else min(2 * wait, AGAIN_AT_LAST)
            self.over.wait(wait)

    def _open(self) -> None:
        program = ffmpeg()
        try:
            self.prepare()
            if program:
                self._read(program_command(program, *read_from(self.source), *FRAGMENTED, "pipe:1"))
        except (CameraRefuses, NotVideo, FrameTooLarge, OSError, ValueError) as failure:
            self.tell(f"{self.channel}: {failure}")
        else:
            if not self._gave and not self.over.is_set():
                self.tell(f"{self.channel}: gives no picture")

    def _read(self, told: list[str]) -> None:
        fragments = Fragments()
        with subprocess.Popen(told, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            try:
                for part in self._parts(cast("IO[bytes]", process.stdout)):
                    for item in fragments.feed(part):
                        self._take(item)
            finally:
                end_program(process)
                self._lose()

    def _parts(self, output: IO[bytes]) -> Iterator[bytes]:
        pipe, heard = output.fileno(), time.monotonic()
        while not self.over.is_set() and time.monotonic() - heard < SILENT_SECONDS:
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


OUTPUT_BYTES: Final = 64 * 1024
GIVEN: Final = (
    *("-threads", "1", "-analyzeduration", "0", "-fpsprobesize", "0"),
    *("-f", "mp4", "-i", "pipe:0", "-map", "0:v:0"),
)
"""Options of a program that reads pictures from its standard input at once, without probing their format."""


class Consumer(Worker):
    """One consumer of pictures. what: its product, as its owner reads it, such as "the recording of front"."""

    room: ClassVar[Room] = LIVE

    def __init__(self, reader: Reader, what: str, *, tell: Tell) -> None:
        super().__init__(tell=tell)
        self.reader = reader
        self.what = what
        self.feed = Feed([])
        self._told = 0

    @abstractmethod
    def take(self, init: Init, pictures: Iterator[Frame | None]) -> None:
        """Consume pictures from a key frame on; None is a pause. It is called again after an early end or OSError."""

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
    """An ffmpeg that gets a camera's pictures at its standard input. told: the rest of its arguments."""

    def __init__(self, reader: Reader, what: str, told: Sequence[str], *, tell: Tell) -> None:
        super().__init__(reader, what, tell=tell)
        self.told = told

    def read(self, part: bytes) -> None:
        """Take a part of the ffmpeg's standard output, which this class ignores."""

    def take(self, init: Init, pictures: Iterator[Frame | None]) -> None:
        """Run the ffmpeg until the pictures end, or it ends. Raises OSError if it can't be run."""
        program = ffmpeg()
        if not program:
            raise OSError("there is no ffmpeg")
        told = program_command(program, *GIVEN, *self.told)
        with subprocess.Popen(told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            os.set_blocking(cast("IO[bytes]", process.stdin).fileno(), False)
            try:
                for item in chain([init], pictures):
                    if not self._pass_on(process, item.box if item else b""):
                        return
            except BrokenPipeError:
                return
            finally:
                cast("IO[bytes]", process.stdin).close()
                end_program(process)

    def _pass_on(self, process: subprocess.Popen[bytes], box: bytes) -> bool:
        """Write a box to the ffmpeg's input, and read its output. True while it continues."""
        given, output = (cast("IO[bytes]", pipe).fileno() for pipe in (process.stdin, process.stdout))
        left = memoryview(box)
        while not self.over.is_set():
            written, takes, _ = select.select([output], [given] if left else [], [], LOOK_EVERY if left else 0)
            if written:
                part = os.read(output, OUTPUT_BYTES)
                if not part:
                    return False
                self.read(part)
            if takes:
                left = left[os.write(given, left) :]
            if not left and not written:
                return True
        return False


SECONDS_TO_TAKE: Final = 8
NEARLY: Final = 0.5
"""Seconds by which a still may be older than the last picture: times are those of decoding, pictures show later."""

FITS: Final = f"scale='min({SNAPSHOT_SIDE},iw)':'min({SNAPSHOT_SIDE},ih)':force_original_aspect_ratio=decrease"
"""Filter: no larger than the portal keeps a still. A picture of 4K would have more bytes than the portal takes."""

JPEG: Final = ("-vf", FITS, "-frames:v", "1", "-q:v", "3", "-f", "image2pipe", "-c:v", "mjpeg", "pipe:1")


class NoPicture(Exception):
    """The camera gives no picture."""


class TooSlow(NoPicture):
    """The pictures take too long to decode."""


def newest_still(reader: Reader) -> bytes:
    """Return a JPEG of a camera's latest picture, from the pictures that its reader has at hand. Raises NoPicture.

    The camera is not asked: many let nobody else in during a stream. If all pictures since the last key frame take too
    long to decode, as 250 pictures of 4K do on a small device, the key frame itself is the still.
    """
    at_hand = reader.at_hand()
    frames = [each for each in at_hand if isinstance(each, Frame)]
    if not frames:
        raise NoPicture("the camera gives none")
    passed = max(0.0, frames[-1].at - frames[0].at - NEARLY)
    given = ("-f", "mp4", "-i", "pipe:0")
    try:
        return _made(*given, "-ss", f"{passed:.3f}", video=b"".join(each.box for each in at_hand))
    except TooSlow:
        return _made(*given, video=b"".join(each.box for each in at_hand[:2]))


def opened_still(source: str) -> bytes:
    """Return a JPEG of a camera that no process reads now, by opening its source. Raises NoPicture."""
    return _made(*input_of(source))


def _made(*told: str, video: bytes = b"") -> bytes:
    program = ffmpeg()
    if not program:
        raise NoPicture("there is no ffmpeg")
    command = [program, "-nostdin", "-loglevel", "error", *told, *JPEG]
    try:
        done = subprocess.run(command, input=video, capture_output=True, check=False, timeout=SECONDS_TO_TAKE)
    except subprocess.TimeoutExpired as error:
        raise TooSlow(type(error).__name__) from error
    except OSError as error:
        raise NoPicture(type(error).__name__) from error
    if done.returncode or not done.stdout:
        raise NoPicture(f"ffmpeg ended with {done.returncode}")
    return done.stdout
