"""`python -m tests.days`: run the suite on the days on which clocks and calendars trip, and name what fails there.

libfaketime leads the clock of the tests and of all that they start: PostgreSQL, Valkey, workers, browsers.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from fusus_portal.demo.servers import places
from tests.days.libfaketime import library
from tests.repo.sources import ROOT

COUNTY = ZoneInfo("America/Chicago")
FAR = "Pacific/Kiritimati"
"""Fourteen hours before UTC, so that the machine and the county seldom share a date."""

FAILED = re.compile(r"(?:FAILED|ERROR) (\S.*?)(?: - .*)?$")
"""A line of pytest's summary."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day to run the suite on. begins: in the county's time. zone: the machine's own."""

    begins: datetime
    zone: str = "UTC"

    @property
    def name(self) -> str:
        """Return the date, by which DAY= chooses."""
        return self.begins.date().isoformat()

    @property
    def compiled(self) -> Path:
        """Return the folder of its compiled modules, since the times of files are led with the clock."""
        return ROOT / ".local" / "days" / self.name

    def environment(self) -> dict[str, str]:
        """Return the environment of processes for which the day begins now."""
        ahead = self.begins.timestamp() - datetime.now(tz=UTC).timestamp()
        return {
            **os.environ,
            "LD_PRELOAD": str(library()),
            "FAKETIME": f"{ahead:+.0f}s",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "TZ": self.zone,
            "DJANGO_SETTINGS_MODULE": "fusus_portal.settings.test",
            "PYTHONPYCACHEPREFIX": str(self.compiled),
        }


DAYS = (
    Day(datetime(2026, 11, 1, 1, 55, tzinfo=COUNTY)),
    Day(datetime(2027, 2, 28, 10, tzinfo=COUNTY)),
    Day(datetime(2028, 2, 29, 10, tzinfo=COUNTY)),
    Day(datetime(2028, 3, 12, 1, 55, tzinfo=COUNTY)),
    Day(datetime(2028, 4, 30, 10, tzinfo=COUNTY)),
    Day(datetime(2028, 7, 31, 10, tzinfo=COUNTY), zone=FAR),
    Day(datetime(2028, 12, 31, 23, 50, tzinfo=COUNTY)),
)
"""The 1st, 28th, 30th and 31st, a leap day, and, while the suite runs, both changes of the clock and the new year.

In 2026 clocks go back on a 1st, which saves a run.
"""


def main() -> int:
    """Run the tests on each day; return 1 when one failed twice on the same day, or a run did not start."""
    parser = argparse.ArgumentParser(prog="make test-days", description=__doc__)
    parser.add_argument("--day", choices=[day.name for day in DAYS], help="one of the days (DAY=2028-02-29)")
    asked, arguments = parser.parse_known_args()
    failed = {day.name: suite(day, arguments) for day in DAYS if asked.day in (None, day.name)}
    for name, tests in failed.items():
        print(f"{name}: {len(tests)} failed", *tests, sep="\n  ")  # noqa: T201
    return int(any(failed.values()))


def suite(day: Day, arguments: list[str]) -> list[str]:
    """Return the tests that fail on a day, and once more alone: a busy machine can fail a test once."""
    print(f"{day.name}, {day.begins:%H:%M} in the county, machine in {day.zone}", flush=True)  # noqa: T201
    os.environ[places.TESTS_RUN] = f"test-{day.name}"  # servers of its own, whose clock is led too
    try:
        first = failures(day, arguments)
        return failures(day, ["-n", "0", *first]) if first else []
    finally:
        for folder in (places.tests(ROOT).base, day.compiled):
            shutil.rmtree(folder, ignore_errors=True)


def failures(day: Day, arguments: list[str]) -> list[str]:
    """Run pytest on a day and return the names of the tests that failed. Raises CalledProcessError for another end."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.days.file_times", "-q", "-rfE", "--tb=short", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=day.environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = list(print_through(process.stdout))
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, command)
    return sorted({found[1] for line in lines if (found := FAILED.match(line))})


def print_through(lines: Iterable[str]) -> Iterator[str]:
    """Print lines as they come, and hand them on."""
    for line in lines:
        print(line, end="", flush=True)  # noqa: T201
        yield line


if __name__ == "__main__":
    sys.exit(main())
