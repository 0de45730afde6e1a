"""First frame of an uploaded video, by ffmpeg in a process with limits, since a file can take over its decoder."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from django.utils import timezone

from fusus_portal.ground.pictures.child import WALL_SECONDS, memory_file


def ffmpeg() -> str:
    """Return the path of the machine's ffmpeg, else of the wheel's, or ""."""
    found = shutil.which("ffmpeg")
    if found or find_spec("imageio_ffmpeg") is None:
        return found or ""
    from imageio_ffmpeg import get_ffmpeg_exe  # noqa: PLC0415  (the machine may have a program, and no wheel)

    return str(get_ffmpeg_exe())


BOUNDED: Final = Path(__file__).with_name("bounded.py")
SIDE: Final = 480
"""Pixels of the first frame's longer side."""

SAID_BYTES: Final = 64 * 1024
"""Bytes of ffmpeg's messages that are read; length and start come before the tags of the streams."""

LENGTH: Final = re.compile(rb"Duration: (\d{2,3}):(\d\d):(\d\d\.\d+)")
START: Final = re.compile(rb"creation_time +: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")
FIRST_YEAR: Final = 2000
"""Earliest year believed. Cameras whose clock is not set write 1904, 1970 or 1980."""

FORMATS: Final = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "image/heic": "mov",
    "video/mp2t": "mpegts",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/x-ms-wmv": "asf",
    "video/x-flv": "flv",
    "video/mpeg": "mpeg",
}
"""ffmpeg's format by content type. Formats that open other files or the network are left out."""


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """First frame of a video, and the file's own facts. jpeg: empty if unreadable. seconds: length of the video.

    recorded_at: start by the camera's clock. seconds and recorded_at are None if unknown.
    """

    jpeg: bytes = b""
    seconds: int | None = None
    recorded_at: datetime | None = None


def first_frame(path: Path, *, content_type: str) -> FirstFrame:
    """Return a video's first frame and facts; empty for an unreadable file. content_type: as detected, not as sent."""
    if content_type not in FORMATS or not (program := ffmpeg()):
        return FirstFrame()
    with memory_file() as made, memory_file() as said:
        try:
            subprocess.run(
                [sys.executable, "-I", BOUNDED, program, *_options(path, FORMATS[content_type])],
                stdin=subprocess.DEVNULL,
                stdout=made,
                stderr=said,
                env={},  # ours holds the portal's keys
                check=False,
                timeout=WALL_SECONDS,
            )
        except subprocess.SubprocessError:
            return FirstFrame()
        made.seek(0)
        said.seek(0)
        told = said.read(SAID_BYTES)
        return FirstFrame(made.read(), _seconds(told), _recorded_at(told))


def _options(path: Path, form: str) -> list[str]:
    alone = ["-nostdin", "-hide_banner", "-protocol_whitelist", "file", "-threads", "1"]
    scaled = f"scale={SIDE}:{SIDE}:force_original_aspect_ratio=decrease"
    one = ["-map", "0:v:0", "-frames:v", "1", "-vf", scaled, "-threads", "1"]
    return [*alone, "-f", form, "-i", f"file:{path}", *one, "-f", "mjpeg", "pipe:1"]


def _seconds(said: bytes) -> int | None:
    found = LENGTH.search(said)
    if found is None:
        return None
    hours, minutes, seconds = (float(part) for part in found.groups())
    return round(3600 * hours + 60 * minutes + seconds)


def _recorded_at(said: bytes) -> datetime | None:
    found = START.search(said)
    try:
        moment = datetime.fromisoformat(found[1].decode()).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
    return moment if moment and moment.year >= FIRST_YEAR and moment <= timezone.now() else None
