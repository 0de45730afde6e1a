"""Where Debian keeps libfaketime, which leads the clock of the programs that load it."""

from pathlib import Path


def library() -> Path:
    """Return its file: the one without a lock in each call, which a fork could find taken."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        raise FileNotFoundError("libfaketime is not installed; packages-test.txt names it.")
    return found[0]
