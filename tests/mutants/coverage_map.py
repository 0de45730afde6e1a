"""The tests that reach each line: measured once, kept below .local/, and measured again for test files that changed.

Each measurement is a layer: the lines that tests of some files reached, and the sources as they were. A newer layer
speaks for its test files; lines that changed since have no tests until everything is measured anew.
"""

import difflib
import hashlib
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

from tests.mutants.areas import environment, modules, read
from tests.mutants.measuring import WRITES_TO
from tests.repo.sources import ROOT

FOLDER = ROOT / ".local" / "mutants"
MARKS = "not long and not browser"
"""Marks of the tests that are measured: those that take minutes notice faults too, but are left out."""


@dataclass(frozen=True)
class Layer:
    """One measurement. sources: text by path. files: hash by test file. seconds: of each test that passed."""

    folder: Path
    sources: dict[str, str]
    files: dict[str, str]
    seconds: dict[str, float]

    @classmethod
    def read(cls, folder: Path) -> "Layer":
        """Read a finished measurement."""
        return cls(folder, **json.loads((folder / "about.json").read_text(encoding="utf-8")))

    def reached(self, path: str, now: str) -> dict[int, set[str]]:
        """Return which tests reached each line of a file that still is as it was. now: its text."""
        then = self.sources.get(path)
        if then is None:
            return {}
        data = CoverageData(str(self.folder / "coverage"))
        data.read()
        moved = lines_now(then, now)
        return {
            moved[line]: {context.rpartition("|")[0] for context in contexts} & self.seconds.keys()
            for line, contexts in data.contexts_by_lineno(path).items()
            if line in moved
        }


class CoverageMap:
    """All measurements of one choice of tests, the newest last."""

    def __init__(self, tests: str, folder: Path = FOLDER) -> None:
        self.tests = tests
        self.folder = folder / tests.strip("/").replace("/", "_")
        finished = self.folder.glob("*/about.json")
        self.layers = [Layer.read(file.parent) for file in sorted(finished)]
        self.seconds = {name: took for layer in self.layers for name, took in layer.seconds.items()}

    def speaks_for(self) -> dict[str, Layer]:
        """Return the layer that counts for each test file which is still there."""
        return {file: layer for layer in self.layers for file in layer.files if (ROOT / file).exists()}

    def outdated(self) -> list[str]:
        """Return the test files that are new or changed since they were measured."""
        known = self.speaks_for()
        return [file for file, mark in hashes_of_tests(self.tests).items()
                if file not in known or known[file].files[file] != mark]  # fmt: skip

    def reached(self, path: str) -> dict[int, set[str]]:
        """Return the tests that reach each line of a file."""
        known, now = self.speaks_for(), read(path)
        found: defaultdict[int, set[str]] = defaultdict(set)
        for layer in self.layers:
            for line, names in layer.reached(path, now).items():
                found[line] |= {name for name in names if known.get(name.partition("::")[0]) is layer}
        return found

    def measure(self, files: list[str], *, jobs: int) -> "CoverageMap":
        """Run test files and keep what they reached; return the map with it."""
        marks = hashes_of_tests(self.tests)
        folder = self.folder / f"{len(self.layers) + 1:03d}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sources = {path: read(path) for path in modules()}
        measured = run_measured(folder, files, jobs)
        for name in measured["failed"]:
            sys.stdout.write(f"fails without any mutant, so it is not asked: {name}\n")
        about = {"sources": sources, "files": {file: marks[file] for file in files}, "seconds": measured["seconds"]}
        unfinished = folder / "about.part"
        unfinished.write_text(json.dumps(about), encoding="utf-8")
        unfinished.rename(folder / "about.json")
        return CoverageMap(self.tests, self.folder.parent)

    def forget(self) -> None:
        """Throw all measurements away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def current(tests: str, *, jobs: int, refresh: bool) -> CoverageMap:
    """Return the map of a choice of tests, brought up to date."""
    found = CoverageMap(tests)
    if refresh:
        found.forget()
        found = CoverageMap(tests)
    if stale := found.outdated():
        sys.stdout.write(f"Measuring which lines {len(stale)} test files reach ...\n")
        sys.stdout.flush()
        return found.measure(stale, jobs=jobs)
    return found


def run_measured(folder: Path, files: list[str], jobs: int) -> dict[str, dict[str, float]]:
    """Run test files under coverage. Return seconds of what passed and the names of what failed."""
    config, told = folder / "coveragerc", folder / "measured.json"
    include = "\n    ".join(modules())
    config.write_text(f"[run]\nbranch = false\nrelative_files = true\ninclude =\n    {include}\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", str(jobs), "--dist", "worksteal", "-m", MARKS, "--no-header",
         "-p", "tests.mutants.measuring", "--cov", f"--cov-config={config}", "--cov-context=test", "--cov-report=",
         "--tb=no", *files],
        cwd=ROOT,
        env=environment(**{"COVERAGE_FILE": str(folder / "coverage"), WRITES_TO: str(told)}),
        check=False,
    )  # fmt: skip
    if not told.exists():
        raise SystemExit("pytest did not run; see above.")
    measured: dict[str, dict[str, float]] = json.loads(told.read_text(encoding="utf-8"))
    return measured


def hashes_of_tests(tests: str) -> dict[str, str]:
    """Return a hash of each test file of a choice: a folder or a file."""
    chosen = ROOT / tests
    files = [chosen] if chosen.is_file() else sorted(chosen.rglob("test_*.py"))
    return {file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def lines_now(then: str, now: str) -> dict[int, int]:
    """Return where the lines are now that did not change."""
    blocks = difflib.SequenceMatcher(None, then.splitlines(), now.splitlines(), autojunk=False).get_matching_blocks()
    return {block.a + i + 1: block.b + i + 1 for block in blocks for i in range(block.size)}
