"""Leads the times of files as libfaketime leads the clock, which leaves them as they are for Python.

pytest loads it on the days (`-p`). `Path.stat` and `os.utime` keep the machine's own time.
"""

import os
import time
from pathlib import Path
from tempfile import NamedTemporaryFile

with NamedTemporaryFile() as _made:
    AHEAD = time.time() - Path(_made.name).stat().st_mtime

_own = os.path.getmtime


def getmtime(path: str | Path) -> float:
    """Return when a file was changed, by the led clock, in Unix seconds."""
    return _own(path) + AHEAD


os.path.getmtime = getmtime  # type: ignore[assignment]
