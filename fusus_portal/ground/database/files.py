"""Storage of files that belong to rows, and slow work on files without a database connection."""

from typing import cast

from django.core.files.storage import FileSystemStorage
from django.db import connection

from fusus_portal.ground.database.backend.base import DatabaseWrapper


class FileStorage(FileSystemStorage):
    """Stores files that belong to rows; touches none before the entries of its act are in the database."""

    def path(self, name: str) -> str:
        # Every access to a file calls this first; an act writes its file last.
        cast("DatabaseWrapper", connection).write_what_waits()
        return super().path(name)


def give_back() -> None:
    """Give this thread's connection back to the pool before slow work. Raises RuntimeError inside a transaction."""
    around = connection.atomic_blocks
    if not around:
        connection.close()
    elif not getattr(around[-1], "_from_testcase", False):  # as Django itself asks for `atomic(durable=True)`
        raise RuntimeError("Work that takes seconds comes before the transaction, not inside it.")
