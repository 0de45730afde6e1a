"""Files that belong to rows."""

from typing import cast

from django.core.files.storage import FileSystemStorage
from django.db import connection

from fusus_portal.ground.database.backend.base import DatabaseWrapper


class FileStorage(FileSystemStorage):
    """As Django's, but no file is touched before the entries of its act are in the database.

    An act writes its file last in its transaction, so that a row that is refused leaves no file behind.
    """

    def path(self, name: str) -> str:
        """Return where a file lies. Whatever is done with one asks this first."""
        cast(DatabaseWrapper, connection).write_what_waits()
        return super().path(name)
