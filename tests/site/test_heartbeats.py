"""Worker, beat and sealer as processes: health names each one within a minute after it was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.sealed_log import SealedLog

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

CHECKOUT = Path(__file__).resolve().parents[2]
MINUTE = 60.0
LONGEST_START = 120.0
CELERY = [sys.executable, "-m", "celery", "-A", "fusus_portal"]
COMMANDS = {
    "worker": [*CELERY, "worker", "--loglevel", "warning"],
    "beat": [*CELERY, "beat", "--loglevel", "warning"],
    "sealer": [sys.executable, "manage.py", "ledger", "seal"],
}


@pytest.fixture
def processes(sealed_log: SealedLog, tmp_path: Path) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """Start the three, each in a group of its own, on this test's database and cache."""
    clone = sealed_log.clone
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.peers.portal_settings",
        "DATABASE_URL": clone.address("portal_app"),
        "SEALER_DATABASE_URL": clone.address("portal_sealer"),
        "LEDGER_KEY": sealed_log.signer.text(),
        "LEDGER_HEAD_FILE": str(tmp_path / "head"),
        "REDIS_URL": settings.REDIS_URL,
        "PORTAL_FILES": str(tmp_path),
    }
    started = {
        name: subprocess.Popen(command, cwd=CHECKOUT, env={**os.environ, **environment}, start_new_session=True)
        for name, command in COMMANDS.items()
    }
    yield started
    for process in started.values():
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its children at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until_it_says(client: Client, expected: dict[str, str], seconds: float) -> None:
    """Ask health again until it says this of the three; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while (found := said(client)) != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.5)


def said(client: Client) -> dict[str, str]:
    """Return what health says of the three."""
    checks = client.get("/health/ready").json()["checks"]
    return {name: checks[name] for name in COMMANDS}


def test_each_process_that_is_killed_is_named_within_a_minute(
    processes: dict[str, "subprocess.Popen[bytes]"], visitor_client: Client
) -> None:
    expected = dict.fromkeys(COMMANDS, "ok")
    until_it_says(visitor_client, expected, LONGEST_START)
    kill(processes["beat"])
    expected["beat"] = "late"
    until_it_says(visitor_client, expected, MINUTE)
    for name in ("worker", "sealer"):
        kill(processes[name])
        expected[name] = "late"
    until_it_says(visitor_client, expected, MINUTE)
    cache.clear()
    assert set(said(visitor_client).values()) == {"not started"}
