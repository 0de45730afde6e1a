"""PostgreSQL as Django knows it, but nobody waits for a dead connection, and the last rows travel with the commit.

Urgent threads have a pool of their own. The pool's own check sleeps after each dead connection that it hands out, for
one second, two, four. After a restart of the database every connection is dead, so with four of them a request gave up
(five seconds) although the database had been back for long. Here the first dead one makes the pool look at all of them.

What `run_last` is given waits for the next statement of its transaction, whichever that is, and goes before it. If that
is the commit, both are one message (`messages.py`).
"""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from django.db.transaction import TransactionManagementError
from psycopg.pq import TransactionStatus

from fusus_portal.ground.database.backend import messages
from fusus_portal.ground.serving import lanes

TRIES = 4
"""A connection that another request gives back meanwhile may be dead as well; a new one never is."""


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's way to the database."""

    _urgent_pools: dict[str, Any] = {}
    _other_pools: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: list[messages.Statement] = []
        self.execute_wrappers.append(self._after_what_waits)

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

    def run(self, sql: str, values: Sequence[Any]) -> None:
        """Run a statement that the database keeps ready for the next time, after those that wait, in one message."""
        self._send([*self._taken(), self._statement(sql, values)])

    def run_last(self, sql: str, values: Sequence[Any]) -> None:
        """Run a statement before the next one of this transaction, or with its commit: both stand or fall together.

        sql: as `messages.Statement` takes it. A transaction or savepoint that is rolled back takes it along. Raises
        TransactionManagementError outside a transaction, and DataError for a value that the database can't hold;
        what the database has against it is raised by the next statement, or the commit, which does not happen then.
        """
        if not self.in_atomic_block:
            raise TransactionManagementError("what is to be committed last needs a transaction")
        self.validate_no_broken_transaction()
        self._waiting.append(self._statement(sql, values))

    def write_what_waits(self) -> None:
        """Run what waits for the transaction's end now: something outside of the database is about to be done."""
        if self._waiting and not self.needs_rollback:
            self._send(self._taken())

    def _statement(self, sql: str, values: Sequence[Any]) -> messages.Statement:
        self.ensure_connection()
        with self.wrap_database_errors:
            return messages.Statement(self.connection, sql, values)

    def _after_what_waits(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run a statement of Django's after those that wait."""
        self.write_what_waits()
        return execute(sql, params, many, context)

    @property
    def _is_watched(self) -> bool:
        """Whether somebody else wants to see each statement: the log of queries, or what was put around them."""
        return self.queries_logged or len(self.execute_wrappers) > 1

    def _taken(self) -> list[messages.Statement]:
        waiting, self._waiting = self._waiting, []
        return waiting

    def _send(self, statements: list[messages.Statement]) -> None:
        try:
            if self._is_watched:
                with self.cursor() as cursor:
                    for each in statements:
                        cursor.execute(each.sql, each.values)
            else:
                self.validate_no_broken_transaction()
                with self.wrap_database_errors:
                    messages.send(self.connection, statements, commit=False)
        except BaseException:
            self.needs_rollback = self.in_atomic_block  # whoever goes on after this error commits nothing
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
                messages.send(self.connection, self._taken(), commit=True)
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
        """Close the connection, and forget what waited for its transaction's end."""
        self._waiting.clear()
        super().close()


def _lives(connection: Any) -> bool:
    """Ask it, outside of any transaction: the last one to hold it may have turned autocommit off."""
    try:
        connection.autocommit = True
        connection.execute("")
    except psycopg.Error:
        return False
    return True
