from typing import cast

from django.core.files.storage import FileSystemStorage
from django.db import connection

from fusus_portal.ground.database.backend.base import DatabaseWrapper


class FileStorage(FileSystemStorage):
    """Files of rows: none is touched before the entries of its act are in the database."""

    def path(self, name: str) -> str:
        # Every access to a file calls this first; an act writes its file last.
        cast(DatabaseWrapper, connection).write_what_waits()
        return super().path(name)
