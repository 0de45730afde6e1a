"""How the entries that a search finds spread over time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from audit.console.search import steps
from audit.console.search.query import LogQuery
from audit.console.search.steps import Timeline, Way, walk
from tests.audit.console.conftest import KIM, write
from tests.database.clone import Clone

NOON = datetime(2026, 7, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("apart", "unit", "bars"),
    [
        (timedelta(hours=1), "hour", 24),
        (timedelta(days=3), "hour", 73),
        (timedelta(days=3) + SECOND, "day", 28),
        (timedelta(days=92), "day", 93),
        (timedelta(days=92) + SECOND, "month", 12),
        (timedelta(days=800), "month", 27),
    ],
)
def test_the_longer_the_time_the_wider_the_bars(apart: timedelta, unit: str, bars: int, portal_db: Clone) -> None:
    moments = {write().pk: NOON - apart, write().pk: NOON}
    connection.close()
    with portal_db.connect() as superuser:
        superuser.execute("ALTER EVENT TRIGGER audit_guard_ddl DISABLE; ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        for pk, at in moments.items():
            superuser.execute("UPDATE audit_entry SET at = %s WHERE id = %s", [at, pk])
    found = drawn(LogQuery(actor=KIM.id))
    counts = [count for _begin, count in found.bars]
    assert (found.unit, len(counts), sum(counts), counts[-1], found.is_whole) == (unit, bars, 2, 1, True)


@pytest.mark.django_db
def test_of_nothing_found_there_is_no_bar() -> None:
    assert drawn(LogQuery(actor=KIM.id)).bars == []


def drawn(wanted: LogQuery, *, page: int = 50) -> Timeline:
    """Return the timeline beside the first page of a search."""
    return steps.timeline_of(wanted, walk(wanted, Way(most=page, seconds=5.0)))


@pytest.mark.django_db
@pytest.mark.parametrize(("most", "counted", "is_whole"), [(9, 7, True), (7, 7, True), (6, 6, False)])
def test_it_counts_each_entry_once_those_of_the_page_too(
    most: int, counted: int, is_whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "TIMELINE_MOST", most)
    for _ in range(7):
        write()
    found = drawn(LogQuery(actor=KIM.id), page=3)
    assert (sum(count for _begin, count in found.bars), found.is_whole) == (counted, is_whole)


@pytest.mark.django_db
def test_a_page_that_ran_out_of_time_is_all_there_is_to_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "FIRST_STEP", 2)
    monkeypatch.setattr(steps, "GROWTH", 1)
    for _ in range(7):
        write()
    wanted = LogQuery(outcome="done")
    page = walk(wanted, Way(most=50, seconds=0.0))
    found = steps.timeline_of(wanted, page)
    assert (len(page.entries), sum(count for _begin, count in found.bars), found.is_whole) == (2, 2, False)
