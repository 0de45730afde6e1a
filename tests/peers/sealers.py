"""Starts sealers, each a process of its own: `manage.py ledger seal`, forked from one that has the code in memory.

`python -m tests.peers.sealers` reads a line for each to start and answers with its process number.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).resolve().parents[2]


class Sealers:
    """The sealers of one test. Each signs in under its process number, so that the one at work can be told."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.peers.sealers"],
                cwd=CHECKOUT,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                start_new_session=True,
            )

    def start(self) -> int:
        """Start one more; return its process number."""
        commands, answers = self._pipes()
        commands.write("start\n")
        commands.flush()
        return int(answers.readline())

    def close(self) -> None:
        """Kill all that still run."""
        os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in self._pipes():
            pipe.close()
        self._process.wait()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def serve() -> None:
    """Fork a sealer for each line that is read."""
    import django  # noqa: PLC0415  (only this process needs it)
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while sys.stdin.readline():
        number = os.fork()
        if number == 0:
            os.environ["PGAPPNAME"] = str(os.getpid())
            os.dup2(2, 1)
            execute_from_command_line(["manage.py", "ledger", "seal"])
            os._exit(0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
