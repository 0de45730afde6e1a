"""docs/performance.md is what the benchmarks wrote, and a bar that is missed is an error."""

import ast
from pathlib import Path

import pytest

from bench.__main__ import BENCHMARKS, PAGE
from bench.page import NAME, Bar, Part, Table, each, replaced, write
from tests.repo.sources import python_files, tree

ORDER = ("gate", "polls", "shop")
WHY = "A gate that takes longer than a question asks twice."


def gate(measured: float) -> Part:
    """Return what a benchmark found: so many times as long as what was measured beside it, where 2 is the limit."""
    found = Table(["what", "pieces", "ms"], [("the gate", 12_500, 0.1234)])
    return Part(
        "The gate", [f"It took {measured} times as long.", found], [Bar("of a question", measured, WHY, most=2)]
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a page on which each benchmark wrote once, and somebody by hand."""
    file = tmp_path / "performance.md"
    text = "Written by hand.\n\n## Notes\n\nBy hand as well.\n"
    for name in reversed(ORDER):
        text = replaced(text, name, Part(name.title(), [f"The first run of {name}."]).section(name, "Then."), ORDER)
    file.write_text(text, encoding="utf-8")
    return file


def sections(text: str) -> dict[str, str]:
    """Return the sections of a page by the names of their benchmarks, in the order of the page."""
    parts = text.split("\n## ")[1:]
    return {found[1]: part for part in parts if (found := NAME.search(f"## {part}"))}


def measured(page: Path, ratio: float) -> int:
    """Run one benchmark, and return the exit code."""
    return write(gate(ratio), page, name="gate", order=ORDER, conditions="Now.")


def test_the_page_has_the_section_of_each_benchmark_in_their_order() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert list(sections(text)) == list(BENCHMARKS)
    assert text.count("\n## ") == len(BENCHMARKS)


def test_every_benchmark_is_run() -> None:
    there = {f"{file.parent.name}.{file.stem}" for file in python_files("bench") if measures(file)}
    assert there == set(BENCHMARKS)


def measures(file: Path) -> bool:
    """Tell whether a module has a `main` that returns a part of the page."""
    mains = (node for node in tree(file).body if isinstance(node, ast.FunctionDef) and node.name == "main")
    return any(isinstance(main.returns, ast.Name) and main.returns.id == "Part" for main in mains)


def test_a_bar_that_is_missed_ends_the_run_with_an_error_and_is_on_the_page(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(page, 2.5) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "gate misses a bar: of a question."
    assert "| of a question | 2.50 | at most 2 | **no** |" in page.read_text(encoding="utf-8")


def test_a_bar_that_is_reached_does_not(page: Path) -> None:
    assert measured(page, 1.5) == 0
    assert "| of a question | 1.50 | at most 2 | yes |" in page.read_text(encoding="utf-8")


def test_one_that_fails_ends_all_with_an_error_and_keeps_none_from_running(capsys: pytest.CaptureFixture[str]) -> None:
    ran = []

    def alone(name: str) -> int:
        ran.append(name)
        return int(name == "gate")

    assert each(ORDER, alone) == 1
    assert ran == list(ORDER)
    assert capsys.readouterr().out == "gate ended with an error.\n"
    assert each(ORDER[1:], alone) == 0


@pytest.mark.parametrize(("ratio", "reached"), [(0.94, False), (0.95, True), (1.2, True)])
def test_a_bar_may_ask_for_a_least(ratio: float, reached: bool) -> None:
    assert Bar("of plain rows", ratio, WHY, least=0.95).is_reached is reached


def test_a_part_replaces_its_own_section_and_no_other(page: Path) -> None:
    before = sections(page.read_text(encoding="utf-8"))
    measured(page, 1.5)
    after = sections(page.read_text(encoding="utf-8"))
    assert list(after) == list(ORDER)
    assert [name for name in ORDER if after[name] != before[name]] == ["gate"]
    assert after["gate"].splitlines()[2:6:2] == ["Now.", "It took 1.5 times as long."]
    assert "| the gate | 12,500 | 0.12 |" in after["gate"]
    assert after["gate"].rstrip().endswith(WHY)


def test_what_no_benchmark_wrote_is_not_on_the_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Performance\n")
    assert "by hand" not in text.lower()
