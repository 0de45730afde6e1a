"""A copy of the source tree in which a fault can be planted, and the checks run on it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.repo.sources import ROOT

LEFT_OUT = (".*cache*", ".git", ".hypothesis", ".local", ".venv", "__pycache__", "build", "node_modules")
LONGEST_SECONDS = 120


class Copy:
    """The source tree in another directory, with servers of its own that one run leaves to the next."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))

    @contextmanager
    def planted(self, file: str, old: str, new: str) -> Iterator[None]:
        """Replace a text in a file once, and put it back. Raises ValueError where the text is not found."""
        path = self.root / file
        whole = path.read_text(encoding="utf-8")
        if old not in whole:
            raise ValueError(f"{file} has no {old!r} to replace; plant the fault elsewhere")
        path.write_text(whole.replace(old, new, 1), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(whole, encoding="utf-8")

    def test(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run tests of the copy in a process of their own."""
        return self._run([sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:xdist", *arguments])

    def lint_imports(self) -> subprocess.CompletedProcess[str]:
        """Hold the copy's imports against the layers."""
        return self._run([str(Path(sys.executable).with_name("lint-imports")), "--no-cache"])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        environment["COLUMNS"] = "300"  # pytest cuts what a test says at the width of the terminal
        return subprocess.run(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
