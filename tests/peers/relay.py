"""A relay as a process that can be killed, a device that sends to it, and a page that reads what it answers."""

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psutil
from imageio_ffmpeg import get_ffmpeg_exe

from integration.relay.wire import ABOUT_FRAME, HEADER, Kind
from tests.peers.nginx import anybody
from tests.peers.web import CHECKOUT

SECONDS = 20.0
SECONDS_TO_START = 90.0
PIECE = 1024


def free_port() -> int:
    """Return a port that nobody listens on now, and nobody on the next one: a relay listens for COREs there."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as line, suppress(OSError, OverflowError):
            port = int(line.getsockname()[1])
            socket.create_server(("127.0.0.1", port + 1)).close()
            return port


def for_cores(address: str) -> str:
    """Return where a relay listens for COREs that serves pages at an address of this machine."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}:{(parts.port or 0) + 1}"


def named(addresses: Sequence[str]) -> dict[str, str]:
    """Return the variables that name relays of this machine."""
    return {"LIVE_RELAYS": ",".join(addresses), "LIVE_RECEIVERS": ",".join(map(for_cores, addresses))}


def line_to(url: str, *, source: str = "", seconds: float = SECONDS) -> http.client.HTTPConnection:
    """Return a connection to an address of this machine. source: from which address of it. seconds: of patience."""
    parts, ours = urlsplit(url), (source, 0) if source else None
    if parts.scheme == "https":
        return http.client.HTTPSConnection(
            "127.0.0.1", parts.port, timeout=seconds, source_address=ours, context=anybody()
        )
    return http.client.HTTPConnection("127.0.0.1", parts.port, timeout=seconds, source_address=ours)


class Relay:
    """One of the relays that LIVE_RELAYS names."""

    def __init__(self, environment: Mapping[str, str], log: Path, *, addresses: Sequence[str], number: int = 0) -> None:
        self.url = addresses[number]
        self.log = log
        self._environment = {**os.environ, **environment, **named(addresses)}
        pages, devices = (f"127.0.0.1:{urlsplit(each).port}" for each in (self.url, self.devices))
        self._command = [sys.executable, "manage.py", "run_relay", "--number", str(number)]
        self._command += ["--bind", pages, "--devices", devices]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the relay and wait until it answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, cwd=CHECKOUT, env=self._environment, stdout=output, stderr=output
            )
        until(self._answers, self._said, within=SECONDS_TO_START)

    @property
    def devices(self) -> str:
        """The address at which the relay answers COREs."""
        return for_cores(self.url)

    @property
    def pid(self) -> int:
        """The number of the relay's process."""
        assert self._process is not None
        return self._process.pid

    @property
    def processes(self) -> list[psutil.Process]:
        """The process that serves pages, and the one that takes what devices send."""
        serving = psutil.Process(self.pid)
        return [serving, *serving.children()]

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process that serves pages."""
        os.kill(self.pid, number)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End the relay."""
        if self._process is not None:
            running = self.processes if self._process.poll() is None else []
            self._process.send_signal(number)
            self._process.wait(timeout=10)
            self._process = None
            psutil.wait_procs(running, timeout=10)

    def code(self) -> int:
        """Wait until the relay has ended, and return with which code."""
        assert self._process is not None
        code = self._process.wait(timeout=20)
        self._process = None
        return code

    def is_idle(self) -> bool:
        """Return whether nobody holds a line to the relay."""
        lines = [line for process in self.processes for line in process.net_connections("tcp")]
        ports = {urlsplit(each).port for each in (self.url, self.devices)}
        return not any(each.laddr.port in ports and each.status != psutil.CONN_LISTEN for each in lines)

    def _said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:]

    def _answers(self) -> bool:
        assert self._process is None or self._process.poll() is None, self._said()
        return self._health().get("status") == "ok"

    def _health(self) -> dict[str, Any]:
        with closing(line_to(self.url, seconds=2)) as line, suppress(OSError, http.client.HTTPException):
            line.request("GET", "/health/live")
            return dict(json.loads(line.getresponse().read()))
        return {}


@contextmanager
def running_relay(
    environment: Mapping[str, str], folder: Path, *, addresses: Sequence[str] = (), number: int = 0
) -> Iterator[Relay]:
    """Run a relay."""
    relay = Relay(
        environment,
        folder / f"relay{number}.log",
        addresses=addresses or [f"http://localhost:{free_port()}"],
        number=number,
    )
    try:
        relay.start()
        yield relay
    finally:
        relay.kill()


def until(is_so: Callable[[], object], what: Callable[[], str] = str, *, within: float = SECONDS) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, what()
        time.sleep(0.02)


@dataclass(frozen=True)
class Message:
    """A message that a page got. at: when, by the monotonic clock. wall: the same in seconds of Unix."""

    kind: Kind
    view: int
    payload: bytes
    at: float
    wall: float

    @property
    def said(self) -> Any:
        return json.loads(self.payload.partition(b"\n")[0])

    @property
    def came(self) -> float:
        """The time at which a frame reached the relay, in seconds of Unix."""
        return float(ABOUT_FRAME.unpack_from(self.payload)[0]) / 1000

    @property
    def is_key(self) -> bool:
        return bool(ABOUT_FRAME.unpack_from(self.payload)[1])

    @property
    def box(self) -> bytes:
        return self.payload[ABOUT_FRAME.size :]


OPEN: "list[Page]" = []
"""Pages of this test, which are closed behind it."""


@dataclass
class Page:
    """A page that watches, in a thread. status: of the answer. ended_at: when the line was over.

    pace: bytes a second that its line carries, 0 for all that come. source: the address that it comes from.
    """

    url: str
    shown: str
    views: Sequence[UUID]
    headers: Mapping[str, str] = field(default_factory=dict)
    pace: int = 0
    source: str = ""
    status: int = 0
    messages: list[Message] = field(default_factory=list)
    ended_at: float = 0.0
    _line: http.client.HTTPConnection | None = None

    def open(self) -> "Page":
        OPEN.append(self)
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def of(self, kind: Kind, view: int = 0) -> list[Message]:
        """Return the messages of a kind about a view."""
        return [each for each in list(self.messages) if each.kind is kind and each.view == view]

    def waits_for(self, kind: Kind, *, view: int = 0, count: int = 1, within: float = SECONDS) -> list[Message]:
        """Wait until so many came, and return them."""
        until(
            lambda: len(self.of(kind, view)) >= count,
            lambda: str([(m.kind, m.view) for m in self.messages][-20:]),
            within=within,
        )
        return self.of(kind, view)

    def close(self) -> None:
        """Close the page."""
        if self._line is not None and self._line.sock is not None:
            with suppress(OSError):
                self._line.sock.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        self._line = line = line_to(self.url, source=self.source)
        body = json.dumps({"pass": self.shown, "views": [str(view) for view in self.views]})
        try:
            line.connect()
            if self.pace and line.sock is not None:
                line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            path = f"{urlsplit(self.url).path}/watch"
            line.request("POST", path, body=body, headers={"Content-Type": "text/plain", **self.headers})
            answer = line.getresponse()
            self.status = answer.status
            while answer.status == 200 and (head := self._exactly(answer, HEADER.size)):
                kind, view, length = HEADER.unpack(head)
                payload = self._exactly(answer, length) if length else b""
                self.messages.append(Message(Kind(kind), view, payload, time.monotonic(), time.time()))
        except (OSError, http.client.HTTPException, struct.error, ValueError):
            pass
        finally:
            self.ended_at = time.monotonic()
            line.close()

    def _exactly(self, answer: http.client.HTTPResponse, amount: int) -> bytes:
        found = b""
        while len(found) < amount and (part := answer.read(min(PIECE, amount - len(found)))):
            found += part
            if self.pace:
                time.sleep(len(part) / self.pace)
        return found


@contextmanager
def sending(
    url: str, stream: UUID, token: str, *, rate: int = 10, more: Sequence[str] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Let plain ffmpeg send a test picture, a key frame each second. more: other settings of the output."""
    source = ["-re", "-f", "lavfi", "-i", f"testsrc=size=320x180:rate={rate}"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", str(rate)]
    form = ["-movflags", "empty_moov+default_base_moof+frag_every_frame", "-flush_packets", "1", "-f", "mp4"]
    target = ["-method", "PUT", "-headers", f"Authorization: Bearer {token}\r\n"]
    if url.startswith("https:"):
        target += ["-tls_verify", "0"]
    address = f"{url}/core/v1/streams/{stream}/live.mp4"
    command = [get_ffmpeg_exe(), "-nostdin", "-v", "error", *source, *coded, *more, *form, *target, address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as ffmpeg:
        try:
            yield ffmpeg
        finally:
            ffmpeg.kill()
