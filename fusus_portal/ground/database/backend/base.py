"""Django's PostgreSQL backend without waits for dead connections; a transaction's last inserts travel with its commit.

The pool's own check sleeps after each dead connection, for one second, two, four, so after a restart of the database
requests failed. Here the first dead connection makes the pool check all of them.
"""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from django.db.transaction import TransactionManagementError
from psycopg.pq import TransactionStatus

from fusus_portal.ground.database.backend import pipeline
from fusus_portal.ground.serving import lanes

TRIES = 4
"""Tries to get a live connection: another request may return a dead one meanwhile, but a new one is never dead."""


class DatabaseWrapper(base.DatabaseWrapper):
    _urgent_pools: dict[str, Any] = {}
    _other_pools: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: list[pipeline.Statement] = []
        self.execute_wrappers.append(self._after_what_waits)

    @property
    def _connection_pools(self) -> dict[str, Any]:
        """Pools of this thread's lane, by alias. Pages that hold all their connections must not block an urgent act."""
        lane = lanes.current()
        return self._urgent_pools if lane is not None and lane.has_urgent_database else self._other_pools

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a live connection. Raises PoolTimeout if none is free, or can be made, in time."""
        connection = super().get_new_connection(conn_params)
        tries = TRIES if self.pool else 0
        while tries and not _lives(connection):
            self.pool.putconn(connection)
            self.pool.check()
            connection = super().get_new_connection(conn_params)
            tries -= 1
        return connection

    def run(self, sql: str, values: Sequence[Any]) -> None:
        self._send([*self._taken(), self._statement(sql, values)])

    def run_last(self, sql: str, values: Sequence[Any]) -> None:
        """Queue a statement until the transaction's next one, or its commit: both succeed or fail together.

        sql: as in `pipeline.Statement`. A rollback drops it. Raises TransactionManagementError outside a transaction,
        DataError for an impossible value. The next statement, or the commit, raises the database's own errors.
        """
        if not self.in_atomic_block:
            raise TransactionManagementError("what is to be committed last needs a transaction")
        self.validate_no_broken_transaction()
        self._waiting.append(self._statement(sql, values))

    def write_what_waits(self) -> None:
        """Run the queued statements now, before an act outside the database."""
        if self._waiting and not self.needs_rollback:
            self._send(self._taken())

    def _statement(self, sql: str, values: Sequence[Any]) -> pipeline.Statement:
        self.ensure_connection()
        with self.wrap_database_errors:
            return pipeline.Statement(self.connection, sql, values)

    def _after_what_waits(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.write_what_waits()
        return execute(sql, params, many, context)

    @property
    def _is_watched(self) -> bool:
        return self.queries_logged or len(self.execute_wrappers) > 1

    def _taken(self) -> list[pipeline.Statement]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def _send(self, statements: list[pipeline.Statement]) -> None:
        try:
            if self._is_watched:
                with self.cursor() as cursor:
                    for each in statements:
                        cursor.execute(each.sql, each.values)
            else:
                self.validate_no_broken_transaction()
                with self.wrap_database_errors:
                    pipeline.send(self.connection, statements, commit=False)
        except BaseException:
            self.needs_rollback = self.in_atomic_block  # a caller that continues after this error must not commit
            raise

    def _commit(self) -> None:
        if self.connection is None:
            return
        if self._waiting and self._is_watched:
            self._send(self._taken())
        with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
            if self.connection.pgconn.transaction_status == TransactionStatus.INERROR:
                raise psycopg.errors.InFailedSqlTransaction("a statement failed before, so nothing can be committed")
            if self._waiting:
                pipeline.send(self.connection, self._taken(), commit=True)
            else:
                self.connection.commit()

    def _rollback(self) -> None:
        self._waiting.clear()
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._waiting.clear()  # they came after the savepoint, which was a statement
        self.needs_rollback = False  # and so did what broke the transaction: nobody sets a savepoint in a broken one
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def close(self) -> None:
        self._waiting.clear()
        super().close()


def _lives(connection: Any) -> bool:
    """True if the connection answers, outside any transaction: its last user may have turned autocommit off."""
    try:
        connection.autocommit = True
        connection.execute("")
    except psycopg.Error:
        return False
    return True
