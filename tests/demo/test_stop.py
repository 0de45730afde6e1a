"""`make run` as a whole, ended by Ctrl-C: each process ends in its own way."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from fusus_portal.demo.__main__ import COMMANDS
from fusus_portal.settings.tasks import QUEUES
from tests.repo.copied import Copy

SECONDS_TO_START = 420.0
SECONDS_TO_END = 90.0


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def until_it_serves(running: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the run says where the portal is."""
    deadline = time.monotonic() + SECONDS_TO_START
    while "The portal is at" not in (said := log.read_text()):
        assert running.poll() is None, said
        assert time.monotonic() < deadline, said
        time.sleep(0.5)


def left_in(folder: Path) -> list[psutil.Process]:
    """Return the processes that work in a folder."""
    every = psutil.process_iter(["cwd"])
    return [process for process in every if str(process.info["cwd"]).startswith(str(folder))]


def test_each_queue_has_a_worker() -> None:
    assert {queue for queue in QUEUES if f"--queues {queue} " in COMMANDS[queue]} == set(QUEUES)


@pytest.mark.long
def test_ctrl_c_ends_the_web_server_without_killing_it(tmp_path: Path) -> None:
    copied, log, port = Copy(tmp_path / "portal"), tmp_path / "run.log", free_port()
    environment = {**os.environ, "PORT": str(port), "RELAY_PORT": str(free_port())}
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "fusus_portal.demo"], cwd=copied.root, env=environment, stdout=output, stderr=output
        )
    browser = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        until_it_serves(running, log)
        browser.request("GET", "/")
        assert browser.getresponse().read()  # and keeps its connection
        running.send_signal(signal.SIGINT)
        assert running.wait(SECONDS_TO_END) == 0
    finally:
        browser.close()
        running.kill()
        left = left_in(copied.root)
        for process in left:
            process.kill()
    said = log.read_text()
    assert "SIGKILL" not in said, said[-3000:]
    assert "web stopped (rc=0)" in said, said[-3000:]
    assert not left
