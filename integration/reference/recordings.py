"""Clips of a CORE's recordings, sent by tus, piece by piece, and resumed after a broken line.

A clip is cut from the recorder's pieces. Without a recorder there is no recording of a camera; a clip of the test
picture, or of a file, is made on request.
"""

import base64
import hashlib
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fusus_portal.ground.video.program import ffmpeg
from integration.reference import pattern
from integration.reference.calls import Calls, NotNow
from integration.reference.programs import Tell
from integration.reference.recorder import Recorder
from integration.reference.sources import is_stream

PIECE = 1024 * 1024
PIECES_AT_ONCE = 8
"""Pieces sent at once, so that other orders do not wait."""

MADE_PER_SECOND = 5
CODED = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50"]
SECONDS_TO_CUT = 300
MADE_MINUTES = 60
"""Age of recordings that is reported for sources whose clips are made on request."""


class Recordings:
    """Clips on request. folder: where they wait to be sent. cameras: the source of each channel."""

    def __init__(
        self,
        calls: Calls,
        cameras: Mapping[str, str],
        folder: Path,
        *,
        recorder: Recorder | None,
        tell: Tell,
    ) -> None:
        self.calls = calls
        self.cameras = cameras
        self.folder = folder
        self.recorder = recorder
        self.tell = tell

    def minutes(self) -> int:
        """Return how far back a clip of any camera reaches, in minutes: 0 if one of them is not recorded."""
        makes = [_is_made(source) for channel, source in self.cameras.items() if not self._records(channel)]
        if not all(makes):
            return 0
        return self.recorder.bounds.minutes if self.recorder else MADE_MINUTES

    def send(self, order: Mapping[str, Any]) -> bool:
        """Send the next pieces of a clip, or report its absence. True once it is complete. Raises NotNow, NotLetIn."""
        recorder = self.recorder
        if recorder and self._records(order["channel"]) and not recorder.is_ready(order["channel"], order["to"]):
            return False
        clip = self._cut(order)
        if clip is None:
            self.calls.call(f"clips/{order['id']}/none", {})
            self.tell(f"has no recording of {order['channel']}")
            return True
        sha256 = base64.b64encode(_hash(clip).encode()).decode()
        size = clip.stat().st_size
        offset = self.calls.tus("POST", order["tus"], Upload_Length=str(size), Upload_Metadata=f"sha256 {sha256}")
        with clip.open("rb") as file:
            file.seek(offset)
            for _number in range(PIECES_AT_ONCE):
                piece = file.read(PIECE)
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
        command = [ffmpeg(), "-nostdin", "-loglevel", "error", "-y", *how, "-t", str(order["to"] - order["from"])]
        command += ["-an", *CODED, "-movflags", "+faststart", str(target)]
        return subprocess.run(command, capture_output=True, check=False, timeout=SECONDS_TO_CUT).returncode == 0

    def _records(self, channel: str) -> bool:
        return self.recorder is not None and self.recorder.records(channel)


def _is_made(source: str) -> bool:
    return source == "testsrc" or (Path(source).is_file() and not is_stream(source))


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
