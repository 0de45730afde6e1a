"""Keeps the engine on this machine: it would listen on every interface, and write all it knows into /tmp.

It also ends when the process that started it ends, even by a kill: its standard input is closed then.
"""

import builtins
import os
import socket
import sys
import threading
from importlib import import_module
from typing import Any

KEPT = "/tmp/localstripe.pickle"  # noqa: S108  (the file that is not to be)

_open = builtins.open
_Socket = socket.socket


class Loopback(_Socket):
    """A socket that listens on 127.0.0.1, whatever address it is told."""

    def __init__(self, family: int = -1, kind: int = -1, protocol: int = -1, fileno: int | None = None) -> None:
        if family == socket.AF_INET6 and fileno is None:
            family = socket.AF_INET
        super().__init__(family, kind, protocol, fileno)

    def bind(self, address: Any) -> None:
        """Bind to the port of an address, on loopback."""
        super().bind(("127.0.0.1", address[1]) if self.family == socket.AF_INET else address)


def without_the_file(file: Any, *arguments: Any, **options: Any) -> Any:
    """Open a file, but never the one that holds what the engine knows."""
    return _open(os.devnull if file == KEPT else file, *arguments, **options)


def write_nothing(*arguments: Any, **options: Any) -> None:
    """Stand in for what writes that file: after each request the engine would write everything anew."""


def end_with_the_parent() -> None:
    """Wait for the end of standard input, and end."""
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_the_parent, daemon=True).start()
socket.socket = Loopback  # type: ignore[misc, assignment]
builtins.open = without_the_file
# We read and write no such files; this keeps the engine from writing one.
import_module("pickle").dump = write_nothing  # type: ignore[attr-defined]
