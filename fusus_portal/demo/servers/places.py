"""Directories of a checkout's embedded servers. Sockets are below /tmp: their names may have only 107 bytes."""

import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOM_FOR_TESTS = 2 << 30
"""Bytes free in shared memory before tests put their database there; containers often give 64 MB."""

TESTS_RUN = "TESTS_RUN"
"""Variable that names a run of the tests with servers of its own."""

ONLY_US = 0o700
OTHERS_PASS = 0o711


@dataclass(frozen=True)
class Place:
    """Directories of one set of servers: files in `base`, sockets in two others."""

    base: Path
    postgres_sockets: Path
    valkey_sockets: Path


def mark(checkout: Path) -> str:
    """Return a short name for a checkout and the person who runs it."""
    text = f"{os.geteuid()}:{checkout.resolve()}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def place(checkout: Path, *, purpose: str, base: Path) -> Place:
    name = f"fusus-portal-{mark(checkout)}-{purpose}"
    return Place(
        base=base,
        postgres_sockets=Path("/tmp") / f"{name}-pg",  # noqa: S108 (owner and mode are checked)
        valkey_sockets=Path("/tmp") / f"{name}-kv",  # noqa: S108
    )


def development(checkout: Path) -> Place:
    return place(checkout, purpose="run", base=checkout / ".local")


def tests(checkout: Path) -> Place:
    """Return the place of this run of the tests, in memory if there is room."""
    memory = Path("/dev/shm")  # noqa: S108
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_FOR_TESTS
    root = memory if roomy else Path(tempfile.gettempdir())
    purpose = os.environ.get(TESTS_RUN, "test")
    return place(checkout, purpose=purpose, base=root / f"fusus-portal-{mark(checkout)}-{purpose}")


def outside(checkout: Path) -> Path:
    """Return the directory for files of a checkout that the database's account can't enter."""
    return Path("/var/tmp") / f"fusus-portal-{mark(checkout)}"  # noqa: S108


def valkey_url(where: Place, database: int = 0) -> str:
    return f"unix://{where.valkey_sockets}/valkey.sock?db={database}"


def live_url(where: Place, database: int = 0) -> str:
    return f"unix://{where.valkey_sockets}/live.sock?db={database}"


def test_live_url(checkout: Path, worker: str) -> str:
    return live_url(tests(checkout), int(worker.removeprefix("gw")))


def test_redis_url(checkout: Path, worker: str) -> str:
    return valkey_url(tests(checkout), int(worker.removeprefix("gw")))


def make_directory(path: Path, mode: int = ONLY_US) -> Path:
    """Make a directory that nobody else may write in. Raises PermissionError if it is somebody else's."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{path} is not a directory of ours; remove it and try again.")
    path.chmod(mode)
    return path
