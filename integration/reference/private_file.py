"""Files of a CORE that only its user can read."""

import os
from pathlib import Path
from typing import Final

ONLY_ITS_USER: Final = 0o600


def write(file: Path, content: bytes) -> None:
    """Write it whole or not at all: a loss of power in between costs nothing."""
    beside = file.with_name(f"{file.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_ITS_USER), "wb") as output:
        output.write(content)
        output.flush()
        os.fsync(output.fileno())
    beside.replace(file)
