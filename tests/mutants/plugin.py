"""A plugin of pytest that runs chosen tests in a chosen order with one module changed, none on the disk.

The order is a JSON file: `module`, `path`, `source` (of the mutant, "" for none), `tests` and `limits` (seconds). What
came of it is written beside it: whether the mutant was imported, which test failed first, and why.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, NoReturn

import pytest

from tests.mutants.orders import ORDER, OUTCOME

AGAIN_SECONDS = 5
"""How soon a test that swallowed its end by the clock is ended again."""


class Loader(SourceFileLoader):
    """Compiles the mutant's text in place of the file's."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source
        self.is_used = False
        self.tell: Callable[[], None] = lambda: None

    def get_code(self, fullname: str) -> CodeType:
        """Compile without any cache, and tell so at once: with some mutants Django does not start."""
        self.is_used = True
        self.tell()
        code = compile(self.source, self.path, "exec", dont_inherit=True)
        assert isinstance(code, CodeType)
        return code


class Finder(MetaPathFinder):
    """Answers for one module."""

    def __init__(self, name: str, path: str, source: str) -> None:
        self.name = name
        self.loader = Loader(name, path, source)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the mutant is, None for every other module."""
        if fullname != self.name:
            return None
        file = Path(self.loader.path)
        below = [str(file.parent)] if file.name == "__init__.py" else None
        return spec_from_file_location(fullname, file, loader=self.loader, submodule_search_locations=below)


class Run:
    """Chooses, orders and times the tests, and writes down what came of them."""

    def __init__(self, order: dict[str, Any], folder: Path, finder: Finder | None) -> None:
        self.tests = {name: place for place, name in enumerate(order["tests"])}
        self.limits: dict[str, float] = order["limits"]
        self.file = folder / OUTCOME
        self.finder = finder
        self.noticed_by: dict[str, str] = {}
        self.ran: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = self.chosen(items)

    def chosen(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """Return the tests of the order, in its order."""
        return sorted((item for item in items if item.nodeid in self.tests), key=lambda item: self.tests[item.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """End a test that takes many times as long as it did: the mutant made a loop without end."""

        def end(number: int, frame: FrameType | None) -> NoReturn:
            pytest.fail(f"longer than {limit:.0f} s")

        limit = self.limits[item.nodeid]
        self.ran.append(item.nodeid)
        self.write()
        before = signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, limit, AGAIN_SECONDS)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            last = report.longreprtext.strip().splitlines()[-1:]
            self.noticed_by.setdefault(report.nodeid, f"{report.when}: {''.join(last)}")
            self.write()

    def write(self) -> None:
        """Write down what is known by now; that the file is new also says that the run goes on."""
        applied = self.finder is None or self.finder.loader.is_used
        found = {"applied": applied, "noticed_by": self.noticed_by, "ran": self.ran}
        self.file.write_text(json.dumps(found), encoding="utf-8")

    def pytest_unconfigure(self) -> None:
        self.write()


def start() -> Run:
    """Read the order and put the mutant in the way of its module, before anything of the portal is imported."""
    file = Path(os.environ[ORDER])
    order = json.loads(file.read_text(encoding="utf-8"))
    finder = Finder(order["module"], order["path"], order["source"]) if order["source"] else None
    if finder is not None:
        if finder.name in sys.modules:
            raise RuntimeError(f"{finder.name} is imported already")
        sys.meta_path.insert(0, finder)
    run = Run(order, file.parent, finder)
    if finder is not None:
        finder.loader.tell = run.write
    return run


RUN = start() if ORDER in os.environ else None


def pytest_configure(config: pytest.Config) -> None:
    """Take part where an order was given."""
    if RUN is not None:
        config.pluginmanager.register(RUN)
