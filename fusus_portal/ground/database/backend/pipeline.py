"""Several statements in one message to PostgreSQL, by libpq's pipeline mode; psycopg's costs more than it saves."""

from collections.abc import Generator, Sequence
from functools import cache
from itertools import count
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.waiting import Ready, Wait

Connection: TypeAlias = "psycopg.Connection[Any]"
NOT_RUN = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.PIPELINE_ABORTED)

_kept: "WeakKeyDictionary[Connection, dict[str, bytes]]" = WeakKeyDictionary()
"""Names of the statements prepared on each connection, by SQL."""

_numbers = count()


class Statement:
    """SQL with a %s for each value and no other percent sign, and the values. Its result is not read."""

    def __init__(self, connection: Connection, sql: str, values: Sequence[Any]) -> None:
        self.sql, self.values = sql, values
        # Text of the types that the SQL implies, so that one plan serves all values.
        self._texts = Transformer(connection).dump_sequence(values, [PyFormat.TEXT] * len(values))

    def send(self, server: pq.abc.PGconn, kept: dict[str, bytes]) -> None:
        if self.sql not in kept:
            kept[self.sql] = b"portal_%d" % next(_numbers)
            server.send_prepare(kept[self.sql], _numbered(self.sql))
        server.send_query_prepared(kept[self.sql], self._texts)


def send(connection: Connection, statements: Sequence[Statement], *, commit: bool) -> None:
    """Run statements in order, and commit after the last if asked; return after the server's last answer.

    Begins a transaction unless in autocommit mode. Raises the error of the first failed statement; later ones, and the
    commit, have not run. Raises OperationalError for a lost connection: the commit may have happened.
    """
    kept = _kept.get(connection, {})
    known = dict(kept)
    with connection.lock:
        try:
            answers = _answered(connection, statements, known, commit=commit)
        except BaseException:
            connection.pgconn.finish()  # a late answer would be taken for another statement's
            raise
    for answer in answers:
        if answer.status in NOT_RUN:
            raise errors.error_from_result(answer)
    if commit and answers[-1].command_status != b"COMMIT":
        raise errors.InFailedSqlTransaction("the transaction had failed before, so nothing of it was committed")
    if len(known) > len(kept):
        _kept[connection] = known


def _answered(
    connection: Connection, statements: Sequence[Statement], kept: dict[str, bytes], *, commit: bool
) -> list[pq.abc.PGresult]:
    server = connection.pgconn
    begins = not connection.autocommit and server.transaction_status == pq.TransactionStatus.IDLE
    server.enter_pipeline_mode()
    if begins:
        server.send_query_params(b"BEGIN", None)
    for statement in statements:
        statement.send(server, kept)
    if commit:
        server.send_query_params(b"COMMIT", None)
    server.pipeline_sync()
    answers = connection.wait(_answers(server))
    server.exit_pipeline_mode()
    return answers


def _answers(server: pq.abc.PGconn) -> Generator[Wait, Ready | int, list[pq.abc.PGresult]]:
    """Return the server's answers to one message. Other threads run while `Connection.wait` waits."""
    while server.flush():
        if (yield Wait.RW) & Ready.R:
            server.consume_input()
    answers: list[pq.abc.PGresult] = []
    while server.status == pq.ConnStatus.OK:
        while server.is_busy():
            yield Wait.R
            server.consume_input()
        answer = server.get_result()
        if answer is not None:  # None separates two answers
            if answer.status == pq.ExecStatus.PIPELINE_SYNC:
                return answers
            answers.append(answer)
    raise psycopg.OperationalError("the connection to the database is lost")


@cache
def _numbered(sql: str) -> bytes:
    """Return SQL with $1, $2 and so on for each %s."""
    first, *others = sql.split("%s")
    return "".join([first, *(f"${number}{part}" for number, part in enumerate(others, 1))]).encode()
