import json
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from integration.cores import signatures
from integration.reference.device import Memory

SECONDS_TO_ANSWER = 20.0
SECONDS_HELD = 25.0
"""A relay answers a call for orders after this at the latest."""

ROOT = "/core/v1/"
JSON = "application/json"
OFFSET = "application/offset+octet-stream"
DONE = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT)


class NotNow(Exception):
    """The portal is out of reach, or can't answer now: the same call may work later. wait: seconds, 0 if unknown."""

    def __init__(self, why: str, *, wait: int = 0) -> None:
        super().__init__(why)
        self.wait = wait


class NotLetIn(Exception):
    """The portal does not know this CORE, or no longer lets it in."""


class Calls:
    """The portal as a CORE sees it. ahead: seconds by which the portal's clock is ahead of ours; 0 until it says so."""

    def __init__(self, server: str, memory: Memory) -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{server} is no address such as https://portal.example")
        self._parts = parts
        self.root = server.rstrip("/")
        self.memory = memory
        self.ahead = 0.0
        self._signing_in = threading.Lock()
        self._held: HTTPConnection | None = None

    def activate(self, code: str, *, firmware: str) -> dict[str, Any]:
        said = {"serial": self.memory.serial, "code": code, "key": self.memory.public_key, "firmware": firmware}
        return self._keep(self._answered(_posted("activate", said)).said)

    def call(self, name: str, said: object = None, *, method: str = "POST") -> dict[str, Any]:
        """Make a call, and store a new token. Sign in with the key if the old one ended. Raises NotNow, NotLetIn."""
        body = b"" if said is None else json.dumps(said).encode()
        return self._let_in(Call(method, name, body, {"Content-Type": JSON} if body else {})).said

    def line(self, address: str, seen: str) -> dict[str, Any]:
        """Long-poll for orders until they differ from `seen`. Raises as `call`, and NotNow after `hang_up`."""
        return self._let_in(_posted("orders", {"seen": seen}, line=address)).said

    def hang_up(self) -> None:
        held = self._held
        if held is not None and held.sock is not None:
            with suppress(OSError):
                held.sock.shutdown(socket.SHUT_RDWR)

    def put(self, path: str, body: bytes, *, kind: str) -> dict[str, Any]:
        """Send bytes to a path that an order named. Raises as `call`, NotNow for a path outside the device API."""
        return self._let_in(Call("PUT", _name(path), body, {"Content-Type": kind})).said

    def tus(self, method: str, path: str, body: bytes = b"", **headers: str) -> int:
        """Take a step of an upload (tus.io); return the offset. headers: underscores for hyphens. Raises as `put`."""
        sent = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body:
            sent["Content-Type"] = OFFSET
        return int(self._let_in(Call(method, _name(path), body, sent)).headers.get("Upload-Offset", "0"))

    def _let_in(self, call: "Call") -> "Answer":
        shown = self.memory.token
        try:
            answer = self._answered(call)
        except NotLetIn:
            self._sign_in(shown)
            answer = self._answered(call)
        self._keep(answer.said)
        return answer

    def _sign_in(self, ended: str) -> None:
        """Get a token with the key in place of one that ended, unless another thread has got one."""
        with self._signing_in:
            if self.memory.token == ended:
                self._keep(self._answered(_posted("token", {"serial": self.memory.serial})).said)

    def _keep(self, answer: dict[str, Any]) -> dict[str, Any]:
        if "token" in answer:
            self.memory.token = answer["token"]
            self.memory.save()
        return answer

    def _answered(self, call: "Call") -> "Answer":
        answer = self._send(call)
        if answer.status == HTTPStatus.BAD_REQUEST and "server_time" in answer.said:
            self.ahead = answer.said["server_time"] - time.time()
            answer = self._send(call)
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT):
            raise NotLetIn(answer.said.get("detail", ""))
        if answer.status not in DONE:
            wait = answer.headers.get("Retry-After", "")
            raise NotNow(f"{answer.status}: {answer.said.get('detail', '')}", wait=int(wait) if wait.isdigit() else 0)
        return answer

    def _send(self, call: "Call") -> "Answer":
        path = f"{ROOT}{call.name}" if call.line else f"{self._parts.path.rstrip('/')}{ROOT}{call.name}"
        at = datetime.fromtimestamp(time.time() + self.ahead, tz=UTC)
        signed = signatures.sign(self.memory.key, signatures.Signed(call.method, path, call.body), at=at)
        headers = {signatures.HEADER: signed, **call.headers}
        if self.memory.token:
            headers["Authorization"] = f"Bearer {self.memory.token}"
        try:
            return self._exchange(call, path, headers)
        except (OSError, HTTPException, ValueError) as error:
            raise NotNow(type(error).__name__) from error

    def _exchange(self, call: "Call", path: str, headers: dict[str, str]) -> "Answer":
        parts = urlsplit(call.line) if call.line else self._parts
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        wait = SECONDS_TO_ANSWER + (SECONDS_HELD if call.line else 0)
        line = kind(parts.hostname or "", parts.port, timeout=wait)
        if call.line:
            self._held = line
        try:
            line.request(call.method, parts.path if call.line else path, body=call.body, headers=headers)
            response: HTTPResponse = line.getresponse()
            text = response.read()
            return Answer(response.status, json.loads(text) if text else {}, response.headers)
        finally:
            line.close()


@dataclass(frozen=True, slots=True)
class Call:
    """A call. name: the path behind /core/v1/. line: address at a relay, or ""; /core/v1/ and name are signed."""

    method: str
    name: str
    body: bytes
    headers: Mapping[str, str]
    line: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    said: dict[str, Any]
    headers: Message


def _posted(name: str, said: Mapping[str, str], *, line: str = "") -> Call:
    return Call("POST", name, json.dumps(said).encode(), {"Content-Type": JSON}, line)


def _name(path: str) -> str:
    name = path.removeprefix(ROOT)
    if name == path:
        raise NotNow(f"{path} is no path of the device API")
    return name
