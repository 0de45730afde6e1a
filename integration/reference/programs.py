"""The programs with which a CORE reads its cameras: each an ffmpeg that ends with the CORE, however that one ends."""

import shutil
import subprocess
from collections.abc import Callable
from typing import Final, TypeAlias

Tell: TypeAlias = Callable[[str], None]
"""How a CORE says what it does: in lines that name no password."""

SECONDS_TO_END: Final = 3.0
AGAIN_AFTER: Final = 2.0
"""Seconds until a program that stopped is started again: a camera may be back by then."""


def command(ffmpeg: str, *told: str) -> list[str]:
    """Return what is run. It says fatal errors alone: its other ones repeat the address with the password in it."""
    setpriv = shutil.which("setpriv")
    ends_with_us = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    return [*ends_with_us, ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "fatal", *told]


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program, by force when it does not end when it is told to."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
