"""What a CORE has recorded, and how a clip of it is sent: by tus, piece by piece, on from where the line broke.

This one records nothing: of the test picture and of a file it makes the clip when it is asked for. A CORE with a disk
cuts it out of what lies there.
"""

import base64
import hashlib
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from integration.reference.calls import Calls, NotNow
from integration.reference.video import ffmpeg

PIECE = 1024 * 1024
PIECES_AT_ONCE = 8
"""So many pieces go between two polls, so that what else is ordered does not wait."""

TESTSRC = ["-f", "lavfi", "-i", "testsrc=size=640x360:rate=5"]
CODED = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50"]
SECONDS_TO_CUT = 300


class Recordings:
    """The clips that are asked for. folder: where they lie until they are sent. cameras: the source of each channel."""

    def __init__(self, calls: Calls, cameras: Mapping[str, str], folder: Path, *, tell: Callable[[str], None]) -> None:
        self.calls = calls
        self.cameras = cameras
        self.folder = folder
        self.tell = tell

    def send(self, order: Mapping[str, Any]) -> None:
        """Send the next pieces of a clip, or say that there is no such recording. Raises NotNow and NotLetIn."""
        clip = self._cut(order)
        if clip is None:
            self.calls.call(f"clips/{order['id']}/none", {})
            self.tell(f"has no recording of {order['channel']}")
            return
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

    def _cut(self, order: Mapping[str, Any]) -> Path | None:
        source, program = self.cameras.get(order["channel"], ""), ffmpeg()
        made = self.folder / f"{order['id']}.mp4"
        if made.exists():
            return made
        how = _source(source)
        if not program or how is None:
            return None
        self.folder.mkdir(mode=0o700, exist_ok=True)
        beside = made.with_suffix(".part.mp4")
        command = [program, "-nostdin", "-loglevel", "error", "-y", *how, "-t", str(order["to"] - order["from"])]
        command += ["-an", *CODED, "-movflags", "+faststart", str(beside)]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS_TO_CUT)
        except subprocess.TimeoutExpired as error:
            raise NotNow("the clip takes too long to cut") from error
        if done.returncode:
            return None
        beside.replace(made)
        return made


def _source(source: str) -> list[str] | None:
    if source == "testsrc":
        return TESTSRC
    return ["-stream_loop", "-1", "-i", source] if Path(source).is_file() else None


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
