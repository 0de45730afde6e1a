"""Requests to a server, each with a connection of its own."""

from collections.abc import Mapping
from contextlib import closing
from email.message import Message
from http.client import HTTPConnection


def send(
    port: int,
    method: str,
    path: str,
    *,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    source: str = "127.0.0.1",
) -> tuple[int, Message, bytes]:
    """Send a request; return the status, the headers and the body of the answer. source: the address it comes from."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))) as line:
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()
