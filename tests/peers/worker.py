"""A real Celery worker with its beat, in processes of its own, that can be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


class Worker:
    """The worker, its children and its beat: one group of processes."""

    def __init__(self, environment: Mapping[str, str], log: Path, *, beat: bool = True) -> None:
        self.log = log
        clock = ["--beat"] if beat else []
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "fusus_portal.celery", "worker", *clock, "--loglevel=WARNING"],
                cwd=CHECKOUT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End every process of it at once (SIGKILL): nothing is tidied up."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to every process of it."""
        os.killpg(self._process.pid, number)

    def is_running(self) -> bool:
        """Return whether it still lives."""
        return self._process.poll() is None


@contextmanager
def worker(environment: Mapping[str, str], log: Path) -> Iterator[Worker]:
    """Run a worker with additional environment; its output goes to `log`; it is killed at the end."""
    started = Worker(environment, log)
    try:
        yield started
    finally:
        started.kill()
