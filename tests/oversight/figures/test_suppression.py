"""The rule of small numbers, attacked: publications, days, months, areas and kinds subtracted from each other.

Logs are random. What is public of each is what the rule publishes; an attacker has all of it, from each night, and
knows the rule. Two attacks: take one published number from another that contains it, and ask which logs are possible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings, strategies as st

from fusus_portal.oversight.figures.definitions import BY_KEY, FEWEST, FIGURES, Dimension, Figure
from fusus_portal.oversight.figures.policies import (
    ALL_OTHERS,
    FigureCount,
    is_published,
    is_rest_published,
    numbers_of_month,
    published_breakdown,
)

VIEWS = BY_KEY["views"]
FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(8)] + [
    date(2026, 4, 1) + timedelta(days=n) for n in range(6)
]
"""Two months, shortened: the last of each list is taken for the month's end."""

CELL = {Dimension.CRIME: "crime", Dimension.PREMISES: "premises", Dimension.AREA: "area"}


@dataclass(frozen=True)
class Event:
    """One entry of a log."""

    day: date
    incident: int
    crime: str
    premises: str
    area: str
    camera: int
    place: int


EXAMPLES = settings(max_examples=60)
Log = Sequence[Event]
Block = frozenset[int]
"""Indexes of the log's entries that a published number counts."""


def part(events: Log, dimension: Dimension | None = None) -> FigureCount:
    """Return what is known of some entries, as it is counted from the log."""
    incidents, cameras = ({getattr(event, of) for event in events} for of in ("incident", "camera"))
    few = min(len(incidents), len(cameras)) if dimension in (Dimension.PREMISES, Dimension.AREA) else len(incidents)
    return FigureCount(len(events), few)


class Publications:
    """All that the public ever reads of a log: days, rests, months, breakdowns, and totals after each night.

    numbers, blocks: by the name of the publication.
    """

    def __init__(self, log: Log, figure: Figure = VIEWS, *, among: Sequence[date] = DAYS) -> None:
        self.log, self.figure = log, figure
        self.months = sorted({f"{day:%Y-%m}" for day in among})
        self.numbers: dict[str, int] = {}
        self.blocks: dict[str, Block] = {}
        self.hidden: list[date] = []
        waiting: list[date] = []
        public: list[date] = []
        for name in self.months:
            days = [day for day in among if f"{day:%Y-%m}" == name]
            told = [day for day in days if is_published(figure, part(self.on([day])))]
            waits = [day for day in days if day not in told]
            of_month: list[date] = []
            for day in told:
                of_month.append(day)
                self.publish(f"day {day}", self.on([day]))
                self.publish(f"month {name} through {day}", self.on(of_month))
                self.publish(f"total through {day}", self.on([*public, *of_month]))
            all_told = numbers_of_month(figure, told=told, waits=waits, earlier=waiting, count=self.count)
            is_rest = any(each.dimension == Dimension.REST for each in all_told)
            blocks = [*told, *waiting, *waits] if is_rest else told
            for each in all_told:
                about = [*waiting, *waits] if each.dimension == Dimension.REST else blocks
                shown = [other.value for other in all_told if other.dimension == each.dimension]
                events = self.valued(self.on(about), Dimension(each.dimension), each.value, shown)
                self.publish(f"{name} {each.dimension} {each.value}", events)
                assert len(events) == each.number
            public += blocks
            waiting = [] if is_rest else [*waiting, *waits]
            self.publish(f"month {name}", self.on(blocks))
            self.publish(f"total after {name}", self.on(public))
        self.hidden = waiting

    def on(self, days: Sequence[date]) -> list[Event]:
        """Return the entries of some days."""
        return [event for event in self.log if event.day in days]

    def count(self, days: Sequence[date], dimension: Dimension | None) -> Mapping[str, FigureCount]:
        """Count as the selectors do."""
        events = self.on(days)
        if dimension is None:
            return {ALL_OTHERS: part(events)} if events else {}
        values = {getattr(event, CELL[dimension]) for event in events}
        return {
            value: part([each for each in events if getattr(each, CELL[dimension]) == value], dimension)
            for value in values
        }

    def valued(self, events: Log, dimension: Dimension, value: str, shown: Sequence[str]) -> list[Event]:
        """Return those of a value of a breakdown; of all others where none is named."""
        if dimension == Dimension.REST:
            return list(events)
        if value:
            return [event for event in events if getattr(event, CELL[dimension]) == value]
        return [event for event in events if getattr(event, CELL[dimension]) not in shown]

    def publish(self, name: str, events: Log) -> None:
        """Note a number that is public, unless it is of nothing: then nothing is shown."""
        if events:
            self.numbers[name] = len(events)
            self.blocks[name] = frozenset(event.place for event in events)


@st.composite
def logs(draw: st.DrawFn, among: Sequence[date] = DAYS) -> Log:
    """Draw a log: some days busy, some quiet, some empty; few kinds, so that some are small."""
    found: list[Event] = []
    for day in among:
        for number in range(draw(st.sampled_from([0, 0, 1, 2, 4, 5, 6, 11]))):
            incident = draw(st.integers(0, 30)) * 100 + day.toordinal() % 100 if draw(st.booleans()) else number
            found.append(
                Event(
                    day=day,
                    incident=incident,
                    crime=draw(st.sampled_from(["burglary", "burglary", "burglary", "robbery", "robbery", "arson"])),
                    premises=draw(st.sampled_from(["business", "business", "home", "other"])),
                    area=draw(st.sampled_from(["35203", "35203", "35205", "35211"])),
                    camera=draw(st.integers(0, 9)),
                    place=len(found),
                )
            )
    return found


def incidents_of(log: Log, places: Block) -> int:
    return len({event.incident for event in log if event.place in places})


def is_of_time(name: str) -> bool:
    """Tell whether a publication is of days, months or all time, and no breakdown."""
    return not any(f" {dimension} " in name for dimension in CELL)


def are_known_to_nest(one: str, other: str) -> bool:
    """Tell whether the public knows how two publications overlap: days, months and totals; a month and its parts."""
    if is_of_time(one) and is_of_time(other):
        return True
    month, part_of_it = sorted((one, other), key=is_of_time, reverse=True)
    return month == f"month {part_of_it[:7]}"


@given(logs())
@EXAMPLES
def test_no_publication_less_another_is_about_few_incidents(log: Log) -> None:
    public = Publications(log)
    for (one, ones), (other, others) in combinations(public.blocks.items(), 2):
        if are_known_to_nest(one, other):
            for left in (ones - others, others - ones):
                assert not left or incidents_of(log, left) >= FEWEST, (one, other)


@given(logs())
@EXAMPLES
def test_each_table_deals_its_month_into_parts_and_no_part_is_small(log: Log) -> None:
    """So any sum and difference of a table's numbers is a sum of large parts."""
    public = Publications(log)
    for name in ("2026-03", "2026-04"):
        for dimension in CELL:
            parts = [block for each, block in public.blocks.items() if each.startswith(f"{name} {dimension} ")]
            if parts:
                assert sum(map(len, parts)) == len(frozenset().union(*parts)) == public.numbers[f"month {name}"]
                assert min(incidents_of(log, block) for block in parts) >= FEWEST


@given(logs())
@EXAMPLES
def test_a_hidden_day_may_have_been_empty(log: Log) -> None:
    """For each day that is not shown alone, a log in which nothing happened on it has the same publications."""
    public = Publications(log)
    for day in DAYS:
        events = public.on([day])
        if not events or is_published(VIEWS, part(events)):
            continue
        other = without(public, day)
        assert other is not None, day
        assert day_numbers(Publications(other)) == day_numbers(public)


def without(public: Publications, day: date) -> Log | None:
    """Return a log like it with nothing on a day: its entries are on other hidden days of the same rest, or gone."""
    events = public.on([day])
    kept = [event for event in public.log if event.day != day]
    if day in public.hidden:
        return [event for event in kept if event.day not in public.hidden]
    mine = {event.place for event in events}
    rest = next(block for name, block in public.blocks.items() if " rest " in name and mine <= block)
    inside = [event for event in public.log if event.place in rest]
    hidden = sorted({event.day for event in inside} | quiet_days(public, day))
    all_incidents = sorted({event.incident for event in inside})
    homes = [each for each in hidden if each != day and f"{each:%Y-%m}" == f"{hidden[-1]:%Y-%m}"]
    seats = {incident: homes[number // (FEWEST - 1)] for number, incident in enumerate(all_incidents)}
    moved = [replace(event, day=seats[event.incident]) for event in inside]
    return [event for event in public.log if event.place not in rest] + moved


def quiet_days(public: Publications, day: date) -> set[date]:
    """Return the days without a number of its own in the month whose rest has a day, empty ones too."""
    months = {f"{each:%Y-%m}" for each in DAYS}
    shown = {name.removeprefix("day ") for name in public.numbers if name.startswith("day ")}
    rests = {name[:7] for name in public.numbers if " rest " in name}
    closed = min(name for name in rests if name >= f"{day:%Y-%m}")
    assert closed in months
    return {each for each in DAYS if f"{each:%Y-%m}" == closed and each.isoformat() not in shown}


def day_numbers(public: Publications) -> dict[str, int]:
    """Return what is public but for breakdowns, which have an attack of their own."""
    return {name: number for name, number in public.numbers.items() if is_of_time(name)}


@given(logs(), st.sampled_from(sorted(CELL)))
@EXAMPLES
def test_a_kind_or_area_that_is_not_named_may_have_been_absent(log: Log, dimension: Dimension) -> None:
    """With the entries of a small kind taken for the large one that hides it, all that is public stays the same."""
    public = Publications(log)
    for name in ("2026-03", "2026-04"):
        shown = {each.split(" ", 2)[2] for each in public.numbers if each.startswith(f"{name} {dimension} ")}
        if not shown:
            continue
        others = public.blocks[f"{name} {dimension} {ALL_OTHERS}"]
        inside = [event for event in log if event.place in others]
        values = {getattr(event, CELL[dimension]) for event in inside}
        large = {value for value in values if part(valued(inside, dimension, value), dimension).incidents >= FEWEST}
        assert len(large) == 1
        (hider,) = large
        for value in values - large:
            other = [
                replace(event, **{CELL[dimension]: hider})
                if event.place in others and getattr(event, CELL[dimension]) == value
                else event
                for event in log
            ]
            assert Publications(other).numbers == public.numbers


def valued(events: Log, dimension: Dimension, value: str) -> list[Event]:
    return [event for event in events if getattr(event, CELL[dimension]) == value]


@pytest.mark.parametrize(
    ("incidents", "days", "told"),
    [(4, 20, False), (5, 20, True), (5, 2, False), (5, 3, True), (8, 3, True), (9, 3, False), (5, 1, False)],
)
def test_a_rest_that_would_pin_a_day_down_waits(incidents: int, days: int, told: bool) -> None:
    assert is_rest_published(incidents, days) == told


def test_one_large_kind_is_among_all_others_always_the_same_whatever_happens() -> None:
    small, large = FigureCount(3, 3), FigureCount(40, 20)
    shown = published_breakdown({"arson": small, "burglary": large, "robbery": large}, salt="views 2026-03 crime")
    assert sum(shown.values()) == 83
    assert shown[ALL_OTHERS] >= 40
    without_arson = published_breakdown({"burglary": large, "robbery": large}, salt="views 2026-03 crime")
    assert {*without_arson} == {*shown}
    assert published_breakdown({"arson": small, "burglary": large}, salt="") == {}


def test_no_event_is_in_two_figures() -> None:
    """Else one figure less another would tell what is too small; the one that counts what must not be is exact."""
    events = [event for figure in FIGURES if not figure.without_core for event in figure.events]
    assert len(events) == len({*events})
