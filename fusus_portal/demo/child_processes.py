"""The demo's CORE as a process, and processes that a killed `make run` left. This module needs no Django settings."""

import json
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from fusus_portal.demo.servers.postgres import write_private

AT_WORK = "FC4-00001"
CHANNELS = ("front", "back", "lot", "alley")


def core_memory(directory: Path) -> Path:
    return directory / "core.json"


def core_command(directory: Path, *, server: str) -> str:
    """Return the command that runs the demo's CORE; "" if `core.json` with its key is missing, as in an old demo."""
    memory = core_memory(directory)
    if not memory.exists():
        return ""
    cameras = " ".join(f"--camera {channel}=testsrc" for channel in CHANNELS)
    client = f"run_core --server {server} --serial {AT_WORK} --state '{memory}' {cameras} --verbosity 0"
    return f'exec "{sys.executable}" manage.py {client}'


SECONDS_TO_END = 10


def remember_processes(file: Path, numbers: list[int]) -> None:
    """Write down processes by id and time of start, since ids are reused."""
    found = (psutil.Process(number) for number in numbers if psutil.pid_exists(number))
    write_private(file, json.dumps({str(process.pid): process.create_time() for process in found}))


def end_processes(file: Path) -> int:
    """End the noted processes that still run, with their children; return their number."""
    if not file.exists():
        return 0
    found = []
    for number, started in json.loads(file.read_text(encoding="utf-8")).items():
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(number))
            if process.create_time() == started:
                found.append(process)
    family = [one for process in found for one in (process, *process.children(recursive=True))]
    for process in family:
        with suppress(psutil.NoSuchProcess):  # it has just ended
            process.terminate()
    _, stubborn = psutil.wait_procs(family, timeout=SECONDS_TO_END)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    file.unlink()
    return len(found)
