"""Recording: pieces on the CORE's own disk, the oldest go first, and clips of them, sent by tus and resumed.

A recording leaves the CORE only as a clip that its owner asked to see, or that the camera's rule gives. A clip of the
test picture, or of a file, is made on request and needs no recorder.
"""

import base64
import hashlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, ClassVar, Final

from fusus_portal.ground.pictures.video import ffmpeg
from integration.live.video.fragments import Fragments, Frame, Init
from integration.reference import pattern
from integration.reference.calls import Calls, NotNow
from integration.reference.device import Tell
from integration.reference.reader import Consumer, Reader, Room
from integration.reference.sources import HELD

PIECE_SECONDS: Final = 10
KEY_WITHIN: Final = 60
"""Seconds without a key frame until a piece ends all the same: a piece that never ended could never be removed."""

STOPPED_AFTER: Final = 30.0
"""A recording without a write for this many seconds counts as stopped."""

SECONDS_TO_CUT: Final = 120.0
ONLY_ITS_USER: Final = 0o700
ENDING: Final = ".mp4"
ENDED_BEFORE: Final = ".ts"
"""Ending of pieces of an earlier version, which are named by Unix seconds. They are no longer read."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of the recordings. minutes: their age. size: bytes of all cameras' recordings together."""

    minutes: int
    size: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A recorded stretch of one camera, as Unix seconds. is_open: it is still being written."""

    file: Path
    begins: float
    ends: float
    is_open: bool


class Recording(Consumer):
    """Recording of one camera, in files named by the arrival of their first picture, in Unix milliseconds."""

    room: ClassVar[Room] = Room(1800, 32 * 1024 * 1024, keeps=True)
    """Room enough to lose nothing while a disk is slow for some seconds."""

    def __init__(self, reader: Reader, folder: Path, *, tell: Tell) -> None:
        super().__init__(reader, f"the recording of {reader.channel}", tell=tell)
        self.folder = folder
        self.written: Path | None = None

    def take(self, init: Init, pictures: Iterator[Frame | None]) -> None:
        """Write pieces, each from a key frame on. Raises OSError if the disk fails."""
        self.folder.mkdir(mode=ONLY_ITS_USER, parents=True, exist_ok=True)
        self.tell(f"records {self.reader.channel}")
        frames = (frame for frame in pictures if frame)
        first = _first_key(frames)
        while first:
            first = self._write(init, first, frames)

    def _write(self, init: Init, first: Frame, frames: Iterator[Frame]) -> Frame | None:
        began = keyed = self.feed.came
        self.written = self.folder / f"{began * 1000:.0f}{ENDING}"
        try:
            with self.written.open("wb") as file:
                file.write(init.box + first.box)
                for frame in frames:
                    came = self.feed.came
                    # The clock of the device may be set back meanwhile.
                    if frame.is_key and abs(came - began) >= PIECE_SECONDS:
                        return frame
                    if abs(came - keyed) >= KEY_WITHIN:
                        self.tell(f"{self.what} waits for a key frame")
                        break
                    keyed = came if frame.is_key else keyed
                    file.write(frame.box)
                    file.flush()
                    # A piece ends with its last picture, even after waiting for a slow disk.
                    os.utime(file.fileno(), (came, came))
        except OSError:
            # An empty file would look as if something had been recorded just now.
            if not _size(self.written):
                self.written.unlink(missing_ok=True)
            raise
        finally:
            self.written = None
        return _first_key(frames)


class Recorder:
    """Recordings of one CORE's cameras. The test picture is not recorded."""

    def __init__(self, readers: Mapping[str, Reader], folder: Path, bounds: Bounds, *, tell: Tell) -> None:
        self.folder = folder
        self.bounds = bounds
        real = {channel: reader for channel, reader in readers.items() if reader.source != "testsrc"}
        self._of = {channel: Recording(reader, folder / channel, tell=tell) for channel, reader in real.items()}
        self._since = float("inf")

    def records(self, channel: str) -> bool:
        return channel in self._of

    def start(self) -> None:
        """Record all cameras. Delete recordings of an earlier version: nothing can read or delete them otherwise."""
        for file in self.folder.glob(f"*/*{ENDED_BEFORE}"):
            if file.stem.isdigit():
                file.unlink(missing_ok=True)
        self._since = time.time()
        for recording in self._of.values():
            recording.start()

    def tidy(self, now: float) -> None:
        """Delete pieces that are too old, then the oldest until all others have room. Pieces being written stay."""
        pieces = sorted((each for channel in self._of for each in self.pieces(channel)), key=lambda each: each.begins)
        held = sum(_size(piece.file) for piece in pieces)
        for piece in pieces:
            if piece.is_open:
                continue
            if piece.ends >= now - self.bounds.minutes * 60 and held <= self.bounds.size:
                break
            held -= _size(piece.file)
            piece.file.unlink(missing_ok=True)

    def stop(self) -> None:
        for recording in self._of.values():
            recording.stop()
        for recording in self._of.values():
            recording.join()

    def pieces(self, channel: str) -> list[Piece]:
        """Return the pieces of a camera, oldest first. Each ends when the next one begins, or at its last write."""
        recording = self._of[channel]
        files = sorted((each for each in recording.folder.glob(f"*{ENDING}") if each.stem.isdigit()), key=_begins)
        open_one = recording.written
        found: list[Piece] = []
        for file, following in zip_longest(files, files[1:]):
            begins, written = _begins(file), _written(file)
            # A pause of the camera leaves a gap, which does not belong to the piece before it.
            ends = written if following is None else min(_begins(following), written + 1)
            found.append(Piece(file, begins, max(ends, begins), file == open_one))
        return found

    def is_ready(self, channel: str, end: float) -> bool:
        return not any(piece.is_open and piece.begins < end for piece in self.pieces(channel))

    def is_stopped(self, channel: str, now: float) -> bool:
        """True if a camera's recording should run, and wrote nothing for half a minute."""
        written = max((_written(piece.file) for piece in self.pieces(channel)), default=0.0)
        return now - max(written, self._since) > STOPPED_AFTER

    def cut(self, channel: str, begin: float, end: float, target: Path) -> bool:
        """Write a recorded stretch into an MP4, from the key frame before it. False if none of it is recorded."""
        reached = [piece for piece in self.pieces(channel) if piece.begins < end and piece.ends > begin]
        # A loss of power leaves empty files, and ffmpeg stops at them.
        found = [piece for piece in reached if _size(piece.file)]
        if not found:
            return False
        listed, first = target.with_suffix(".txt"), target.with_suffix(".first")
        try:
            found[0] = _from_key_frame(found[0], begin, first)
            lines = [f"file '{piece.file.resolve()}'\nduration {piece.ends - piece.begins:.3f}" for piece in found]
            listed.write_text("\n".join(["ffconcat version 1.0", *lines]) + "\n", encoding="utf-8")
            length = min(end, found[-1].ends) - found[0].begins
            how = ["-f", "concat", "-safe", "0", "-i", str(listed), "-map", "0:v:0", "-c", "copy"]
            return _made(target, *how, length=f"{length:.3f}", within=SECONDS_TO_CUT)
        finally:
            listed.unlink(missing_ok=True)
            first.unlink(missing_ok=True)


def _first_key(frames: Iterator[Frame]) -> Frame | None:
    return next((frame for frame in frames if frame.is_key), None)


def _from_key_frame(piece: Piece, begin: float, target: Path) -> Piece:
    try:
        init, *frames = Fragments().feed(piece.file.read_bytes())
    except ValueError:
        return piece  # cut off by a loss of power; ffmpeg reads what it can
    keys = [(place, frame) for place, frame in enumerate(frames) if isinstance(frame, Frame) and frame.is_key]
    if not keys:
        return piece
    place, key = [each for each in keys if piece.begins + each[1].at <= max(begin, piece.begins)][-1]
    target.write_bytes(b"".join(each.box for each in [init, *frames[place:]]))
    return Piece(target, piece.begins + key.at, max(piece.ends, piece.begins + key.at), piece.is_open)


def _made(target: Path, *how: str, length: str, within: float) -> bool:
    """Make an MP4 by ffmpeg; return False if it fails. length, within: seconds, of the MP4 and for making it."""
    command = [ffmpeg(), "-nostdin", "-loglevel", "error", "-y", *how, "-t", length, "-movflags", "+faststart"]
    return subprocess.run([*command, str(target)], capture_output=True, check=False, timeout=within).returncode == 0


def _begins(file: Path) -> float:
    return int(file.stem) / 1000


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _written(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


SENT_BYTES = 1024 * 1024
SENT_AT_ONCE = 8
"""Parts of a clip that are sent in a row. Then other orders have their turn."""

MADE_PER_SECOND = 5
CODED = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50"]
SECONDS_TO_MAKE = 300
MADE_MINUTES = 60
"""Minutes back that are reported as recorded for sources whose clips are made on request."""


@dataclass(eq=False, slots=True)
class Recordings:
    """Clips that orders ask for. folder: where clips wait to be sent. cameras: the source of each channel."""

    calls: Calls
    cameras: Mapping[str, str]
    folder: Path
    recorder: Recorder | None
    tell: Tell

    def minutes(self) -> int:
        """Return for how many minutes back any camera has clips: 0 if one of them has no recording."""
        makes = [_is_made(source) for channel, source in self.cameras.items() if not self._records(channel)]
        if not all(makes):
            return 0
        return self.recorder.bounds.minutes if self.recorder else MADE_MINUTES

    def send(self, order: Mapping[str, Any]) -> bool:
        """Send parts of a clip, or report that it was never recorded. True when done. Raises NotNow, NotLetIn."""
        recorder = self.recorder
        if recorder and self._records(order["channel"]) and not recorder.is_ready(order["channel"], order["to"]):
            return False
        clip = self._cut(order)
        if clip is None:
            self.calls.call(f"clips/{order['id']}/none", {})
            self.tell(f"has no recording of {order['channel']}")
            return True
        size = clip.stat().st_size
        with clip.open("rb") as file:
            sha256 = base64.b64encode(hashlib.file_digest(file, "sha256").hexdigest().encode()).decode()
            offset = self.calls.tus("POST", order["tus"], Upload_Length=str(size), Upload_Metadata=f"sha256 {sha256}")
            file.seek(offset)
            for _number in range(SENT_AT_ONCE):
                piece = file.read(SENT_BYTES)
                if not piece:
                    break
                offset = self.calls.tus("PATCH", order["tus"], piece, Upload_Offset=str(offset))
        if offset == size:
            clip.unlink()
            self.tell(f"sent a clip of {order['channel']}")
        return offset == size

    def _cut(self, order: Mapping[str, Any]) -> Path | None:
        made = self.folder / f"{order['id']}.mp4"
        if made.exists():
            return made
        if not ffmpeg():
            return None
        self.folder.mkdir(mode=0o700, exist_ok=True)
        beside = made.with_suffix(".part.mp4")
        try:
            is_there = self._write(order, beside)
        except subprocess.TimeoutExpired as error:
            raise NotNow("the clip takes too long to cut") from error
        if not is_there:
            beside.unlink(missing_ok=True)
            return None
        beside.replace(made)
        return made

    def _write(self, order: Mapping[str, Any], target: Path) -> bool:
        channel = order["channel"]
        if self.recorder and self._records(channel):
            return self.recorder.cut(channel, order["from"], order["to"], target)
        source = self.cameras.get(channel, "")
        if not _is_made(source):
            return False
        how = ["-stream_loop", "-1", "-i", source]
        if source == "testsrc":
            began = datetime.fromtimestamp(order["from"]).astimezone()
            how = pattern.source(began, rate=MADE_PER_SECOND, paced=False)
        return _made(target, *how, "-an", *CODED, length=str(order["to"] - order["from"]), within=SECONDS_TO_MAKE)

    def _records(self, channel: str) -> bool:
        return self.recorder is not None and self.recorder.records(channel)


def _is_made(source: str) -> bool:
    return source == "testsrc" or (Path(source).is_file() and not source.endswith(HELD))
