"""docs/performance.md: one section for each benchmark, written by its run and by nothing else."""

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from pathlib import Path

WIDTH = 120
INTRODUCTION = """\
# Performance

`make bench` writes this page in about 40 minutes. What misses a bar runs once more after all others, and `make bench`
ends with an error when it misses again: a busy moment of the machine is no slower portal. Each section names its
benchmark: `.venv/bin/python -m bench county.canvass` runs that one alone and replaces its section.

Times depend on the machine and on what else runs on it. So every bar is a count, or a ratio to something that uses the
same resources and was measured beside it in the same run (docs/decisions/ground/benchmarks.md). Ratios are of processor
time, of the benchmark's process and the database's together, unless a section says otherwise: it depends least on what
else runs. A bare page is the measure for pages: a Django view without middleware that asks the database ten questions
and shows 200 rows (`bench/peers/bare`). Plain rows are the measure for what is written: the same rows, written again to
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
class Limit:
    """A bar: the range of a ratio or a count. why: the reason, in one sentence. needs: a peer that a run may lack."""

    why: str
    least: float = -inf
    most: float = inf
    needs: str = ""

    def __str__(self) -> str:
        return f"at least {shown(self.least)}" if self.most == inf else f"at most {shown(self.most)}"

    def is_reached(self, measured: float) -> bool:
        """Return whether what was measured is within the limit."""
        return self.least <= measured <= self.most


@dataclass(frozen=True, slots=True)
class Section:
    """A benchmark's section of the page, without results. text: one paragraph. bars: limits by what is measured."""

    title: str
    text: str
    bars: Mapping[str, Limit]

    @property
    def paragraph(self) -> str:
        """The section's text, as the page has it."""
        return _block(self.text)

    @property
    def reasons(self) -> str:
        """The reasons of all limits, as the page has them."""
        return _block(" ".join(dict.fromkeys(limit.why for limit in self.bars.values())))


@dataclass(frozen=True, slots=True)
class Found:
    """Results of a run: paragraphs and tables, and for each bar the measured value, with a note on its case."""

    body: Sequence[str | Table]
    measured: Mapping[str, float | tuple[float, str]]


def written(section: Section, found: Found, *, name: str, conditions: str) -> tuple[str, list[str]]:
    """Return a section in Markdown, and the bars that it misses. conditions: when and on what it was measured."""
    rows: list[tuple[object, ...]] = []
    missed = []
    for bar, limit in section.bars.items():
        if limit.needs and bar not in found.measured:
            rows.append((bar, f"not measured: no {limit.needs}", limit, ""))
            continue
        said = found.measured[bar]
        value, which = said if isinstance(said, tuple) else (said, "")
        reached = limit.is_reached(value)
        rows.append((bar, f"{shown(value)} ({which})" if which else value, limit, "yes" if reached else "**no**"))
        missed += [] if reached else [bar]
    bars = Table(["bar", "measured", "limit", "reached"], rows)
    blocks = [conditions, section.paragraph, *map(_block, found.body), str(bars), section.reasons]
    return "\n\n".join([f"## {section.title} (`{name}`)", *blocks]) + "\n", missed


def write(section: Section, found: Found, page: Path, *, name: str, order: Sequence[str], conditions: str) -> int:
    """Write a section to the page; return 1 if one of its bars is missed, else 0."""
    text, missed = written(section, found, name=name, conditions=conditions)
    page.write_text(replaced(page.read_text(encoding="utf-8"), name, text, order), encoding="utf-8")
    print(text)
    print("\n".join(f"{name} misses a bar: {bar}." for bar in missed), flush=True)
    return 1 if missed else 0


def each(names: Iterable[str], alone: Callable[[str], int]) -> int:
    """Run benchmarks one after the other, whatever becomes of one; return 0 when all ended with 0, else 1.

    One that fails runs once more after all others: a busy moment of the machine is no fault of the portal's.
    """
    failed = [name for name in [name for name in names if alone(name)] if alone(name)]
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
