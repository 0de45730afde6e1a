"""Hours of a week: typed, joined, turned inside out, written into an entry, and said in words."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings, strategies as st

from integration.sharing import hours
from integration.sharing.hours import Row, Week

edges = st.integers(0, 24 * 60 - 1)
rows = st.lists(st.tuples(st.sampled_from(list(hours.SPANS)), edges, edges), max_size=6)
OFFICE = hours.week_of([("01234", 480, 1080)])


def minutes_of(week: Week) -> set[tuple[int, int]]:
    """Ask for each minute of the week, as the gate does."""
    return {(day, minute) for day in range(7) for minute in range(1440) if hours.is_within_week(week, day, minute)}


@settings(max_examples=40, deadline=None)
@given(rows)
@example([("6", 1320, 360), ("0", 300, 540)])
@example([("0123456", 0, 0)])
def test_joining_loses_no_minute_and_adds_none(typed: list[Row]) -> None:
    week = hours.week_of(typed)
    found = hours.joined(week)
    assert minutes_of(found) == minutes_of(week)
    assert hours.joined(found) == found
    assert not hours.overlap(found)
    edges_of = [(day * 1440 + begin, day * 1440 + end) for day, each in enumerate(found) for begin, end in each]
    assert all(end - begin <= 1440 for begin, end in edges_of)


@settings(max_examples=40, deadline=None)
@given(rows)
def test_outside_is_each_other_minute_and_outside_of_that_the_week_again(typed: list[Row]) -> None:
    week = hours.week_of(typed)
    others = hours.outside(week)
    every = minutes_of(hours.WHOLE)
    assert len(every) == 7 * 1440
    assert minutes_of(others) == every - minutes_of(week)
    assert hours.outside(others) == hours.joined(week)


@settings(max_examples=40, deadline=None)
@given(rows)
@example([("01234", 480, 1080), ("56", 0, 0)])
def test_a_week_comes_back_from_its_list_and_from_an_entry(typed: list[Row]) -> None:
    week = hours.joined(hours.week_of(typed))
    assert [sorted(day) for day in hours.week_of(hours.rows_of(week))] == week
    assert hours.week_from_short(hours.week_in_short(week)) == week


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ([("0", 480, 720), ("0", 600, 1080)], {0: [[480, 1080]]}),
        ([("0", 480, 720), ("0", 720, 1080)], {0: [[480, 1080]]}),
        ([("0", 480, 720), ("0", 780, 1080)], {0: [[480, 720], [780, 1080]]}),
        ([("4", 1320, 360)], {4: [[1320, 1800]]}),
        ([("4", 1320, 360), ("5", 300, 540)], {4: [[1320, 1980]]}),
        ([("6", 1320, 360), ("0", 0, 60)], {6: [[1320, 1800]]}),
        ([("5", 720, 0), ("6", 0, 720)], {5: [[720, 1440]], 6: [[0, 720]]}),
        ([("56", 0, 0)], {5: [[0, 1440]], 6: [[0, 1440]]}),
    ],
)
def test_hours_that_overlap_touch_or_cross_midnight(typed: list[Row], found: dict[int, list[list[int]]]) -> None:
    assert hours.joined(hours.week_of(typed)) == [found.get(day, []) for day in range(7)]


@pytest.mark.parametrize(
    ("typed", "does"),
    [
        ([("0", 480, 720), ("0", 600, 1080)], True),
        ([("6", 1320, 360), ("0", 0, 60)], True),
        ([("0", 480, 720), ("0", 720, 1080)], False),
        ([], False),
    ],
)
def test_only_minutes_that_were_named_twice_overlap(typed: list[Row], does: bool) -> None:
    assert hours.overlap(hours.week_of(typed)) is does


@pytest.mark.parametrize(
    ("week", "said"),
    [
        (OFFICE, ["Monday to Friday, 8 a.m. to 6 p.m."]),
        (hours.WHOLE, ["Every day, all day"]),
        (hours.week_of([("56", 0, 0)]), ["Saturday and Sunday, all day"]),
        (hours.week_of([("4", 1320, 360)]), ["Friday, 10 p.m. to 6 a.m."]),
        (hours.week_of([("2", 480, 720), ("2", 780, 1080)]), ["Wednesday, 8 a.m. to noon, 1 p.m. to 6 p.m."]),
        (
            hours.week_of([("0", 0, 480), ("2", 0, 480)]),
            ["Monday, midnight to 8 a.m.", "Wednesday, midnight to 8 a.m."],
        ),
        ([], []),
    ],
)
def test_a_week_is_said_by_its_days_in_a_row(week: Week, said: list[str]) -> None:
    assert hours.week_in_words(week) == said


def test_a_picture_has_a_bar_for_each_day_that_hours_reach() -> None:
    assert hours.bars_of(hours.week_of([("6", 1320, 360), ("0", 480, 1080)])) == [
        (0, 480, 1080),
        (6, 1320, 1440),
        (0, 0, 360),
    ]


def test_a_week_in_too_many_pieces_is_refused() -> None:
    pieces = [[minute, minute + 1] for minute in range(0, 1440, 20)]
    with pytest.raises(ValidationError, match="can begin and end 84 times"):
        hours.check_week([pieces] * 7)
    every_other_hour = [[[minute, minute + 60] for minute in range(0, 1440, 120)]] * 7
    assert hours.check_week(every_other_hour) == every_other_hour
