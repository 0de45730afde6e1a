"""Where Debian keeps libfaketime, which leads the clock of the programs that load it."""

from pathlib import Path


def library() -> Path:
    """Return its file."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise FileNotFoundError("libfaketime is not installed; packages-test.txt names it.")
    return found[0]
