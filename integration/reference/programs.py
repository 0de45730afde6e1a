"""Programs with which a CORE reads its cameras: each an ffmpeg that ends with the CORE, even if that is killed."""

import shutil
import subprocess
from collections.abc import Callable
from typing import Final, TypeAlias

Tell: TypeAlias = Callable[[str], None]
"""Output of a CORE: lines that name no password."""

SECONDS_TO_END: Final = 3.0
AGAIN_AFTER: Final = 2.0
"""Seconds until a program that stopped is started again: a camera may be back by then."""


def command(ffmpeg: str, *told: str) -> list[str]:
    """Return the command. It prints fatal errors alone: others repeat the address with the password in it."""
    setpriv = shutil.which("setpriv")
    ends_with_us = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    return [*ends_with_us, ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "fatal", *told]


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
