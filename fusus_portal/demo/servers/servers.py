"""PostgreSQL, Valkey and the Valkey of live video of one checkout, started and stopped together.

The last run that uses them stops them. A run holds a shared lock on a file, which the kernel drops when the run ends.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fusus_portal.demo.servers import places, postgres, valkey
from fusus_portal.demo.servers.valkey import Valkey


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
        """End this run's use of the servers, and call `stop` if no other run uses them."""
        with one_at_a_time(self.directory), self.file:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            stop()

    def close(self) -> None:
        self.file.close()


@dataclass(frozen=True)
class Servers:
    """Servers that run for a checkout; None for one that the environment names. use: this run's lock."""

    postgres: postgres.Postgres | None
    valkey: "Valkey | None"
    live: "Valkey | None"
    use: Use

    def leave(self) -> None:
        """Stop the servers unless another run still uses them."""
        self.use.leave(self.end)

    def stop(self) -> None:
        """Stop the servers, even if another run uses them."""
        self.end()
        self.use.close()

    def end(self) -> None:
        if self.postgres is not None:
            postgres.stop(self.postgres)
        for each in (self.valkey, self.live):
            if each is not None:
                valkey.stop(each)


def start_for_development(checkout: Path) -> Servers:
    """Start the servers that the environment does not name: DATABASE_URL, REDIS_URL, LIVE_REDIS_URL."""
    where = places.development(checkout)
    return start(
        where.base,
        None
        if "DATABASE_URL" in os.environ
        else postgres.postgres(where, checkout=checkout, settings=postgres.DURABLE),
        None if "REDIS_URL" in os.environ else valkey.valkey(where, kept=True),
        None if "LIVE_REDIS_URL" in os.environ else valkey.live(where),
    )


def start_for_tests(checkout: Path) -> Servers:
    """Start the servers of the tests: fast ones, whose data does not survive a crash."""
    where = places.tests(checkout)
    return start(
        where.base,
        postgres.postgres(where, checkout=checkout, settings=postgres.FAST),
        valkey.valkey(where, kept=False),
        valkey.live(where),
    )


def start(
    base: Path,
    database: postgres.Postgres | None,
    queue: valkey.Valkey | None,
    live: valkey.Valkey | None = None,
) -> Servers:
    """Start these servers, or use those that another run has started."""
    places.make_directory(base, places.OTHERS_PASS)
    with one_at_a_time(base):
        use = Use(base)
        servers = Servers(database, queue, live, use)
        try:
            if database is not None:
                postgres.start(database)
            for each in (queue, live):
                if each is not None:
                    valkey.start(each)
        except BaseException:
            servers.stop()
            raise
    return servers
