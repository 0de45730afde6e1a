"""Footage for the demo and the tests: a street as a porch camera would record it."""

import subprocess
from datetime import datetime
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

from integration.reference import pattern


def street(target: Path, *, seconds: int, at: datetime) -> Path:
    """Write an MP4 (H.264, playable while it loads) that begins at a time, by the clock in it; return its path."""
    # Real sensors are noisy, and noise makes most of the size of real footage.
    options = ["-t", str(seconds), "-vf", "noise=alls=5:allf=t", "-c:v", "libx264", "-preset", "veryfast"]
    options += ["-pix_fmt", "yuv420p", "-movflags", "+faststart", str(target)]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *pattern.source(at, paced=False), *options]
    subprocess.run(command, check=True, capture_output=True)
    return target
