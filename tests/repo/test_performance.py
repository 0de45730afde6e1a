"""docs/performance.md is what the benchmarks wrote, and a bar that is missed is an error."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from bench.__main__ import BENCHMARKS, PAGE
from bench.page import INTRODUCTION, NAME, Found, Limit, Section, Table, each, replaced, write, written
from tests.repo.sources import python_files, tree

ORDER = ("live.gate", "live.polls", "shop.pages")
WHY = "A gate that takes longer than a question asks twice."
GATE = Section("The gate", "The gate, and a question.", {"of a question": Limit(WHY, most=2)})


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a page on which each benchmark wrote once, and somebody by hand."""
    file = tmp_path / "performance.md"
    text = "Written by hand.\n\n## Notes\n\nBy hand as well.\n"
    for name in reversed(ORDER):
        section, _missed = written(Section(name, "Of a run.", {}), Found(["The first."], {}), name=name, conditions="")
        text = replaced(text, name, section, ORDER)
    file.write_text(text, encoding="utf-8")
    return file


def sections(text: str) -> dict[str, str]:
    """Return the sections of a page by the names of their benchmarks, in the order of the page."""
    parts = text.split("\n## ")[1:]
    return {found[1]: part for part in parts if (found := NAME.search(f"## {part}"))}


def measured(page: Path, ratio: float) -> int:
    """Write what the gate's benchmark found, and return the exit code."""
    table = Table(["what", "pieces", "ms"], [("the gate", 12_500, 0.1234)])
    found = Found([f"It took {ratio} times as long.", table], {"of a question": ratio})
    return write(GATE, found, page, name="live.gate", order=ORDER, conditions="Now.")


def test_the_page_has_the_section_of_each_benchmark_in_their_order() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.startswith(INTRODUCTION)
    assert list(sections(text)) == list(BENCHMARKS)
    assert text.count("\n## ") == len(BENCHMARKS)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_section_says_what_its_benchmark_says_and_has_its_bars(name: str) -> None:
    section: Section = import_module(f"bench.{name}").SECTION
    heading, _conditions, text, *_body, bars, reasons = sections(PAGE.read_text(encoding="utf-8"))[name].split("\n\n")
    rows = [line.strip("| ").split(" | ") for line in bars.splitlines()[2:]]
    assert heading == f"{section.title} (`{name}`)"
    assert text == section.paragraph
    assert {row[0]: row[2] for row in rows} == {bar: str(limit) for bar, limit in section.bars.items()}
    assert reasons.rstrip() == section.reasons


def test_every_benchmark_is_run() -> None:
    there = {f"{file.parent.name}.{file.stem}" for file in python_files("bench") if measures(file)}
    assert there == set(BENCHMARKS)


def measures(file: Path) -> bool:
    """Tell whether a module has a `main` that returns what it found."""
    mains = (node for node in tree(file).body if isinstance(node, ast.FunctionDef) and node.name == "main")
    return any(isinstance(main.returns, ast.Name) and main.returns.id == "Found" for main in mains)


def test_a_bar_that_is_missed_ends_the_run_with_an_error_and_is_on_the_page(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measured(page, 2.5) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "live.gate misses a bar: of a question."
    assert "| of a question | 2.50 | at most 2 | **no** |" in page.read_text(encoding="utf-8")


def test_a_bar_that_is_reached_does_not(page: Path) -> None:
    assert measured(page, 1.5) == 0
    assert "| of a question | 1.50 | at most 2 | yes |" in page.read_text(encoding="utf-8")


def test_a_bar_says_which_one_it_was_or_that_its_peer_was_not_there() -> None:
    beside = Section("Beside", "All.", {"the worst": Limit(WHY, most=2), "of a peer": Limit(WHY, most=1, needs="PEER")})
    text, missed = written(beside, Found([], {"the worst": (2.5, "the third")}), name="beside", conditions="Now.")
    assert missed == ["the worst"]
    assert "| the worst | 2.50 (the third) | at most 2 | **no** |" in text
    assert "| of a peer | not measured: no PEER | at most 1 |  |" in text


def test_a_bar_without_a_measure_is_an_error() -> None:
    with pytest.raises(KeyError, match="of a question"):
        written(GATE, Found([], {}), name="live.gate", conditions="Now.")


def test_one_that_fails_ends_all_with_an_error_and_keeps_none_from_running(capsys: pytest.CaptureFixture[str]) -> None:
    ran = []

    def alone(name: str) -> int:
        ran.append(name)
        return int(name == "live.gate")

    assert each(ORDER, alone) == 1
    assert ran == [*ORDER, "live.gate"]
    assert capsys.readouterr().out == "live.gate ended with an error.\n"
    assert each(ORDER[1:], alone) == 0


def test_what_misses_once_and_then_reaches_its_bars_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    answers = {name: iter([1, 0]) for name in ORDER}
    assert each(ORDER, lambda name: next(answers[name])) == 0
    assert capsys.readouterr().out.strip() == ""


@pytest.mark.parametrize(("ratio", "reached"), [(0.94, False), (0.95, True), (1.2, True)])
def test_a_bar_may_ask_for_a_least(ratio: float, reached: bool) -> None:
    assert Limit(WHY, least=0.95).is_reached(ratio) is reached


def test_a_part_replaces_its_own_section_and_no_other(page: Path) -> None:
    before = sections(page.read_text(encoding="utf-8"))
    measured(page, 1.5)
    after = sections(page.read_text(encoding="utf-8"))
    assert list(after) == list(ORDER)
    assert [name for name in ORDER if after[name] != before[name]] == ["live.gate"]
    assert after["live.gate"].splitlines()[2:8:2] == ["Now.", GATE.text, "It took 1.5 times as long."]
    assert "| the gate | 12,500 | 0.12 |" in after["live.gate"]
    assert after["live.gate"].rstrip().endswith(WHY)


def test_what_no_benchmark_wrote_is_not_on_the_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Performance\n")
    assert "by hand" not in text.lower()
