"""The suite on other days: a test that trips on a date is named, on that day and on no other."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.repo.sources import ROOT

PLANTED = """
import os
import subprocess
import time
from datetime import date

def test_trips():
    assert date.today().day != 30

def test_processes_have_the_same_day():
    assert subprocess.check_output(["/bin/date", "+%F"], text=True).strip() == date.today().isoformat()

def test_files_have_the_same_day(tmp_path):
    (tmp_path / "made").touch()
    assert abs(os.path.getmtime(tmp_path / "made") - time.time()) < 3600
"""


def days(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.days", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


pytestmark = pytest.mark.long


@pytest.fixture
def planted() -> Iterator[Path]:
    """Return a file of tests below the checkout, where pytest finds by its name what failed."""
    home = ROOT / ".local" / "days"
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home) as folder:
        file = Path(folder) / "test_planted.py"
        file.write_text(PLANTED)
        yield file


@pytest.mark.parametrize(("day", "failed"), [("2028-04-30", ["test_trips"]), ("2028-02-29", [])])
def test_a_test_that_fails_on_a_30th_is_found(planted: Path, day: str, failed: list[str]) -> None:
    ended = days("--day", day, planted)
    told = ended.stdout.partition(f"{day}: {len(failed)} failed\n")[2].split()
    assert [name.rpartition("::")[2] for name in told] == failed, ended.stdout + ended.stderr
    assert ended.returncode == len(failed)


def test_a_run_that_does_not_start_is_no_green_day(tmp_path: Path) -> None:
    assert days("--day", "2028-02-29", tmp_path / "nothing.py").returncode == 1
