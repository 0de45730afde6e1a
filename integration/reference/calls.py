"""One call of the device API, signed, over HTTP; and what is done about an answer that is not the wanted one."""

import json
import time
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from integration import device_keys
from integration.device_keys import Signed
from integration.reference.memory import Memory

SECONDS_TO_ANSWER = 20.0
ROOT = "/core/v1/"
JSON = "application/json"


class NotNow(Exception):
    """The portal is not reached, or can't answer now: the same call may work later. wait: seconds, 0 for unknown."""

    def __init__(self, why: str, *, wait: int = 0) -> None:
        super().__init__(why)
        self.wait = wait


class NotLetIn(Exception):
    """The portal knows this CORE not, or not any more."""


class Calls:
    """The portal as a CORE sees it. ahead: by how much the portal's clock is ahead of ours, once it said so."""

    def __init__(self, server: str, memory: Memory) -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{server} is no address such as https://portal.example")
        self._parts = parts
        self.root = server.rstrip("/")
        self.memory = memory
        self.ahead = 0.0

    def activate(self, code: str, *, firmware: str) -> dict[str, Any]:
        """Activate with a code. Raises NotLetIn for a wrong one."""
        said = {"serial": self.memory.serial, "code": code, "key": self.memory.public_key, "firmware": firmware}
        return self._keep(self._answered("POST", "activate", said))

    def call(self, name: str, said: object = None, *, method: str = "POST", kind: str = JSON) -> dict[str, Any]:
        """Make a call and keep a token that its answer brings. A token that ended is replaced by the key, once.

        Raises NotNow and NotLetIn.
        """
        try:
            return self._keep(self._answered(method, name, said, kind))
        except NotLetIn:
            self._keep(self._answered("POST", "token", {"serial": self.memory.serial}))
            return self._keep(self._answered(method, name, said, kind))

    def put(self, path: str, body: bytes, *, kind: str) -> dict[str, Any]:
        """Send bytes to a path that an order named. A token that ended is replaced by the key, once.

        Raises NotNow and NotLetIn; a path that leads out of the device API is not followed.
        """
        name = path.removeprefix(ROOT)
        if name == path:
            raise NotNow(f"{path} is no path of the device API")
        return self.call(name, body, method="PUT", kind=kind)

    def _keep(self, answer: dict[str, Any]) -> dict[str, Any]:
        if "token" in answer:
            self.memory.token = answer["token"]
            self.memory.save()
        return answer

    def _answered(self, method: str, name: str, said: object, kind: str = JSON) -> dict[str, Any]:
        status, answer, wait = self._send(method, name, said, kind)
        if status == HTTPStatus.BAD_REQUEST and "server_time" in answer:
            self.ahead = answer["server_time"] - time.time()
            status, answer, wait = self._send(method, name, said, kind)
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT):
            raise NotLetIn(answer.get("detail", ""))
        if status != HTTPStatus.OK:
            raise NotNow(f"{status}: {answer.get('detail', '')}", wait=wait)
        return answer

    def _send(self, method: str, name: str, said: object, kind: str) -> tuple[int, dict[str, Any], int]:
        body = said if isinstance(said, bytes) else b"" if said is None else json.dumps(said).encode()
        path = f"{self._parts.path.rstrip('/')}{ROOT}{name}"
        at = datetime.fromtimestamp(time.time() + self.ahead, tz=UTC)
        headers = {device_keys.HEADER: device_keys.sign(self.memory.key, Signed(method, path, body), at=at)}
        if body:
            headers["Content-Type"] = kind
        if self.memory.token:
            headers["Authorization"] = f"Bearer {self.memory.token}"
        try:
            return self._exchange(method, path, body, headers)
        except (OSError, HTTPException, ValueError) as error:
            raise NotNow(type(error).__name__) from error

    def _exchange(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any], int]:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        line = kind(self._parts.hostname or "", self._parts.port, timeout=SECONDS_TO_ANSWER)
        try:
            line.request(method, path, body=body, headers=headers)
            response: HTTPResponse = line.getresponse()
            answer = json.loads(response.read())
            wait = response.headers.get("Retry-After", "")
            return response.status, answer, int(wait) if wait.isdigit() else 0
        finally:
            line.close()
