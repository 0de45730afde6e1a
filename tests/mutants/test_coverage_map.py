"""The map knows which tests reach a line, after lines have moved and tests have changed."""

import json
from pathlib import Path

from coverage import CoverageData

from tests.mutants.__main__ import draw, reached
from tests.mutants.areas import read
from tests.mutants.coverage_map import CoverageMap, hashes_of_tests, lines_now

MODULE = "shop/payments/services/notices.py"
OLD, NEW = "tests/mutants/test_coverage_map.py", "tests/mutants/test_kinds.py"


def layer(folder: Path, number: int, source: str, lines: dict[str, list[int]], **marks: str) -> None:
    """Write down a measurement as `measure` does."""
    place = folder / "tests_mutants" / f"{number:03d}"
    place.mkdir(parents=True)
    data = CoverageData(str(place / "coverage"))
    for test, numbers in lines.items():
        data.set_context(f"{test}|run")
        data.add_lines({MODULE: numbers})
    data.write()
    files = {file: hashes_of_tests("tests/mutants")[file] for file in {test.partition("::")[0] for test in lines}}
    about = {"sources": {MODULE: source}, "files": {**files, **marks}, "seconds": dict.fromkeys(lines, 0.5)}
    (place / "about.json").write_text(json.dumps(about), encoding="utf-8")


def test_lines_that_moved_keep_their_tests_and_changed_ones_have_none() -> None:
    assert lines_now("a\nb\nc\n", "x\na\nB\nc\n") == {1: 2, 3: 4}


def test_a_newer_measurement_speaks_for_its_test_files(tmp_path: Path) -> None:
    now = read(MODULE)
    then = "\n".join(now.splitlines()[2:])
    layer(tmp_path, 1, then, {f"{OLD}::one": [10, 20], f"{NEW}::two": [10]})
    layer(tmp_path, 2, now, {f"{NEW}::two": [22]})
    found = CoverageMap("tests/mutants", tmp_path).reached(MODULE)
    assert {line: names for line, names in found.items() if names} == {
        12: {f"{OLD}::one"},
        22: {f"{OLD}::one", f"{NEW}::two"},
    }


def test_files_that_are_new_or_changed_are_measured_again_and_lost_ones_forgotten(tmp_path: Path) -> None:
    layer(tmp_path, 1, read(MODULE), {f"{OLD}::one": [22]}, **{NEW: "another hash", "tests/test_gone.py": "x"})
    known = CoverageMap("tests/mutants", tmp_path)
    assert OLD not in known.outdated()
    assert NEW in known.outdated()
    assert "tests/test_gone.py" not in known.speaks_for()


def test_the_same_seed_draws_the_same_and_only_what_tests_reach(tmp_path: Path) -> None:
    layer(tmp_path, 1, read(MODULE), {f"{OLD}::one": list(range(25, 70))})
    there = reached("shop", CoverageMap("tests/mutants", tmp_path))
    assert {mutant.path for mutant, _ in there} == {MODULE}
    assert all(25 <= mutant.line < 70 for mutant, _ in there)
    assert draw(there, 7, 5) == draw(there, 7, 5) != draw(there, 8, 5)
    assert len(draw(there, 7, 10_000)) == len(there)
    drawn = draw(there, 7, 5)
    elsewhere = [each for each in there if each not in drawn]
    assert draw(elsewhere[1:] + drawn, 7, 5) == drawn, "what leaves the tree moved the others"
