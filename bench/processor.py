"""Processor time of servers: of their own processes, and of the database's beside them."""

import time
from dataclasses import dataclass

import psutil
import psycopg

BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on a processor. web: of the web processes. database: of the database's processes that served them."""

    web: float = 0.0
    database: float = 0.0

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(self.web - before.web, self.database - before.database)

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.web + other.web, self.database + other.database)


def web_seconds(pid: int) -> float:
    """Return what the processes took so far that a gunicorn with this number started."""
    time.sleep(0.1)
    return sum(map(seconds, psutil.Process(pid).children(recursive=True)))


def database_seconds(superuser: psycopg.Connection, name: str) -> float:
    """Return what the processes took so far that serve the connections to a database."""
    return sum(seconds(psutil.Process(pid)) for (pid,) in superuser.execute(BACKENDS, [name]))


def seconds(process: psutil.Process) -> float:
    """Return what a process took so far."""
    times = process.cpu_times()
    return float(times.user + times.system)
