"""The timeline of the log as a picture."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.console.presenters import axis_top, timeline_chart
from audit.console.search.steps import Timeline


def drawn(*counts: int, is_whole: bool = True) -> Timeline:
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    bars = [(begin + timedelta(days=day), count) for day, count in enumerate(counts)]
    return Timeline("day", bars, is_whole=is_whole)


def test_a_bar_is_as_high_as_its_entries_and_always_seen() -> None:
    picture = timeline_chart(drawn(4, 0, 1_000))
    assert picture is not None
    assert [(bar["x"], bar["y"], bar["width"], bar["height"]) for bar in picture["bars"]] == [
        (2.5, 94.5, 28.333, 1.5),
        (35.833, 96.0, 28.333, 0.0),
        (69.167, 0.0, 28.333, 96.0),
    ]
    assert (picture["top"], picture["half"]) == ("1,000", "500")
    assert (picture["said"], picture["bars"][0]["since"], picture["bars"][0]["until"]) == (
        "All 1,004 entries found",
        "2026-03-02",
        "2026-03-02",
    )


def test_of_a_timeline_that_is_cut_short_it_is_said() -> None:
    picture = timeline_chart(drawn(2, is_whole=False))
    assert picture is not None
    assert picture["said"] == "Only the newest 2 entries found; older ones are not in the picture"
    assert timeline_chart(drawn()) is None
    assert timeline_chart(None) is None


def test_a_month_is_searched_to_its_last_day() -> None:
    begin = datetime(2028, 2, 1, tzinfo=UTC)
    picture = timeline_chart(Timeline("month", [(begin, 1)], is_whole=True))
    assert picture is not None
    assert (picture["bars"][0]["since"], picture["bars"][0]["until"]) == ("2028-02-01", "2028-02-29")


@pytest.mark.parametrize(("most", "top"), [(1, 1), (2, 2), (3, 4), (7, 8), (9, 10), (11, 20), (61, 80), (999, 1000)])
def test_the_axis_ends_at_a_number_that_is_easily_read(most: int, top: int) -> None:
    assert axis_top([0, most]) == top


def test_few_moments_are_written_below_the_picture_each_below_its_bar() -> None:
    picture = timeline_chart(drawn(*range(1, 29)))
    assert picture is not None
    labels = {each["label"]: each["x"] for each in picture["labels"]}
    assert len(labels) <= 6
    middles = {bar["label"]: bar["begin"] + bar["room"] / 2 for bar in picture["bars"]}
    assert labels == {label: pytest.approx(middles[label], abs=0.01) for label in labels}
