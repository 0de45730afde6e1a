"""How many files and lines a process may have open. What a machine allows at first, often 1024, is too few."""

import resource
from typing import Final

OPEN_FILES: Final = 16384


def allow_open_files() -> None:
    """Raise the soft limit as far as a process may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
