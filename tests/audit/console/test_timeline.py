"""How the entries that a search finds spread over time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from audit.console.search.query import Wanted
from audit.console.search.timeline import timeline
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
    found = timeline(Wanted(actor=KIM.id))
    counts = [bar.count for bar in found.bars]
    assert (found.unit, len(counts), sum(counts), counts[-1], found.is_whole) == (unit, bars, 2, 1, True)


@pytest.mark.django_db
def test_of_nothing_found_there_is_no_bar() -> None:
    assert timeline(Wanted(actor=KIM.id)).bars == []
