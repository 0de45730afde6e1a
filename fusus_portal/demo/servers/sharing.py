"""Shared use of embedded servers: the last run to leave stops them.

A run holds a shared lock on a file. The kernel drops it when the run ends, even by SIGKILL, so nobody has to count the
runs.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(directory: Path) -> Iterator[None]:
    """Let only one run start or stop the servers of a directory at a time."""
    with (directory / "start.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Use:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = (directory / "users.lock").open("a")
        fcntl.flock(self.file, fcntl.LOCK_SH)

    def leave(self, stop: Callable[[], None]) -> None:
        """End this use, and call `stop` if nobody else uses the servers."""
        with one_at_a_time(self.directory), self.file:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            stop()

    def close(self) -> None:
        self.file.close()
