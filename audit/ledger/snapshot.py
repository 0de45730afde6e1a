"""Reads the ledger as of one moment, while others keep writing."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

from audit.ledger.models import WIDTH
from audit.ledger.tree.leaves import LONGEST
from audit.ledger.tree.tiles import unpacked

LARGEST = WIDTH * (2 + LONGEST)
"""Most bytes of a bundle."""


@contextmanager
def snapshot() -> Iterator[CursorWrapper]:
    """Yield a cursor that sees the database as it is now, and can't write. It has a connection of its own."""
    reading = connection.copy()
    try:
        reading.set_autocommit(False)
        with reading.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield cursor
    finally:
        reading.rollback()
        reading.close()


def entries_of(compressed: bytes) -> list[bytes] | None:
    """Return the 256 entries of a stored bundle, None if it holds anything else."""
    try:
        content = zlib.decompressobj().decompress(compressed, LARGEST + 1)
    except zlib.error:
        return None
    found = list(unpacked(content))
    return found if len(found) == WIDTH and sum(map(len, found)) + 2 * WIDTH == len(content) else None
