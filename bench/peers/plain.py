"""The rows that an act wrote, written again plainly: by psycopg, one by one, in one transaction, without triggers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.types.string import TextLoader

from bench.clock import timed
from tests.database.clone import Clone

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
Rows = dict[str, int]
"""How many rows there are, by table."""


def counted(portal: Clone) -> Rows:
    """Return how many rows each table has."""
    with portal.connect() as database:
        names = [name for (name,) in database.execute(TABLES).fetchall()]
        return {name: _one(database, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))) for name in names}


def more(before: Rows, after: Rows) -> Rows:
    """Return how many rows were added, by table."""
    return {name: count - before[name] for name, count in after.items() if count > before[name]}


@contextmanager
def again(portal: Clone, rows: Rows) -> Iterator[Callable[[], float]]:
    """Offer what writes so many rows of each table into tables of the same shape.

    It returns the milliseconds on a processor, of this process and of the database's.
    """
    with portal.connect() as database:
        database.adapters.register_loader("jsonb", TextLoader)
        copies = [_Copy(database, name, count) for name, count in rows.items()]

        def write() -> None:
            with database.transaction():
                for copy in copies:
                    copy.write()

        def measured() -> float:
            for copy in copies:
                copy.clear()
            _passed, processor, _nothing = timed(write, database)
            return processor

        yield measured


class _Copy:
    """A table of the same shape as another one, and rows for it."""

    def __init__(self, database: psycopg.Connection, name: str, count: int) -> None:
        own, table = sql.Identifier(f"bench_{name}"), sql.Identifier(name)
        columns = [column for (column,) in database.execute(COLUMNS, [name]).fetchall()]
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        database.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(own, table))
        self._rows = database.execute(sql.SQL("SELECT {} FROM {} LIMIT {}").format(names, table, count)).fetchall()
        self._insert = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
            own, names, sql.SQL(", ").join([sql.Placeholder()] * len(columns))
        )
        self._truncate = sql.SQL("TRUNCATE {}").format(own)
        self._database = database

    def clear(self) -> None:
        """Remove the rows."""
        self._database.execute(self._truncate)

    def write(self) -> None:
        """Write the rows."""
        with self._database.cursor() as cursor:
            cursor.executemany(self._insert, self._rows)


def _one(database: psycopg.Connection, query: sql.Composed) -> int:
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0
