"""docs/performance.md: one section for each benchmark, written by its run and by nothing else."""

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from pathlib import Path

WIDTH = 120
INTRODUCTION = """\
# Performance

`make bench` writes this page in about an hour, and ends with an error when a bar is missed. Each section names its
benchmark: `.venv/bin/python -m bench county.canvass` runs that one alone and replaces its section.

Times depend on the machine and on what else runs on it. So every bar is a count, or a ratio to something that uses the
same resources and was measured beside it in the same run (docs/decisions/benchmarks.md). Ratios are of processor time,
of the benchmark's process and the database's together, unless a section says otherwise: it depends least on what else
runs. A bare page is the measure for pages: a Django view without middleware that asks the database ten questions and
shows 200 rows (`bench/peers/bare`). Plain rows are the measure for what is written: the same rows, written again to
tables with the same columns, checks and indexes, without triggers. Servers and databases are made for the run, with
PostgreSQL's own defaults: what is committed is on disk.
"""
SECTION = re.compile(r"^## .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"^## .* \(`([\w.]+)`\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Table:
    """A table in Markdown. Numbers are written with three digits, whole ones in full."""

    headings: Sequence[str]
    rows: Iterable[Sequence[object]]

    def __str__(self) -> str:
        return "\n".join(_line(row) for row in (self.headings, ["---"] * len(self.headings), *self.rows))


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio within the run, or a count, and its limit. why: the reason for the limit, one sentence."""

    what: str
    measured: float
    why: str
    least: float = -inf
    most: float = inf

    @property
    def is_reached(self) -> bool:
        """Whether what was measured is within the limit."""
        return self.least <= self.measured <= self.most

    @property
    def row(self) -> tuple[object, ...]:
        """Its line in the table of bars."""
        limit = f"at least {shown(self.least)}" if self.most == inf else f"at most {shown(self.most)}"
        return self.what, self.measured, limit, "yes" if self.is_reached else "**no**"


@dataclass(frozen=True, slots=True)
class Part:
    """What a benchmark found: its section of the page. body: paragraphs, whose lines are broken anew, and tables."""

    title: str
    body: Sequence[str | Table]
    bars: Sequence[Bar] = ()

    def section(self, name: str, conditions: str) -> str:
        """Return the section in Markdown. conditions: when and on what it was measured."""
        body: list[str | Table] = [conditions, *self.body]
        if self.bars:
            body.append(Table(["bar", "measured", "limit", "reached"], [bar.row for bar in self.bars]))
            body.append(" ".join(dict.fromkeys(bar.why for bar in self.bars)))
        return "\n\n".join([f"## {self.title} (`{name}`)", *map(_block, body)]) + "\n"


def write(part: Part, page: Path, *, name: str, order: Sequence[str], conditions: str) -> int:
    """Write a part to its section of the page; return 1 if one of its bars is missed, else 0."""
    section = part.section(name, conditions)
    page.write_text(replaced(page.read_text(encoding="utf-8"), name, section, order), encoding="utf-8")
    print(section)
    missed = [f"{name} misses a bar: {bar.what}." for bar in part.bars if not bar.is_reached]
    print("\n".join(missed), flush=True)
    return 1 if missed else 0


def each(names: Iterable[str], alone: Callable[[str], int]) -> int:
    """Run benchmarks one after the other, whatever becomes of one; return 0 when all ended with 0, else 1."""
    failed = [name for name in names if alone(name)]
    print("\n".join(f"{name} ended with an error." for name in failed))
    return 1 if failed else 0


def replaced(page: str, name: str, section: str, order: Sequence[str]) -> str:
    """Return the page with one section replaced: all in order, and none that no benchmark writes."""
    sections = {found[1]: text for text in SECTION.findall(page) if (found := NAME.match(text))}
    sections[name] = section
    return "\n".join([INTRODUCTION, *(f"{sections[each].rstrip()}\n" for each in order if each in sections)])


def today() -> str:
    """Return the date, as sections name it."""
    return f"{datetime.now(UTC):%B %-d, %Y}"


def shown(value: object) -> str:
    """Return a value as a table shows it."""
    if not isinstance(value, float) or value == round(value):
        return f"{value:,.0f}" if isinstance(value, int | float) else str(value)
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(shown, cells))} |"


def _block(block: str | Table) -> str:
    if isinstance(block, Table):
        return str(block)
    return textwrap.fill(" ".join(block.split()), WIDTH, break_long_words=False, break_on_hyphens=False)
