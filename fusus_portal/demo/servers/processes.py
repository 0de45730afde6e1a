"""Starts a server as a separate process and waits until it answers."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from fusus_portal.demo.servers.places import Account

START_SECONDS = 60
STOP_SECONDS = 60
POLL_SECONDS = 0.02
END_OF_LOG = 2000

CHILDREN: list[subprocess.Popen[bytes]] = []
"""Processes of started servers. They may outlive this run, and Python warns about those that no variable holds."""


class ServerDidNotStart(Exception):
    """An embedded server ended or did not answer; the message is the end of its log."""


def launch(
    command: Sequence[str | Path],
    *,
    account: Account,
    directory: Path,
    log: Path,
    answers: Callable[[], bool],
) -> None:
    """Start a server in `directory` and wait until it answers. Raises ServerDidNotStart if it does not."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **account.identity,
        )
    CHILDREN.append(process)
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            end = log.read_bytes()[-END_OF_LOG:].decode(errors="replace")
            raise ServerDidNotStart(f"{Path(command[0]).name}: {end}")
        time.sleep(POLL_SECONDS)


def noted_process(note: Path, program: str) -> psutil.Process | None:
    """Return the process whose id a server noted, None if it has ended or the id is another program's now."""
    try:
        process = psutil.Process(int(note.read_text().split()[0]))
        return process if process.name() == program else None
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None


def end_process(process: psutil.Process | None, stop: signal.Signals) -> None:
    if process is None:
        return
    process.send_signal(stop)
    process.wait(timeout=STOP_SECONDS)
    for child in CHILDREN:
        child.poll()
