"""Still pictures of a camera, by ffmpeg. They are in memory until sent, and nowhere else."""

import subprocess
from typing import Final

from fusus_portal.ground.video.program import ffmpeg
from integration.live.video.fragments import Frame, Init
from integration.reference.reader import Reader
from integration.reference.sources import input_of
from integration.rules import SNAPSHOT_SIDE

SECONDS_TO_TAKE: Final = 8
NEARLY: Final = 0.5
"""Seconds by which it may be older than the last picture: their times are those of decoding, and it is shown later."""

FITS: Final = f"scale='min({SNAPSHOT_SIDE},iw)':'min({SNAPSHOT_SIDE},ih)':force_original_aspect_ratio=decrease"
"""No larger than the portal keeps it. A picture of 4K would have more bytes than it takes."""

JPEG: Final = ("-vf", FITS, "-frames:v", "1", "-q:v", "3", "-f", "image2pipe", "-c:v", "mjpeg", "pipe:1")


class NoPicture(Exception):
    """The camera gives none."""


class TooSlow(NoPicture):
    """It takes too long to decode."""


def newest(reader: Reader) -> bytes:
    """Return a JPEG of a camera's latest picture, from those that its reader has at hand. Raises NoPicture.

    The camera is not asked: many let nobody else in during a stream. If all pictures since the last key frame take too
    long to decode, as 250 pictures of 4K do on a small device, it is that key frame.
    """
    at_hand = reader.at_hand()
    frames = [each for each in at_hand if isinstance(each, Frame)]
    if not frames:
        raise NoPicture("the camera gives none")
    passed = max(0.0, frames[-1].at - frames[0].at - NEARLY)
    try:
        return _decoded(at_hand, "-ss", f"{passed:.3f}")
    except TooSlow:
        return _decoded(at_hand[:2])


def opened(source: str) -> bytes:
    """Return a JPEG of a camera without a reader: its source is opened for it. Raises NoPicture."""
    return _made(*input_of(source))


def _decoded(items: list[Init | Frame], *told: str) -> bytes:
    return _made("-f", "mp4", "-i", "pipe:0", *told, video=b"".join(each.box for each in items))


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
