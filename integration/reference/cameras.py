"""The cameras of one CORE at work: each is opened, looked at while it runs, and asked how it is.

Looking costs little: one ffmpeg for each camera decodes its key frames alone, into a small gray copy. Nothing of it is
kept or sent; what goes to the portal is a word.
"""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from fusus_portal.ground.video.program import ffmpeg
from integration.reference.inspection import HEIGHT, LASTS, WIDTH, Inspection
from integration.reference.onvif.camera import OnvifCamera
from integration.reference.onvif.soap import CameraRefuses
from integration.reference.programs import AGAIN_AFTER, Tell, command, end
from integration.reference.recorder import Recorder
from integration.reference.sources import Logins, Wanted, input_of

AGAIN_AT_LAST: Final = 30.0
FIRST_SEEN_WITHIN: Final = 5.0
"""So long a first report waits, so that no camera is called lost that was not looked at."""

ASKED_EVERY: Final = 30.0
RECORDED_EVERY: Final = 5.0
"""Seconds between two looks at what a camera says of itself, and at the recordings on the disk."""

LARGEST_DRIFT: Final = 60.0
"""Seconds by which the clock of a camera may be off: beyond that its recordings are of another time."""

LEAST_FREE: Final = 256 * 1024 * 1024
GRAY: Final = f"scale={WIDTH}:{HEIGHT},format=gray"


class Camera:
    """One channel. picture: "running" or "lost". asked: what it says of itself, by ONVIF; recorded: what the disk says.

    was_seen: it was looked at once, with a picture or without.
    """

    def __init__(self, channel: str, wanted: Wanted, folder: Path, logins: Logins, *, lasts: float) -> None:
        self.channel = channel
        self.wanted = wanted
        self.logins = logins
        self.source = wanted.source(folder / channel, logins)
        self.lasts = lasts
        self.picture = "running" if self.is_drawn else "lost"
        self.shown = ""
        self.was_seen = threading.Event()
        self.asked: set[str] = set()
        self.recorded: set[str] = set()
        self.recorded_at = float("-inf")
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    @property
    def is_drawn(self) -> bool:
        """Whether it is the test picture, which is as it should be."""
        return self.wanted.text == "testsrc"

    def open(self) -> None:
        """Find out where it streams. Raises CameraRefuses, and ValueError for a file of logins that can't be used."""
        self.wanted.open(self.source, self.logins)

    def look(self) -> None:
        """Look at it until it gives no picture any more."""
        inspection = Inspection(lasts=self.lasts)
        size = WIDTH * HEIGHT
        told = ["-skip_frame", "nokey", *input_of(self.source), "-map", "0:v:0"]
        told += ["-vf", GRAY, "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"]
        program = command(ffmpeg() or "ffmpeg", *told)
        with subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as self._process:
            output = self._process.stdout
            if self._is_closed:
                self.close()
            try:
                while output is not None and len(raw := output.read(size)) == size:
                    gray = np.frombuffer(raw, np.uint8).reshape(HEIGHT, WIDTH)
                    self.shown = inspection.look(gray, at=time.monotonic())
                    self.picture = "running"
                    self.was_seen.set()
            finally:
                self.picture, self.shown = "lost", ""
                end(self._process)

    def ask(self, *, ahead: float) -> None:
        """Ask it how its clock and its recording are. ahead: by how many seconds the right time is ahead of ours."""
        if not self.wanted.is_onvif:
            return
        camera = self.wanted.onvif(self.logins.of(self.wanted.host))
        self.asked = {*_of_clock(camera, ahead), *_of_recording(camera)}

    def close(self) -> None:
        """Look no more."""
        self._is_closed = True
        if self._process is not None:
            self._process.terminate()


class Cameras:
    """All of them. ahead: by how many seconds the right time is ahead of ours, as the portal says."""

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
        self._cameras = [Camera(channel, one, folder, logins, lasts=lasts) for channel, one in wanted.items()]
        self.tell = tell
        self.ahead = ahead
        self.recorder: Recorder | None = None
        self._said: list[dict[str, Any]] = []
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def sources(self) -> dict[str, str]:
        """The source of each channel, the same from the beginning on."""
        return {camera.channel: camera.source for camera in self._cameras}

    def start(self) -> None:
        """Look at each of them, in threads of their own; return once each was seen, or after some seconds."""
        real = [each for each in self._cameras if not each.is_drawn]
        looked = [threading.Thread(target=self._look, args=(each,), daemon=True) for each in real]
        onvif = [each for each in real if each.wanted.is_onvif]
        asked = [threading.Thread(target=self._ask, args=(each,), daemon=True) for each in onvif]
        self._threads = [*looked, *asked]
        for thread in self._threads:
            thread.start()
        until = time.monotonic() + FIRST_SEEN_WITHIN
        for each in real:
            each.was_seen.wait(max(until - time.monotonic(), 0.0))

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        for camera in self._cameras:
            camera.close()
        for thread in self._threads:
            thread.join(AGAIN_AFTER)

    def channels(self) -> list[dict[str, Any]]:
        """Return what the portal is told of each, and take it as told."""
        self._said = self._found()
        return self._said

    def has_news(self) -> bool:
        """Tell whether something is other than it was told last."""
        return self._found() != self._said

    def _found(self) -> list[dict[str, Any]]:
        return [
            {"channel": each.channel, "picture": each.picture, "problems": sorted(self._problems(each))}
            for each in self._cameras
        ]

    def _problems(self, camera: Camera) -> set[str]:
        return camera.asked | ({camera.shown} if camera.shown else set()) | self._of_recorder(camera)

    def _of_recorder(self, camera: Camera) -> set[str]:
        if self.recorder is None or not self.recorder.records(camera.channel):
            return set()
        if time.monotonic() - camera.recorded_at >= RECORDED_EVERY:
            camera.recorded_at = time.monotonic()
            if _is_full(self.recorder.folder):
                camera.recorded = {"disk"}
            else:
                # Of a camera that gives no picture nothing can be recorded, and that is said already.
                is_due = camera.picture == "running" and self.recorder.is_stopped(camera.channel, time.time())
                camera.recorded = {"recording"} if is_due else set()
        return camera.recorded

    def _look(self, camera: Camera) -> None:
        wait = AGAIN_AFTER
        while not self._ended.is_set():
            began = time.monotonic()
            try:
                camera.open()
                camera.look()
                self.tell(f"{camera.channel}: gives no picture")
            except (CameraRefuses, ValueError, OSError) as failure:
                self.tell(f"{camera.channel}: {failure}")
            camera.was_seen.set()
            lasted = time.monotonic() - began
            wait = AGAIN_AFTER if lasted > AGAIN_AT_LAST else min(2 * wait, AGAIN_AT_LAST)
            self._ended.wait(wait)

    def _ask(self, camera: Camera) -> None:
        while not self._ended.is_set():
            try:
                camera.ask(ahead=self.ahead())
            except (CameraRefuses, ValueError) as failure:
                camera.asked = set()
                self.tell(f"{camera.channel}: {failure}")
            self._ended.wait(ASKED_EVERY)


def _of_clock(camera: OnvifCamera, ahead: float) -> set[str]:
    return {"clock"} if abs(camera.look_at_clock() - ahead) > LARGEST_DRIFT else set()


def _of_recording(camera: OnvifCamera) -> set[str]:
    return {"recording"} if camera.is_recording() is False else set()


def _is_full(folder: Path) -> bool:
    return folder.exists() and shutil.disk_usage(folder).free < LEAST_FREE
