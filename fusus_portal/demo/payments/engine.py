"""The payment engine (`localstripe`, unmodified) as a child process of the peer, and the peer as one of the demo.

We ask the engine over HTTP and import nothing of it. The peer runs unless the environment names a payment service.
"""

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fusus_portal.demo.payments.parameters import Json

LOOPBACK = Path(__file__).parent / "loopback"
KEY = "sk_test_engine"
SECONDS_TO_START = 30.0
SECONDS_TO_ANSWER = 60.0
POLL_SECONDS = 0.02


class EngineRefused(Exception):
    """The engine answered with an error. The peer passes its status and body on."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status, self.body = status, body


@dataclass
class Engine:
    port: int
    process: "subprocess.Popen[bytes]"

    def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """Return the engine's answer. Raises EngineRefused for a status of 400 or above."""
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Connection": "close"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER)) as connection:
            connection.request(method, path, json.dumps(body).encode() if body is not None else None, headers)
            answer = connection.getresponse()
            content = answer.read()
        told: Json = json.loads(content) if content.strip() else {}
        if answer.status >= http.client.BAD_REQUEST:
            raise EngineRefused(answer.status, told)
        return told

    def stop(self) -> None:
        with self.process:
            self.process.kill()


def start_engine() -> Engine:
    """Start an engine on a free port and wait until it answers. Raises RuntimeError if it does not."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "localstripe.server", "--from-scratch", "--port", str(port)],
        env={**os.environ, "PYTHONPATH": str(LOOPBACK), "PYTHONWARNINGS": "ignore"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    engine = Engine(port, process)
    deadline = time.monotonic() + SECONDS_TO_START
    while not _answers(engine):
        if process.poll() is not None or time.monotonic() > deadline:
            engine.stop()
            raise RuntimeError("The engine of the payment peer does not start.")
        time.sleep(POLL_SECONDS)
    return engine


def _answers(engine: Engine) -> bool:
    try:
        engine.ask("GET", "/v1/balance")
    except OSError:
        return False
    return True


@dataclass(frozen=True)
class RunningPeer:
    """A payment peer that runs. variables: its address and keys, for the portal's environment."""

    process: "subprocess.Popen[str]"
    variables: dict[str, str]

    def stop(self) -> None:
        with self.process:
            self.process.terminate()


def start_peer(webhook: str) -> RunningPeer | None:
    """Start a peer that sends webhooks to an address. None if the environment has a key of the real service."""
    if "STRIPE_SECRET_KEY" in os.environ or "STRIPE_SECRET_KEY_FILE" in os.environ:
        return None
    key, secret = f"sk_test_{secrets.token_hex(12)}", f"whsec_{secrets.token_hex(12)}"
    process = subprocess.Popen(
        [sys.executable, "-m", "fusus_portal.demo.payments", "0", webhook],
        env={**os.environ, "STRIPE_WEBHOOK_SECRET": secret},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C goes to the whole group of the terminal, but the portal's processes may still ask the peer while they
        # end.
        start_new_session=True,
    )
    address = process.stdout.readline().strip() if process.stdout is not None else ""
    if not address:
        raise RuntimeError("The payment peer does not start.")
    return RunningPeer(process, {"STRIPE_API_BASE": address, "STRIPE_SECRET_KEY": key, "STRIPE_WEBHOOK_SECRET": secret})
