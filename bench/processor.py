"""Processor time: of servers, of the benchmark itself, and of the database's processes that serve them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from django.db import connection

from tests.peers.web import WebServer

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


def taken(web: WebServer, act: Callable[[], object]) -> float:
    """Return what the processes of a gunicorn take for an act."""
    before = web_seconds(web.pid)
    act()
    return web_seconds(web.pid) - before


def database_seconds(superuser: psycopg.Connection, name: str) -> float:
    """Return what the processes took so far that serve the connections to a database."""
    return sum(on_processor(pid) for (pid,) in superuser.execute(BACKENDS, [name]))


def seconds(process: psutil.Process) -> float:
    """Return what a process took so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def used(*others: psycopg.Connection) -> float:
    """Return what this process took so far, with those of the database that serve Django's connection and others."""
    served = [each for each in (connection.connection, *others) if each is not None]
    return time.process_time() + sum(on_processor(each.info.backend_pid) for each in served)


def on_processor(pid: int) -> float:
    """Return what a process of one thread took so far, exactly where the system tells it (Linux)."""
    told = Path(f"/proc/{pid}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else seconds(psutil.Process(pid))
