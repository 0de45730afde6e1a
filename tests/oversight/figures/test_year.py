"""Figures less figures over a year: whatever two numbers of the year are subtracted, few incidents are never left.

As `test_suppression`, over twelve months, with an incident that lasts into later ones, and with the annual report: its
rows are what the months name, its "all others together" what is left of the year.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from hypothesis import given, settings

from fusus_portal.oversight.annual.selectors import _breakdown_of_year
from fusus_portal.oversight.figures.definitions import FEWEST, Dimension
from fusus_portal.oversight.figures.policies import ALL_OTHERS
from tests.oversight.figures.test_suppression import CELL, Block, Log, Publications, incidents_of, is_of_time, logs

YEAR = [date(2026, number, 1) + timedelta(days=day) for number in range(1, 13) for day in range(4)]
"""Months of four days: more would say no more."""

FEW_EXAMPLES = settings(max_examples=12)
QUARTERS = [[f"2026-{month:02}" for month in range(first, first + 3)] for first in (1, 4, 7, 10)]


def year_of(log: Log) -> tuple[Publications, dict[str, Block]]:
    """Return the publications of a year of the log, and the entries behind each, with quarters and annual report."""
    public = Publications(log, among=YEAR)
    blocks = dict(public.blocks)
    for number, months in enumerate(QUARTERS, start=1):
        blocks[f"quarter {number}"] = frozenset().union(*(public.blocks.get(f"month {name}", ()) for name in months))
    for dimension in CELL:
        blocks |= annual_blocks(public, dimension)
    return public, {name: block for name, block in blocks.items() if block}


def annual_blocks(public: Publications, dimension: Dimension) -> dict[str, Block]:
    """Return the rows of a table of the annual report, with the entries that each counts."""
    rows: dict[str, Block] = {}
    for name in public.months:
        for value, block in months_rows(public, name, dimension):
            if value != ALL_OTHERS:
                rows[value] = rows.get(value, frozenset()) | block
    year = frozenset().union(*(public.blocks.get(f"month {name}", ()) for name in public.months))
    blocks = {**rows, ALL_OTHERS: year - frozenset().union(*rows.values())} if rows else {}
    said = dict(map(tuple, _breakdown_of_year(list(months_of(public, dimension)), dimension)))
    assert said == {value: len(block) for value, block in blocks.items() if block}
    return {f"year {dimension} {value}": block for value, block in blocks.items()}


def months_rows(public: Publications, name: str, dimension: Dimension) -> Iterator[tuple[str, Block]]:
    start = f"{name} {dimension} "
    yield from ((each.removeprefix(start), block) for each, block in public.blocks.items() if each.startswith(start))


def months_of(public: Publications, dimension: Dimension) -> Iterator[Mapping[str, Any]]:
    """Yield the months as the report of the figures has them."""
    for name in public.months:
        rows = [[value, len(block)] for value, block in months_rows(public, name, dimension)]
        yield {"number": public.numbers.get(f"month {name}", 0), "by": {dimension: rows} if rows else {}}


def are_known_to_nest(one: str, other: str) -> bool:
    """Tell whether the public knows how two numbers overlap: both of times; both of one table; a time and its table."""
    if is_of_time(one) == is_of_time(other):
        return is_of_time(one) or one.split(" ")[1] == other.split(" ")[1]
    time, table = sorted((one, other), key=is_of_time, reverse=True)
    return time in times_around(table.split(" ")[0])


def times_around(begin: str) -> set[str]:
    """Return the times that hold a table. begin: the month of it, or "year"."""
    if begin == "year":
        return {"total after 2026-12"}
    quarter = next(number for number, months in enumerate(QUARTERS, start=1) if begin in months)
    later = {f"total after 2026-{month:02}" for month in range(int(begin[-2:]), 13)}
    return {f"month {begin}", f"quarter {quarter}", *later}


@given(logs(YEAR))
@FEW_EXAMPLES
def test_no_two_numbers_of_a_year_leave_few_incidents(log: Log) -> None:
    _public, blocks = year_of(log)
    for (one, ones), (other, others) in combinations(blocks.items(), 2):
        if are_known_to_nest(one, other) and (ones <= others or others <= ones):
            left = ones ^ others
            assert not left or incidents_of(log, left) >= FEWEST, (one, other)


@given(logs(YEAR))
@FEW_EXAMPLES
def test_nor_does_a_row_of_the_year_less_the_same_rows_of_its_months(log: Log) -> None:
    """A table of the year, less any one month of it or any quarter: what is left is of large parts, or of none."""
    public, blocks = year_of(log)
    for dimension in CELL:
        for value, row in (each for each in blocks.items() if each[0].startswith(f"year {dimension} ")):
            of_months = [
                block
                for name in public.months
                for each, block in months_rows(public, name, dimension)
                if f"year {dimension} {each}" == value
            ]
            for number in range(len(of_months) + 1):
                left = row - frozenset().union(*of_months[:number])
                assert not left or incidents_of(log, left) >= FEWEST, (value, number)


@given(logs(YEAR))
@FEW_EXAMPLES
def test_every_number_of_a_year_is_a_sum_of_large_parts_without_overlap(log: Log) -> None:
    """So no sum of some numbers less a sum of others tells of fewer: the parts are the smallest that can be left."""
    public, blocks = year_of(log)
    atoms = [block for name, block in public.blocks.items() if name.startswith("day ") or " rest " in name]
    assert sum(map(len, atoms)) == len(frozenset().union(*atoms))
    assert min(incidents_of(log, atom) for atom in atoms) >= FEWEST if atoms else True
    for name, block in blocks.items():
        if is_of_time(name):
            assert all(atom <= block or not atom & block for atom in atoms), name
