"""The timeline of the log as a picture."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.console.presenters import timeline_chart
from audit.console.search.steps import Timeline
from fusus_portal.ground.charts import axis_top, length_unit


def drawn(*counts: int, is_whole: bool = True) -> Timeline:
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    bars = [(begin + timedelta(days=day), count) for day, count in enumerate(counts)]
    return Timeline("day", bars, is_whole=is_whole)


def test_a_bar_is_as_high_as_its_entries_and_always_seen() -> None:
    picture = timeline_chart(drawn(4, 0, 1_000))
    assert picture is not None
    assert [(each.x, each.y, each.width, each.height, each.value) for each in picture.bars] == [
        (2.5, 70.5, 28.333, 1.5, "4"),
        (35.833, 72.0, 28.333, 0.0, ""),
        (69.167, 20.0, 28.333, 52.0, "1,000"),
    ]
    assert (picture.unit, picture.ticks) == ("entries", [(72.0, "0"), (46.0, "500"), (20.0, "1,000")])
    bar = picture.bars[0].bar
    assert (picture.said, bar.since, bar.until) == ("All 1,004 entries found, per day", "2026-03-02", "2026-03-02")
    assert [(row.label, row.cells, row.until) for row in picture.rows] == [
        ("Mon, March 2", ["4"], "2026-03-02"),
        ("Wed, March 4", ["1,000"], "2026-03-04"),
    ]


def test_of_a_timeline_that_is_cut_short_it_is_said() -> None:
    picture = timeline_chart(drawn(2, is_whole=False))
    assert picture is not None
    assert picture.said == "Only the newest 2 entries found; older ones are not in the picture, per day"
    assert timeline_chart(drawn()) is None
    assert timeline_chart(None) is None


def test_a_month_is_searched_to_its_last_day() -> None:
    begin = datetime(2028, 2, 1, tzinfo=UTC)
    picture = timeline_chart(Timeline("month", [(begin, 1)], is_whole=True))
    assert picture is not None
    assert (picture.bars[0].bar.since, picture.bars[0].bar.until) == ("2028-02-01", "2028-02-29")


@pytest.mark.parametrize(
    ("most", "top"), [(0.2, 1), (1, 1), (2, 2), (2.5, 4), (7, 8), (9, 10), (11, 20), (61, 80), (999, 1000)]
)
def test_the_axis_ends_at_a_number_that_is_easily_read(most: float, top: int) -> None:
    assert axis_top([0, most]) == top


def test_of_many_bars_the_tallest_alone_says_its_value() -> None:
    picture = timeline_chart(drawn(*range(1, 31)))
    assert picture is not None
    assert [each.value for each in picture.bars if each.value] == ["30"]


def test_lengths_below_an_hour_are_in_minutes() -> None:
    assert length_unit([3_599]) == (60, "minutes")
    assert length_unit([60, 3_600]) == (3600, "hours")


def test_few_moments_are_written_below_the_picture_each_below_its_bar() -> None:
    picture = timeline_chart(drawn(*range(1, 29)))
    assert picture is not None
    assert len(picture.labels) <= 6
    assert set(picture.labels) <= set(picture.bars)
    assert [each.middle for each in picture.labels] == [
        pytest.approx((number + 0.5) * 100 / 28, abs=0.01) for number in range(2, 28, 5)
    ]
