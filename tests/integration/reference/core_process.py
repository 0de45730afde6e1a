"""The reference client as a process of its own, for a CORE that is at work already; and cameras for one in a test."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from integration.reference.cameras import Cameras
from integration.reference.device import Memory
from integration.reference.sources import Logins, Wanted
from tests.integration.cores.devices import Device
from tests.peers.web import CHECKOUT


@contextmanager
def running_core(
    device: Device, url: str, folder: Path, cameras: Mapping[str, str], *more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run it, and write its output to `core.log`. cameras: the source of each channel. more: options."""
    memory = folder / "core.json"
    Memory(memory, device.core.serial, device.key, device.token).save()
    command = [sys.executable, "manage.py", "run_core", "--server", url, "--serial", device.core.serial]
    command += ["--state", str(memory), "--settings", "fusus_portal.settings.test"]
    for channel, source in cameras.items():
        command += ["--camera", f"{channel}={source}"]
    command += more
    with (folder / "core.log").open("ab") as output:
        process = subprocess.Popen(command, cwd=CHECKOUT, stdout=output, stderr=output)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=20)


def cameras_of(sources: Mapping[str, str], folder: Path) -> Cameras:
    """Return cameras without logins for a client that runs in the test itself."""
    wanted = {channel: Wanted(source) for channel, source in sources.items()}
    return Cameras(wanted, folder / "core.cameras", Logins(), tell=lambda _line: None)


def sending(core: psutil.Process) -> list[psutil.Process]:
    """Return the programs of a CORE that send pieces; others read its cameras from its start on."""
    running = [each for each in core.children() if each.status() != psutil.STATUS_ZOMBIE]
    return [each for each in running if "hls" in each.cmdline()]
