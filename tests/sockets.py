"""No test talks to another machine."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERNET = (socket.AF_INET, socket.AF_INET6)


class OutsideCall(Exception):
    """A test tried to reach another machine."""


def is_here(host: str) -> bool:
    """Tell whether a host is this machine; a name other than localhost is not."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def only_this_machine() -> Iterator[None]:
    """Refuse connections to other hosts, and looking up their names."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in INTERNET and not is_here(address[0]):
            raise OutsideCall(f"{address[0]} is not this machine")
        connect(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host is not None and not is_here(str(host)):
            raise OutsideCall(f"{host} is not this machine")
        return look_up(host, *arguments, **options)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = guarded_look_up
    try:
        yield
    finally:
        socket.socket.connect = connect  # type: ignore[method-assign]
        socket.getaddrinfo = look_up
