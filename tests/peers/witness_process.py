"""Runs the witness of the tests as a real process, kills it, and starts it again."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from audit.ledger.notes import COSIGNATURE, Signer, Verifier

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_TO_ANSWER = 60.0
POLL_SECONDS = 0.02


class WitnessProcess:
    """A witness at an address of its own; `entry` is its line in LEDGER_WITNESSES."""

    def __init__(self, directory: Path, *, name: str, log: Verifier) -> None:
        self.signer = Signer(name, secrets.token_bytes(32), COSIGNATURE)
        self.state = directory / f"{name}.state"
        self._config = directory / f"{name}.json"
        self.trust(log)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def verifier(self) -> Verifier:
        """The public key of the witness."""
        return self.signer.verifier

    @property
    def entry(self) -> str:
        """The line of the witness in LEDGER_WITNESSES."""
        return f"{self.verifier} http://127.0.0.1:{self.port}"

    def trust(self, *logs: Verifier) -> None:
        """Know these keys of one log, from its next start on."""
        config = {
            "name": self.signer.name,
            "seed": self.signer.seed.hex(),
            "logs": {logs[0].name: [log.public.hex() for log in logs]} if logs else {},
            "state": str(self.state),
        }
        self._config.write_text(json.dumps(config))

    def signed(self, origin: str) -> int:
        """Return the size of a log that it signed last."""
        return int(json.loads(self.state.read_text())[origin][0]) if self.state.exists() else 0

    def start(self) -> None:
        """Start the witness, and wait until it answers."""
        command = [sys.executable, "-m", "tests.peers.witness", str(self._config), str(self.port)]
        self._process = subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the witness does not start")
            time.sleep(POLL_SECONDS)

    def kill(self) -> None:
        """Kill the witness."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True
