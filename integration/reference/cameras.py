"""The cameras of one CORE at work: each is opened once, inspected while it runs, and asked for its health.

Inspecting costs little: for each camera one ffmpeg decodes only key frames, into a small gray copy, which is then
deleted; the portal gets one word. Black and frozen are as in ffmpeg's blackdetect and freezedetect. Covered is a
picture with nearly no edges, compared to the camera's usual pictures.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from integration.live.video.fragments import Frame, Init
from integration.reference.device import AGAIN_AFTER, Tell
from integration.reference.onvif import CameraRefuses
from integration.reference.reader import LOOK_EVERY, Program, Reader, Room
from integration.reference.recordings import Recorder
from integration.reference.sources import Logins, Wanted

WIDTH: Final = 320
HEIGHT: Final = 180
LASTS: Final = 20.0
"""Seconds that a fault lasts until it counts as a problem: a truck before the lens does not last so long."""

BLACK_LEVEL: Final = 26
BLACK_SHARE: Final = 0.98
STILL: Final = 0.25
"""Average difference of two pictures, of 255 levels, below which nothing moves. A sensor's noise alone is more."""

STILL_ANYWHERE: Final = 2.0
"""Largest difference in one place of a still picture: if an encoder swallows noise, a clock in its corner moves."""

PLACE: Final = 20
BLOCK: Final = 4
PLAIN: Final = 1.5
"""Average difference of neighboring blocks, in levels, below which a picture may be covered."""

OF_USUAL: Final = 0.35
USUAL_MOVES: Final = 0.02

Gray = NDArray[np.uint8]
"""A picture of HEIGHT x WIDTH levels from 0 to 255."""


class Inspection:
    """Inspection of one camera for faults. lasts: seconds until a fault counts as a problem."""

    def __init__(self, *, lasts: float = LASTS) -> None:
        self.lasts = lasts
        self.problem = ""
        self._usual: float | None = None
        self._seen = ""
        self._since = 0.0
        self._still: Gray | None = None

    def look(self, picture: Gray, *, at: float) -> str:
        """Inspect a picture; return "black", "covered", "frozen", or "". at: seconds of the same clock each time."""
        seen = self._kind(picture)
        if seen != self._seen:
            self._seen, self._since = seen, at
        if not seen:
            self.problem = ""
        elif at - self._since >= self.lasts:
            self.problem = seen
        return self.problem

    def _kind(self, picture: Gray) -> str:
        edges = detail(picture)
        is_still = self._is_still(picture)
        if float((picture < BLACK_LEVEL).mean()) >= BLACK_SHARE:
            return "black"
        if edges < (PLAIN if self._usual is None else min(PLAIN, OF_USUAL * self._usual)):
            return "covered"
        if is_still:
            return "frozen"
        self._usual = edges if self._usual is None else self._usual + USUAL_MOVES * (edges - self._usual)
        return ""

    def _is_still(self, picture: Gray) -> bool:
        """Compare with the picture since which nothing moved, not with the last one: dusk is slow, and no fault."""
        before = self._still
        if before is not None:
            places = _blocks(np.abs(picture.astype(np.int16) - before), PLACE)
            if places.mean() < STILL and places.max() < STILL_ANYWHERE:
                return True
        self._still = picture
        return False


def detail(picture: Gray) -> float:
    """Return by how many levels neighboring blocks of a picture differ. Single pixels would differ by noise."""
    blocks = _blocks(picture, BLOCK)
    return float(np.abs(np.diff(blocks, axis=0)).mean() + np.abs(np.diff(blocks, axis=1)).mean())


def _blocks(picture: NDArray[np.integer[Any]], side: int) -> NDArray[np.float64]:
    rows, columns = picture.shape
    means: NDArray[np.float64] = picture.reshape(rows // side, side, columns // side, side).mean(axis=(1, 3))
    return means


FIRST_SEEN_WITHIN: Final = 5.0
"""Seconds that the first report waits, so that no camera counts as lost before it was inspected."""

LOOKED_AT_WITHIN: Final = 30.0
"""Seconds of pictures for which a camera counts as running, uninspected: a decoder may wait for some key frames."""

ASKED_EVERY: Final = 30.0
RECORDED_EVERY: Final = 5.0
"""Seconds between two questions to a camera about itself (above), and between two looks at recordings on the disk."""

LARGEST_DRIFT: Final = 60.0
"""Seconds by which a camera's clock may be off: beyond that its recordings show a wrong time."""

LEAST_FREE: Final = 256 * 1024 * 1024
GRAY: Final = ("-vf", f"scale={WIDTH}:{HEIGHT},format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1")


class Inspector(Program):
    """Inspector of one camera. shown: the problem after `lasts` seconds, or "". was_seen: it ever gave a picture."""

    room: ClassVar[Room] = Room(2, 16 * 1024 * 1024, keys=True)

    def __init__(self, reader: Reader, *, lasts: float, tell: Tell) -> None:
        super().__init__(reader, f"looking at {reader.channel}", GRAY, tell=tell)
        self.lasts = lasts
        self.is_running = False
        self.was_seen = False
        self.shown = ""
        self._inspection = Inspection(lasts=lasts)
        self._gray = bytearray()

    def take(self, init: Init, pictures: Iterator[Frame | None]) -> None:
        self._inspection = Inspection(lasts=self.lasts)
        self._gray.clear()
        try:
            super().take(init, pictures)
        finally:
            self.is_running, self.shown = False, ""

    def read(self, part: bytes) -> None:
        self._gray += part
        while len(self._gray) >= WIDTH * HEIGHT:
            gray = np.frombuffer(bytes(self._gray[: WIDTH * HEIGHT]), np.uint8).reshape(HEIGHT, WIDTH)
            del self._gray[: WIDTH * HEIGHT]
            self.shown = self._inspection.look(gray, at=time.monotonic())
            self.is_running = self.was_seen = True


class Camera:
    """Camera of one channel. asked: problems that it tells by ONVIF. recorded: problems of our recording of it."""

    def __init__(self, channel: str, wanted: Wanted, folder: Path, logins: Logins, *, lasts: float, tell: Tell) -> None:
        self.channel = channel
        self.wanted = wanted
        self.is_drawn = wanted.text == "testsrc"
        self.logins = logins
        self.source = wanted.source(folder / channel, logins)
        self.reader = Reader(channel, self.source, tell=tell, prepare=partial(wanted.open, self.source, logins))
        self.inspector = Inspector(self.reader, lasts=lasts, tell=tell)
        self.asked: set[str] = set()
        self.recorded: set[str] = set()
        self.recorded_at = float("-inf")

    @property
    def picture(self) -> str:
        return "running" if self.is_drawn or self.inspector.is_running or self._is_first_seen_soon() else "lost"

    @property
    def was_tried(self) -> bool:
        return self.is_drawn or self.inspector.was_seen or self.reader.was_away.is_set()

    def _is_first_seen_soon(self) -> bool:
        if self.inspector.was_seen:
            return False
        newest = self.reader.at_hand()[-1:]
        return any(isinstance(each, Frame) and each.at < LOOKED_AT_WITHIN for each in newest)


class Cameras:
    """All cameras of a CORE. ahead: returns by how many seconds the portal's time is ahead of our clock."""

    def __init__(
        self,
        wanted: Mapping[str, Wanted],
        folder: Path,
        logins: Logins,
        *,
        tell: Tell,
        lasts: float = LASTS,
        ahead: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._cameras = [
            Camera(channel, one, folder, logins, lasts=lasts, tell=tell) for channel, one in wanted.items()
        ]
        self.tell = tell
        self.ahead = ahead
        self.recorder: Recorder | None = None
        self._said: list[dict[str, Any]] = []
        self._ended = threading.Event()
        self._asking: list[threading.Thread] = []

    @property
    def readers(self) -> dict[str, Reader]:
        return {camera.channel: camera.reader for camera in self._cameras}

    @property
    def sources(self) -> dict[str, str]:
        return {camera.channel: camera.source for camera in self._cameras}

    def start(self) -> None:
        """Open and inspect each camera; return once each was inspected or gave nothing, or after some seconds."""
        onvif = [each for each in self._cameras if each.wanted.is_onvif]
        self._asking = [threading.Thread(target=self._ask, args=(each,), daemon=True) for each in onvif]
        for each in self._cameras:
            each.reader.start()
            if not each.is_drawn:
                each.inspector.start()
        for thread in self._asking:
            thread.start()
        until = time.monotonic() + FIRST_SEEN_WITHIN
        while time.monotonic() < until and not all(each.was_tried for each in self._cameras):
            time.sleep(LOOK_EVERY / 10)

    def stop(self) -> None:
        self._ended.set()
        for each in self._cameras:
            each.inspector.stop()
            each.reader.stop()
        for each in self._cameras:
            each.inspector.join()
            each.reader.join()
        for thread in self._asking:
            thread.join(AGAIN_AFTER)

    def channels(self) -> list[dict[str, Any]]:
        """Return the report of each channel, and keep it, so that `has_news` compares with it."""
        self._said = self._found()
        return self._said

    def has_news(self) -> bool:
        return self._found() != self._said

    def _found(self) -> list[dict[str, Any]]:
        return [
            {
                "channel": each.channel,
                "picture": each.picture,
                "problems": sorted({*each.asked, *self._of_recorder(each), *filter(None, [each.inspector.shown])}),
            }
            for each in self._cameras
        ]

    def _of_recorder(self, camera: Camera) -> set[str]:
        if self.recorder is None or not self.recorder.records(camera.channel):
            return set()
        if time.monotonic() - camera.recorded_at >= RECORDED_EVERY:
            camera.recorded_at = time.monotonic()
            folder = self.recorder.folder
            if folder.exists() and shutil.disk_usage(folder).free < LEAST_FREE:
                camera.recorded = {"disk"}
            else:
                # A lost camera can't be recorded, and is reported already.
                is_due = camera.picture == "running" and self.recorder.is_stopped(camera.channel, time.time())
                camera.recorded = {"recording"} if is_due else set()
        return camera.recorded

    def _ask(self, camera: Camera) -> None:
        while not self._ended.is_set():
            try:
                onvif = camera.wanted.onvif(camera.logins.of(camera.wanted.host))
                is_wrong = {
                    "clock": abs(onvif.look_at_clock() - self.ahead()) > LARGEST_DRIFT,
                    "recording": onvif.is_recording() is False,
                }
                camera.asked = {problem for problem, is_there in is_wrong.items() if is_there}
            except (CameraRefuses, ValueError) as failure:
                camera.asked = set()
                self.tell(f"{camera.channel}: {failure}")
            self._ended.wait(ASKED_EVERY)
