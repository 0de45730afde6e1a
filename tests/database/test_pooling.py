"""The pool of database connections gets over what happens to the database: real connections, really ended."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg_pool import PoolTimeout

from fusus_portal.ground.database.address import connection_settings, pooled
from fusus_portal.ground.database.backend.base import DatabaseWrapper
from tests.database.clone import Clone

AT_ONCE = 6
SOON = 1.5
"""Seconds; the pool's own check took 1 + 2 + 4 ... for the dead connections one after the other."""


@pytest.fixture
def way(portal_db: Clone) -> Iterator[DatabaseWrapper]:
    """Return a way to the test's database by a pool that has several connections."""
    settings = pooled(connection_settings("DATABASE_URL", portal_db.address("portal_app")), largest=AT_ONCE)
    defaults: dict[str, Any] = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "TIME_ZONE": None, "TEST": {}}
    wrapper = DatabaseWrapper({**defaults, **settings}, alias="pooling")
    fill(wrapper)
    yield wrapper
    wrapper.close_pool()


def fill(way: DatabaseWrapper) -> None:
    """Hold as many connections at once as there may be, and give them back."""
    pool = way.pool
    pool.open()
    held = [pool.getconn() for _number in range(AT_ONCE)]
    for each in held:
        pool.putconn(each)


def ask(way: DatabaseWrapper) -> float:
    """Ask the database something, as a request does; return how long it took."""
    begun = time.monotonic()
    connection = way.get_new_connection(way.get_connection_params())
    try:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        way.pool.putconn(connection)
    return time.monotonic() - begun


def end_all(portal_db: Clone) -> int:
    """End every connection of the portal's role, as a restart of the database does; return how many."""
    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'portal_app'"
    return portal_db.admin.execute(ends, [portal_db.name]).rowcount


@contextmanager
def away(portal_db: Clone) -> Iterator[None]:
    """Let the database take no connection for a while."""
    name = sql.Identifier(portal_db.name)
    portal_db.admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
    end_all(portal_db)
    try:
        yield
    finally:
        portal_db.admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def test_the_next_question_works_though_every_connection_was_ended(way: DatabaseWrapper, portal_db: Clone) -> None:
    assert end_all(portal_db) >= AT_ONCE
    assert ask(way) < SOON
    assert ask(way) < SOON


def test_all_places_are_refilled(way: DatabaseWrapper, portal_db: Clone) -> None:
    end_all(portal_db)
    ask(way)
    begun = time.monotonic()
    fill(way)
    assert time.monotonic() - begun < SOON


@pytest.mark.long
def test_it_works_again_as_soon_as_the_database_is_back(way: DatabaseWrapper, portal_db: Clone) -> None:
    with away(portal_db):
        for _time in range(3):
            with pytest.raises(PoolTimeout):
                ask(way)
    assert ask(way) < SOON


def test_a_request_that_finds_no_connection_free_waits_for_one(way: DatabaseWrapper) -> None:
    held = [way.pool.getconn() for _number in range(AT_ONCE)]
    returned = threading.Timer(0.3, lambda: [way.pool.putconn(each) for each in held])
    returned.start()
    assert 0.2 < ask(way) < SOON
    returned.join()


def test_a_connection_whose_last_holder_turned_autocommit_off_is_in_no_transaction(way: DatabaseWrapper) -> None:
    held = [way.pool.getconn() for _number in range(AT_ONCE)]
    for each in held:
        each.autocommit = False
        way.pool.putconn(each)
    connection = way.get_new_connection(way.get_connection_params())
    try:
        assert connection.info.transaction_status == TransactionStatus.IDLE
        connection.autocommit = True  # as Django does next; in a transaction it would refuse
    finally:
        way.pool.putconn(connection)
