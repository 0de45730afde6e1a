"""PostgreSQL as Django knows it, but for one thing: a dead connection of the pool is noticed without waiting.

The pool's own check sleeps after each dead connection that it hands out, for one second, two, four. After a restart of
the database every connection is dead, so with four of them a request gave up (five seconds) although the database had
been back for long. Here the first dead one makes the pool look at all of them.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

TRIES = 4
"""A connection that another request gives back meanwhile may be dead as well; a new one never is."""


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's way to the database."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that lives. Raises PoolTimeout where none is free, or none can be made, in time."""
        connection = super().get_new_connection(conn_params)
        tries = TRIES if self.pool else 0
        while tries and not _lives(connection):
            self.pool.putconn(connection)
            self.pool.check()
            connection = super().get_new_connection(conn_params)
            tries -= 1
        return connection


def _lives(connection: Any) -> bool:
    try:
        connection.execute("")
    except psycopg.Error:
        return False
    return True
