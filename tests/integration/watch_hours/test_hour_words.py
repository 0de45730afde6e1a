"""Watch-hours as a page shows them: tables, bars and sentences."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from integration.watch_hours.models import WatchedDay, WatchFlag
from integration.watch_hours.policies import clock, flag_sentence, kind_name
from integration.watch_hours.presenters import MOST_ROWS, hours_page

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
TUESDAY = MONDAY + timedelta(days=1)
HOUR = 3600


def watched(day: date, seconds: int, *, deputy: str = "Deputy A") -> WatchedDay:
    return WatchedDay(
        day=day, camera=uuid4(), premises_kind="business", zip_code="35203", deputy=deputy, seconds=seconds
    )


def by_deputy(rows: Sequence[WatchedDay]) -> tuple[Sequence[tuple[str, str, int]], int]:
    table = hours_page(rows, [], first=MONDAY, last=TUESDAY)["tables"][-1]
    return table["rows"], table["more"]


def test_a_table_adds_up_and_puts_the_longest_first_and_names_in_order() -> None:
    rows = [
        watched(MONDAY, HOUR, deputy="Deputy B"),
        watched(TUESDAY, HOUR, deputy="Deputy B"),
        watched(MONDAY, HOUR, deputy="Deputy C"),
        watched(MONDAY, HOUR, deputy="Deputy A"),
    ]
    assert by_deputy(rows) == ([("Deputy B", "2:00", 50), ("Deputy A", "1:00", 25), ("Deputy C", "1:00", 25)], 0)


def test_a_table_says_how_many_rows_it_leaves_out() -> None:
    rows = [watched(MONDAY, 60, deputy=f"Deputy {number}") for number in range(MOST_ROWS + 2)]
    shown, more = by_deputy(rows)
    assert (len(shown), more) == (MOST_ROWS, 2)


def test_a_day_is_a_bar_as_high_as_its_hours_and_one_without_looks_has_no_height() -> None:
    rows = [watched(MONDAY, HOUR), watched(MONDAY, HOUR), watched(MONDAY + timedelta(days=2), HOUR)]
    chart = hours_page(rows, [], first=MONDAY, last=MONDAY + timedelta(days=3))["chart"]
    assert [(each.x, each.y, each.width, each.height, each.value) for each in chart.bars] == [
        (1.875, 20.0, 21.25, 96.0, "2:00"),
        (26.875, 116.0, 21.25, 0.0, ""),
        (51.875, 68.0, 21.25, 48.0, "1:00"),
        (76.875, 116.0, 21.25, 0.0, ""),
    ]
    assert (chart.said, chart.unit) == ("3:00 hours, by day", "hours")
    assert [number for _y, number in chart.ticks] == ["0", "1", "2"]
    assert [row.cells for row in chart.rows] == [["2:00"], ["1:00"]]


def test_a_minute_beside_many_hours_is_still_seen() -> None:
    chart = hours_page([watched(MONDAY, 200 * HOUR), watched(TUESDAY, 60)], [], first=MONDAY, last=TUESDAY)["chart"]
    assert chart.bars[1].height == 1.5


def test_minutes_have_an_axis_of_minutes() -> None:
    chart = hours_page([watched(MONDAY, 20 * 60)], [], first=MONDAY, last=TUESDAY)["chart"]
    assert (chart.unit, [number for _y, number in chart.ticks]) == ("minutes", ["0", "10", "20"])


def test_hours_and_minutes() -> None:
    assert [clock(seconds) for seconds in (0, 59, 60, HOUR - 1, HOUR, 1_000 * HOUR)] == [
        "0:00",
        "0:00",
        "0:01",
        "0:59",
        "1:00",
        "1,000:00",
    ]
    assert (kind_name("business"), kind_name("barn")) == ("Business", "barn")


@pytest.mark.parametrize(
    ("about", "key", "said"),
    [
        ("camera", str(UUID(int=7)), "was viewed live for 9:00 hours in seven days (week of March 2, 2026)."),
        ("area", "business 35203", "The area 35203, Business was viewed live for 9:00 hours"),
        ("kind", "business", "The 7 cameras of the kind “Business” were viewed live for 9:00 hours"),
    ],
)
def test_what_stands_out_is_said_in_a_sentence(about: str, key: str, said: str) -> None:
    flag = WatchFlag(about=about, key=key, week=MONDAY, seconds=9 * HOUR, usual_seconds=HOUR, cameras=7)
    assert said in flag_sentence(flag)
