"""Memory of a relay, kept from every disk: no dump of it, no swap, and no other program that reads it."""

import ctypes
import os
import resource
from pathlib import Path
from typing import Final

PR_SET_DUMPABLE: Final = 4
PR_GET_DUMPABLE: Final = 3
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4
SWAPS: Final = Path("/proc/swaps")
HINT: Final = (
    "A relay's memory may not reach a disk. Let it lock its memory (LimitMEMLOCK=infinity of its service, or the "
    "capability IPC_LOCK), or turn swap off."
)


class Unsafe(Exception):
    """The memory of this process may reach a disk. The text says what to do."""


def guard() -> None:
    """Keep this process's memory from every disk. Raises Unsafe if the machine does not allow it.

    A process that is not dumpable leaves no core file and hands none to a program either, with any core pattern of the
    machine (prctl(2), core(5)); nobody but root reads its memory.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) or libc.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0):
        raise Unsafe("This process can be dumped: prctl(PR_SET_DUMPABLE) failed.")
    if libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) and has_swap():
        raise Unsafe(f"mlockall: {os.strerror(ctypes.get_errno())}. {HINT}")


def has_swap() -> bool:
    """True if pages of memory may go to a disk on this machine, or if that is unknown."""
    try:
        return len(SWAPS.read_text(encoding="ascii").splitlines()) > 1
    except OSError:
        return True
