"""The timeline of the log as a picture."""

from datetime import UTC, datetime, timedelta

from audit.console.presenters.chart import chart
from audit.console.search.timeline import Timeline, TimelineBar


def drawn(*counts: int, is_whole: bool = True) -> Timeline:
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    bars = [TimelineBar(begin + timedelta(days=day), count) for day, count in enumerate(counts)]
    return Timeline("day", bars, is_whole=is_whole)


def test_a_bar_is_as_high_as_its_entries_and_always_seen() -> None:
    picture = chart(drawn(4, 0, 1_000))
    assert picture is not None
    assert [(bar["x"], bar["y"], bar["width"], bar["height"]) for bar in picture["bars"]] == [
        (24.0, 78.5, 272.0, 1.5),
        (344.0, 80.0, 272.0, 0.0),
        (664.0, 0.0, 272.0, 80.0),
    ]
    assert (picture["said"], picture["bars"][0]["since"], picture["bars"][0]["until"]) == (
        "All 1,004 entries found",
        "2026-03-02",
        "2026-03-02",
    )


def test_of_a_timeline_that_is_cut_short_it_is_said() -> None:
    picture = chart(drawn(2, is_whole=False))
    assert picture is not None
    assert picture["said"] == "Only the newest 2 entries found; older ones are not in the picture"
    assert chart(drawn()) is None
    assert chart(None) is None


def test_a_month_is_searched_to_its_last_day() -> None:
    begin = datetime(2028, 2, 1, tzinfo=UTC)
    picture = chart(Timeline("month", [TimelineBar(begin, 1)], is_whole=True))
    assert picture is not None
    assert (picture["bars"][0]["since"], picture["bars"][0]["until"]) == ("2028-02-01", "2028-02-29")
