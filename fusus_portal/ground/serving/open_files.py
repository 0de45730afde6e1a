import resource
from typing import Final

OPEN_FILES: Final = 16384


def allow_open_files() -> None:
    """Raise the soft limit of open files and sockets, often 1024, as far as allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
