"""A plugin of pytest that writes down which tests passed and how long each took, while coverage is measured."""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

WRITES_TO = "MUTANTS_MEASURED"


class Durations:
    """Adds up setup, call and teardown of each test."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if not report.passed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        passed = {name: seconds for name, seconds in self.seconds.items() if name not in self.failed}
        self.file.write_text(json.dumps({"seconds": passed, "failed": sorted(self.failed)}), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Write in the controller only: a worker of xdist tells it what it ran."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Durations(Path(os.environ[WRITES_TO])))
