"""The first picture of a video that people send, made by ffmpeg in a process apart. Nothing else of it is decoded.

A file can take over whoever decodes it, so ffmpeg runs as pictures are decoded (`fusus_portal/ground/pictures`):
started anew, with an empty environment, with limits of its own. What it makes is decoded and encoded once more there.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from django.utils import timezone

from fusus_portal.ground.video.program import ffmpeg

BOUNDED: Final = Path(__file__).with_name("bounded.py")
WALL_SECONDS: Final = 30
SIDE: Final = 480
"""Points of the longer side."""

SAID_BYTES: Final = 64 * 1024
"""So much of what ffmpeg says is read: length and start are said before the tags of streams."""

LENGTH: Final = re.compile(rb"Duration: (\d{2,3}):(\d\d):(\d\d\.\d+)")
START: Final = re.compile(rb"creation_time +: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")
FIRST_YEAR: Final = 2000
"""Cameras without a clock write 1904, 1970 or 1980."""

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
"""How each kind is read. What would lead ffmpeg to other files or into the network is none of them."""


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """What a video begins with. jpeg: empty where none could be made. seconds: its length.

    recorded_at: when it begins by the camera's own clock. Both are None where the file does not say.
    """

    jpeg: bytes = b""
    seconds: int | None = None
    recorded_at: datetime | None = None


def first_frame(path: Path, *, content_type: str) -> FirstFrame:
    """Return the first picture of a video and what the file says of itself. An unreadable one gives an empty answer.

    content_type: by the file's own first bytes.
    """
    if content_type not in FORMATS or not (program := ffmpeg()):
        return FirstFrame()
    with _memory() as made, _memory() as said:
        try:
            subprocess.run(
                [sys.executable, "-I", BOUNDED, program, *_options(path, FORMATS[content_type])],
                stdin=subprocess.DEVNULL,
                stdout=made,
                stderr=said,
                env={},  # the portal's keys are in ours
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
    """Return the moment that the file names, None where it can't be true."""
    found = START.search(said)
    try:
        moment = datetime.fromisoformat(found[1].decode()).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
    return moment if moment and moment.year >= FIRST_YEAR and moment <= timezone.now() else None


@contextmanager
def _memory() -> Iterator[IO[bytes]]:
    """A file that is on no disk."""
    with os.fdopen(os.memfd_create("frame"), "w+b") as file:
        yield file
