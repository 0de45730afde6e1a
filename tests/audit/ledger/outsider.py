"""The verifier as an outsider runs it: the downloaded file, in a process that has no package but `cryptography`."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit.ledger import export
from audit.log.actors import AT_THE_SERVER
from tests.audit.ledger.conftest import write_entries
from tests.sealed_log import SealedLog

NEEDED = ("cryptography", "cffi", "_cffi_backend", "pycparser")
"""Packages that `pip install cryptography` brings."""


@dataclass(frozen=True)
class Outsider:
    """Somebody with Python, `cryptography`, and no code of ours but the verifier."""

    packages: Path
    folder: Path

    def verify(self, program: Path, *arguments: object, jobs: int = 1) -> tuple[int, list[str]]:
        """Run the verifier; return its exit code, and the lines that it wrote."""
        done = subprocess.run(
            [sys.executable, "-S", str(program), *map(str, arguments), "--jobs", str(jobs)],
            cwd=self.folder,
            env={"PYTHONPATH": str(self.packages), "PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return done.returncode, done.stdout.splitlines()


@pytest.fixture
def outsider(tmp_path: Path) -> Outsider:
    """Somebody who has never seen this installation."""
    packages, folder = tmp_path / "packages", tmp_path / "at-home"
    packages.mkdir()
    folder.mkdir()
    for name in NEEDED:
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            origin = Path(found.origin)
            package = origin.parent if origin.name == "__init__.py" else origin
            (packages / package.name).symlink_to(package)
    return Outsider(packages, folder)


@pytest.fixture
def entry_ids(sealed_log: SealedLog) -> list[int]:
    """Return the ids of 600 entries of the log; the first 300 are published."""
    written = [entry.pk for entry in write_entries(300)]
    sealed_log.seal_and_publish()
    written += [entry.pk for entry in write_entries(300)]
    sealed_log.seal()
    return written


@pytest.fixture
def log_key(sealed_log: SealedLog) -> str:
    """The log's key, as somebody got it from elsewhere."""
    return str(sealed_log.signer.verifier)


def exported(place: Path) -> Path:
    """Export the log into a new folder."""
    folder = place / "export"
    export.export(folder=folder, by=AT_THE_SERVER)
    return folder
