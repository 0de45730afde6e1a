"""A week begins on Monday on the agency's clock, and is as long as the clock makes it."""

from datetime import UTC, datetime, timedelta

import pytest

from fusus_portal.oversight.review import week


@pytest.mark.parametrize(
    ("moment", "begin"),
    [
        (datetime(2026, 3, 2, 6, 0, tzinfo=UTC), "2026-03-02T06:00"),
        (datetime(2026, 3, 2, 5, 59, tzinfo=UTC), "2026-02-23T06:00"),
        (datetime(2026, 3, 9, 4, 59, tzinfo=UTC), "2026-03-02T06:00"),
        (datetime(2026, 3, 9, 5, 0, tzinfo=UTC), "2026-03-09T05:00"),
    ],
)
def test_a_moment_is_in_the_week_of_its_monday(moment: datetime, begin: str) -> None:
    found = week.of(moment)
    assert f"{found.begin.astimezone(UTC):%Y-%m-%dT%H:%M}" == begin
    assert found.begin <= moment < found.end


def test_the_week_of_the_clock_s_change_is_an_hour_shorter_and_weeks_follow_without_a_gap() -> None:
    changed = week.of(datetime(2026, 3, 5, tzinfo=UTC))
    length = changed.end.astimezone(UTC) - changed.begin.astimezone(UTC)
    assert length == timedelta(days=7, hours=-1)
    assert changed.previous().end == changed.begin
    assert week.of(changed.end).previous() == changed
