"""A rolling recording of each camera on the CORE's own disk: pieces as the camera coded them, the oldest go first.

It leaves the CORE only as a clip that its owner gave. How far back it reaches, and how much room it takes, is said when
the CORE is started.
"""

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fusus_portal.ground.video.program import ffmpeg
from integration.reference import programs
from integration.reference.programs import AGAIN_AFTER, Tell
from integration.reference.sources import read_from

PIECE_SECONDS: Final = 10
STOPPED_AFTER: Final = 30.0
"""Seconds without anything written until a recording is taken to have stopped."""

SECONDS_TO_CUT: Final = 120.0
ONLY_ITS_USER: Final = 0o700


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is kept. minutes: how far back. size: bytes of all cameras together."""

    minutes: int
    size: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one camera, in seconds of Unix. is_open: it is still being written."""

    file: Path
    begins: float
    ends: float
    is_open: bool


class Recorder:
    """The recordings of one CORE. cameras: the source of each channel; the test picture is not recorded."""

    def __init__(self, cameras: Mapping[str, str], folder: Path, bounds: Bounds, *, tell: Tell) -> None:
        self.sources = {channel: source for channel, source in cameras.items() if source != "testsrc"}
        self.folder = folder
        self.bounds = bounds
        self.tell = tell
        self._running: dict[str, tuple[subprocess.Popen[bytes], float]] = {}
        self._since = float("inf")

    def records(self, channel: str) -> bool:
        """Tell whether a camera is recorded."""
        return channel in self.sources

    def follow(self) -> None:
        """Start what does not run, start again what stopped, and remove what is too old or takes too much room."""
        self._since = min(self._since, time.time())
        for channel in self.sources:
            process, began = self._running.get(channel, (None, 0.0))
            if process is None or (process.poll() is not None and time.monotonic() - began > AGAIN_AFTER):
                self._start(channel)
        self.tidy(time.time())

    def tidy(self, now: float) -> None:
        """Remove what is older than it may be, and then the oldest until the rest has room. What is written stays."""
        closed = [piece for channel in self.sources for piece in self.pieces(channel) if not piece.is_open]
        closed.sort(key=lambda piece: piece.begins)
        held = sum(_size(file) for channel in self.sources for file in self._of(channel).glob("*.ts"))
        for piece in closed:
            if piece.ends >= now - self.bounds.minutes * 60 and held <= self.bounds.size:
                break
            held -= _size(piece.file)
            piece.file.unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop every program. What is recorded stays for the next start."""
        for process, _began in self._running.values():
            programs.end(process)
        self._running.clear()

    def pieces(self, channel: str) -> list[Piece]:
        """Return what there is of a camera, the oldest first. A piece ends where the next begins, or was written."""
        files = sorted((int(file.stem), file) for file in self._of(channel).glob("*.ts") if file.stem.isdigit())
        found = []
        for place, (begins, file) in enumerate(files):
            is_last = place == len(files) - 1
            written = _written(file)
            # A camera that gave nothing for a while left a gap, and none of it belongs to the piece before.
            ends = written if is_last else min(float(files[place + 1][0]), written + 1)
            found.append(Piece(file, float(begins), max(ends, float(begins)), is_last and self._is_running(channel)))
        return found

    def is_ready(self, channel: str, end: float) -> bool:
        """Tell whether everything up to a moment is in pieces that are written to their end."""
        return not any(piece.is_open and piece.begins < end for piece in self.pieces(channel))

    def is_stopped(self, channel: str, now: float) -> bool:
        """Tell whether nothing of a camera is written any more, though it is to be recorded."""
        written = max((_written(file) for file in self._of(channel).glob("*.ts")), default=0.0)
        return now - max(written, self._since) > STOPPED_AFTER

    def cut(self, channel: str, begin: float, end: float, target: Path) -> bool:
        """Write what there is of a stretch into an MP4, from the key frame before it; tell whether there is any."""
        found = [piece for piece in self.pieces(channel) if piece.begins < end and piece.ends > begin]
        if not found:
            return False
        listed = target.with_suffix(".txt")
        lines = [f"file '{piece.file.resolve()}'\nduration {piece.ends - piece.begins:.3f}" for piece in found]
        listed.write_text("\n".join(["ffconcat version 1.0", *lines]) + "\n", encoding="utf-8")
        first = max(0.0, begin - found[0].begins)
        length = min(end, found[-1].ends) - max(begin, found[0].begins)
        command = [ffmpeg(), "-nostdin", "-loglevel", "error", "-y", "-f", "concat", "-safe", "0"]
        command += ["-ss", f"{first:.3f}", "-i", str(listed), "-t", f"{length:.3f}", "-map", "0:v:0", "-c", "copy"]
        command += ["-movflags", "+faststart", str(target)]
        try:
            return subprocess.run(command, capture_output=True, check=False, timeout=SECONDS_TO_CUT).returncode == 0
        finally:
            listed.unlink()

    def _start(self, channel: str) -> None:
        program = ffmpeg()
        if not program:
            self.tell("there is no ffmpeg, so no camera is recorded")
            return
        self._of(channel).mkdir(mode=ONLY_ITS_USER, parents=True, exist_ok=True)
        told = [*read_from(self.sources[channel]), "-f", "segment", "-segment_time", str(PIECE_SECONDS)]
        told += ["-segment_format", "mpegts", "-reset_timestamps", "1"]
        told += ["-strftime", "1", str(self._of(channel) / "%s.ts")]
        process = subprocess.Popen(programs.command(program, *told), stdin=subprocess.DEVNULL)
        self._running[channel] = (process, time.monotonic())
        self.tell(f"records {channel}")

    def _is_running(self, channel: str) -> bool:
        return channel in self._running and self._running[channel][0].poll() is None

    def _of(self, channel: str) -> Path:
        return self.folder / channel


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
