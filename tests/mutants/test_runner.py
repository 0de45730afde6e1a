"""A fault is put before the tests without touching the file, and said to be noticed only when a test fails by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants.__main__ import proved
from tests.mutants.areas import read
from tests.mutants.coverage_map import CoverageMap
from tests.mutants.kinds import Edit, Kind, Mutant, mutants
from tests.mutants.runner import Result, Verdict, asked, likeliest_first, run
from tests.mutants.slots import Slot

pytestmark = pytest.mark.long
"""Each starts pytest a few times."""

MODULE = "integration/watch_hours/policies.py"
FILE = "tests/integration/watch_hours/test_watch_hours.py::TestWhatStandsOut"
TESTS = [
    f"{FILE}::test_where_no_other_area_has_its_kind_all_others_are_compared",
    f"{FILE}::test_an_area_above_three_times_the_median_of_its_kind",
]
SECONDS = dict.fromkeys(TESTS, 0.1)


@pytest.fixture(scope="module")
def slot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slot]:
    """A process that has collected the tests."""
    made = Slot(0, [FILE.partition("::")[0]], tmp_path_factory.mktemp("slot"))
    yield made
    made.close()


def fault(before: str) -> Mutant:
    """Return the first mutant of the module whose line holds a text."""
    source = read(MODULE)
    return next(one for one in mutants(MODULE, source) if before in one.lines(source)[0] and one.kind == Kind.NEGATED)


def change(before: str, after: str) -> Mutant:
    """Return a mutant that puts another text in the place of the first one like it."""
    start = read(MODULE).encode().index(before.encode())
    return Mutant(MODULE, 1, Kind.DROPPED, (Edit(start, start + len(before.encode()), after),), 1)


def test_a_fault_is_noticed_and_the_file_is_left_alone(tmp_path: Path, slot: Slot) -> None:
    before = read(MODULE)
    result = run(fault("seconds > usual"), TESTS, SECONDS, folder=tmp_path, slot=slot)
    assert (result.verdict, result.by) == (Verdict.NOTICED, TESTS[0])
    assert read(MODULE) == before


def test_what_changes_nothing_is_not_noticed_by_any_of_the_tests(tmp_path: Path, slot: Slot) -> None:
    result = run(change("import median", "import median as median"), TESTS, SECONDS, folder=tmp_path, slot=slot)
    assert (result.verdict, result.ran) == (Verdict.UNNOTICED, 2)


def test_what_can_not_be_imported_is_noticed_and_tests_that_are_gone_are_not_asked(tmp_path: Path, slot: Slot) -> None:
    broken = run(change("import median", "import nowhere_at_all"), TESTS, SECONDS, folder=tmp_path, slot=slot)
    assert broken.verdict is Verdict.NOTICED
    gone = [f"{FILE}::test_gone"]
    nothing = run(
        change("import median", "import median as median"), gone, dict.fromkeys(gone, 1.0), folder=tmp_path, slot=slot
    )
    assert nothing.verdict is Verdict.BROKEN


def test_a_loop_without_end_is_noticed(tmp_path: Path, slot: Slot) -> None:
    endless = change("    rows = list(watched)", "    while True: rows = []")
    result = run(endless, TESTS, SECONDS, folder=tmp_path, slot=slot)
    assert (result.verdict, result.by) == (Verdict.NOTICED, TESTS[0])
    assert "longer than" in result.why


def test_a_test_that_fails_anyhow_has_noticed_nothing(tmp_path: Path, slot: Slot) -> None:
    gone = f"{FILE}::test_gone"
    results = [Result(fault("seconds > usual"), Verdict.NOTICED, by) for by in (TESTS[0], gone)]
    known = CoverageMap("tests/mutants", tmp_path)
    known.seconds.update({**SECONDS, gone: 1.0})
    assert [each.verdict for each in proved(results, known, tmp_path, slot)] == [Verdict.NOTICED, Verdict.BROKEN]


def test_the_same_noun_comes_before_the_same_app_and_short_before_long() -> None:
    seconds = {
        "tests/audit/console/test_rows.py::quick": 0.1,
        "tests/shop/books/test_books.py::quick": 0.1,
        "tests/shop/returns/test_returns.py::slow": 9.0,
        "tests/shop/returns/test_return_pages.py::quick": 0.1,
        "tests/shop/returns/test_returns.py::quick": 0.2,
    }
    order = likeliest_first("shop/returns/services.py", set(seconds), seconds)
    assert order[:2] == ["tests/shop/returns/test_return_pages.py::quick", "tests/shop/returns/test_returns.py::quick"]
    assert order[-1] == "tests/shop/returns/test_returns.py::slow"
    assert order.index("tests/shop/books/test_books.py::quick") < order.index("tests/audit/console/test_rows.py::quick")


def test_a_drawn_fault_is_put_before_a_minute_of_tests_and_before_one_in_any_case() -> None:
    seconds = {"first": 40.0, "second": 15.0, "third": 10.0, "fourth": 1.0}
    assert asked(list(seconds), seconds) == ["first", "second"]
    assert asked(["long"], {"long": 90.0}) == ["long"]
