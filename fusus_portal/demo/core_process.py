"""The CORE that runs beside the demo. `make run` starts it as another process, so this imports nothing of Django."""

import sys
from pathlib import Path

AT_WORK = "FC4-00001"
CHANNELS = ("front", "back")


def memory_in(directory: Path) -> Path:
    return directory / "core.json"


def command(directory: Path, *, server: str) -> str:
    """Return the command that runs the CORE; "" without a key, as in a demo older than the CORE."""
    memory = memory_in(directory)
    if not memory.exists():
        return ""
    cameras = " ".join(f"--camera {channel}=testsrc" for channel in CHANNELS)
    client = f"run_core --server {server} --serial {AT_WORK} --state '{memory}' {cameras} --verbosity 0"
    return f'exec "{sys.executable}" manage.py {client}'
