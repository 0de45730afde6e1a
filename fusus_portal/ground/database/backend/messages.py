"""Several statements in one message to PostgreSQL, by the pipeline mode of libpq.

A statement alone is a message and an answer, and for the short ones at a transaction's end the way there and back takes
as long as the work. psycopg has a pipeline mode too, but for two statements its bookkeeping takes longer than the way
that it saves.
"""

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
"""The names of the statements that a connection keeps ready, by their SQL."""

_numbers = count()


class Statement:
    """SQL with a %s for each value and no other percent sign, and the values. What it returns is not read.

    Values go as text, of the types that the SQL makes of them, so that one plan serves them all.
    """

    def __init__(self, connection: Connection, sql: str, values: Sequence[Any]) -> None:
        """Raises psycopg's DataError for a value that PostgreSQL cannot hold."""
        self.sql, self.values = sql, values
        self._texts = Transformer(connection).dump_sequence(values, _as_text(len(values)))

    def send(self, server: pq.abc.PGconn, kept: dict[str, bytes]) -> None:
        """Send it, and before it, if the connection does not keep it ready yet, the order to do so."""
        if self.sql not in kept:
            kept[self.sql] = b"portal_%d" % next(_numbers)
            server.send_prepare(kept[self.sql], _numbered(self.sql))
        server.send_query_prepared(kept[self.sql], self._texts)


def send(connection: Connection, statements: Sequence[Statement], *, commit: bool) -> None:
    """Run all, in order, and commit after the last where asked to; return once the server has answered each.

    A connection that has no transaction yet, and does not commit by itself, begins one. Raises what the server said
    of the first that failed: no later one has run then, the commit neither. Raises OperationalError where the
    connection is lost: whether it was committed is not known then.
    """
    kept = _kept.get(connection, {})
    known = dict(kept)
    with connection.lock:
        try:
            answers = _answered(connection, statements, known, commit=commit)
        except BaseException:
            connection.pgconn.finish()  # an answer that comes late would be taken for the answer to something else
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
    """Return all answers up to the end of the message. Other threads work while `Connection.wait` waits for it."""
    while server.flush():
        if (yield Wait.RW) & Ready.R:
            server.consume_input()
    answers: list[pq.abc.PGresult] = []
    while server.status == pq.ConnStatus.OK:
        while server.is_busy():
            yield Wait.R
            server.consume_input()
        answer = server.get_result()
        if answer is not None:  # None stands between two answers
            if answer.status == pq.ExecStatus.PIPELINE_SYNC:
                return answers
            answers.append(answer)
    raise psycopg.OperationalError("the connection to the database is lost")


@cache
def _as_text(length: int) -> list[PyFormat]:
    return [PyFormat.TEXT] * length


@cache
def _numbered(sql: str) -> bytes:
    """Return SQL as the server wants it: each %s is $1, $2 and so on."""
    first, *others = sql.split("%s")
    return "".join([first, *(f"${number}{part}" for number, part in enumerate(others, 1))]).encode()
