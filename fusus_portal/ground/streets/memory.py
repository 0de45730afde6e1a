"""Memory limit of a load; otherwise the kernel would kill an arbitrary process."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/statm")
"""Sizes of a process in pages; the sixth is its data (proc(5))."""


@contextmanager
def bounded(most: int) -> Iterator[None]:
    """Limit this process to `most` more bytes; beyond, it gets MemoryError. Does nothing outside Linux."""
    if not _STATUS.exists():
        yield
        return
    before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    taken = int(_STATUS.read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    bounds = [bound for bound in (taken + most, before, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, hard))
