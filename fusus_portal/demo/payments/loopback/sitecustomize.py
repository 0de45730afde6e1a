"""Keeps the payment engine on this machine: it would listen on every interface, and write all its data into /tmp.

It also ends the engine when the process that started it ends, even by a kill: that closes the engine's standard input.
"""

import builtins
import os
import socket
import sys
import threading
from importlib import import_module
from typing import Any

KEPT = "/tmp/localstripe.pickle"  # noqa: S108  (a file that must not exist)

_open = builtins.open
_Socket = socket.socket


class Loopback(_Socket):
    """A socket that listens on 127.0.0.1, whatever the address."""

    def __init__(self, family: int = -1, kind: int = -1, protocol: int = -1, fileno: int | None = None) -> None:
        if family == socket.AF_INET6 and fileno is None:
            family = socket.AF_INET
        super().__init__(family, kind, protocol, fileno)

    def bind(self, address: Any) -> None:
        super().bind(("127.0.0.1", address[1]) if self.family == socket.AF_INET else address)


def without_the_file(file: Any, *arguments: Any, **options: Any) -> Any:
    """Open a file, but /dev/null in place of the one with the engine's data."""
    return _open(os.devnull if file == KEPT else file, *arguments, **options)


def write_nothing(*arguments: Any, **options: Any) -> None:
    """Replace `pickle.dump`, by which the engine would write all its data anew after each request."""


def end_with_the_parent() -> None:
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_the_parent, daemon=True).start()
socket.socket = Loopback  # type: ignore[misc, assignment]
builtins.open = without_the_file
# This process needs no pickles; without `dump` the engine can't write its file.
import_module("pickle").dump = write_nothing  # type: ignore[attr-defined]
