"""A still picture of a camera, by ffmpeg. It is in memory until it is sent, and nowhere else."""

import subprocess
from datetime import datetime

from fusus_portal.ground.video.program import ffmpeg
from integration.reference import pattern
from integration.reference.sources import input_of

SECONDS_TO_TAKE = 8


class NoPicture(Exception):
    """The camera gives none."""


def take(source: str) -> bytes:
    """Return a JPEG of what a source shows now: "testsrc", a file, or an rtsp:// address. Raises NoPicture."""
    program = ffmpeg()
    if not program:
        raise NoPicture("there is no ffmpeg")
    command = [program, "-nostdin", "-loglevel", "error", *_input(source)]
    command += ["-frames:v", "1", "-q:v", "3", "-f", "image2pipe", "-c:v", "mjpeg", "pipe:1"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS_TO_TAKE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoPicture(type(error).__name__) from error
    if done.returncode or not done.stdout:
        raise NoPicture(f"ffmpeg ended with {done.returncode}")
    return done.stdout


def _input(source: str) -> list[str]:
    if source == "testsrc":
        return pattern.source(datetime.now().astimezone(), scale=2, paced=False)
    return input_of(source)
