"""PostgreSQL as Django knows it, but urgent threads have a pool of their own, and nobody waits for a dead connection.

The pool's own check sleeps after each dead connection that it hands out, for one second, two, four. After a restart of
the database every connection is dead, so with four of them a request gave up (five seconds) although the database had
been back for long. Here the first dead one makes the pool look at all of them.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from fusus_portal.ground.serving import lanes

TRIES = 4
"""A connection that another request gives back meanwhile may be dead as well; a new one never is."""


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's way to the database."""

    _urgent_pools: dict[str, Any] = {}
    _other_pools: dict[str, Any] = {}

    @property
    def _connection_pools(self) -> dict[str, Any]:
        """The pools, by alias, that this thread may use: pages that hold every connection hold up no pause."""
        lane = lanes.current()
        return self._urgent_pools if lane is not None and lane.has_urgent_database else self._other_pools

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
