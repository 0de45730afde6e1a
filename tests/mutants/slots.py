"""Where mutants are run: a process of pytest that has collected all tests, and further ones that start from nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import IO, Any

from tests.mutants.areas import environment
from tests.mutants.orders import ORDER, ORDERS, OUTCOME, STALLED_SECONDS, STOOD_STILL
from tests.repo.sources import ROOT

WORKERS = 62
"""Its numbered databases of Valkey are those of no worker of a usual run; there are 64."""

Came = tuple[int | None, dict[str, Any]]
"""The exit code of pytest, None where it stood still, and what plugin.py wrote down."""

RUNNING: "set[subprocess.Popen[bytes]]" = set()


class Slot:
    """A place for one mutant at a time. number: 0 or 1. files: all tests that it may run. folder: for its output."""

    def __init__(self, number: int, files: list[str], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = {"PYTEST_XDIST_WORKER": f"gw{WORKERS + number}"}
        self.orders, theirs = Pipe()
        with theirs, (folder / f"slot{number}.txt").open("w") as output:
            told = {ORDERS: str(theirs.fileno()), **self.environment}
            self.process = start("tests.mutants.forks", files, output, told, pass_fds=[theirs.fileno()])

    def ask(self, order: dict[str, Any]) -> Came:
        """Run tests in a child of the process; "applied" is false for a mutant that has run already there.

        Raises EOFError when the process ended; its output says why.
        """
        self.orders.send(order)
        code = self.orders.recv()
        if code is None:
            return 0, {}
        return (None if code == STOOD_STILL else code), outcome_of(order)

    def run_alone(self, order: dict[str, Any]) -> Came:
        """Run tests in a process that starts with the mutant."""
        folder = Path(order["folder"])
        (folder / OUTCOME).unlink(missing_ok=True)
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        files = sorted({name.partition("::")[0] for name in order["tests"]})
        with (folder / "output.txt").open("w") as output:
            told = {ORDER: str(folder / "order.json"), **self.environment}
            process = start("tests.mutants.plugin", files, output, told)
        code = wait(process, folder / OUTCOME, max(order["limits"].values()) + STALLED_SECONDS)
        RUNNING.discard(process)
        return code, outcome_of(order)

    def close(self) -> None:
        """End the process."""
        self.orders.close()
        end(self.process)
        RUNNING.discard(self.process)


def start(
    plugin: str, files: list[str], output: IO[str], told: dict[str, str], *, pass_fds: Sequence[int] = ()
) -> "subprocess.Popen[bytes]":
    """Start pytest in a session of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "--tb=short", "-p", plugin, *files],
        cwd=ROOT,
        env=environment(**told),
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=pass_fds,
        start_new_session=True,
    )
    RUNNING.add(process)
    return process


def outcome_of(order: dict[str, Any]) -> dict[str, Any]:
    """Return what a run wrote down, nothing where it did not come so far."""
    file = Path(order["folder"]) / OUTCOME
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def wait(process: "subprocess.Popen[bytes]", outcome: Path, longest: float) -> int | None:
    """Return the exit code; end the process and return None when it wrote nothing for so many seconds."""
    begun = time.time()
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            last = outcome.stat().st_mtime if outcome.exists() else begun
            if time.time() - last > longest:
                end(process)
                return None


def end(process: "subprocess.Popen[bytes]") -> None:
    """End pytest and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_all() -> None:
    """End what runs in other threads."""
    for process in tuple(RUNNING):
        end(process)
