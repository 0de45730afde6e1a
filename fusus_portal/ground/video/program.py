import shutil
from importlib.util import find_spec


def ffmpeg() -> str:
    """Return the machine's ffmpeg, else the wheel's, or ""."""
    found = shutil.which("ffmpeg")
    if found or find_spec("imageio_ffmpeg") is None:
        return found or ""
    from imageio_ffmpeg import get_ffmpeg_exe  # noqa: PLC0415  (the machine may have a program, and no wheel)

    return str(get_ffmpeg_exe())
