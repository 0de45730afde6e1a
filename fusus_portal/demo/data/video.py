"""Real video for the demo and the tests, made by ffmpeg."""

import subprocess
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

SIZE = "640x360"
FRAMES_PER_SECOND = 15


def test_pattern(target: Path, *, seconds: int) -> Path:
    """Write an MP4 (H.264, playable while it loads) with a running clock in the picture; return its path."""
    source = f"testsrc2=size={SIZE}:rate={FRAMES_PER_SECOND}:duration={seconds}"
    options = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", source, *options, str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target
