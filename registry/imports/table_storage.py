"""Files of imports and copies: under random names, in their own storage, never for long."""

import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages


def keep_rows(rows: Iterable[tuple[int, list[str]]]) -> tuple[str, int]:
    """Write the rows of a table as a working copy, one line of JSON each; return its key and the number of rows."""
    count = 0
    with TemporaryFile() as file:
        for number, cells in rows:
            file.write(json.dumps([number, *cells]).encode() + b"\n")
            count += 1
        return keep(file), count


def rows_of(key: str, *, skip: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a working copy with their numbers. Raises FileNotFoundError."""
    with tables().open(key, "rb") as file:
        for place, line in enumerate(file):
            if place >= skip:
                number, *cells = json.loads(line)
                yield number, cells


def keep(file: BinaryIO) -> str:
    """Store a file under a key that nobody can guess; return the key."""
    return tables().save(secrets.token_hex(16), File(file))


def open_table(key: str) -> BinaryIO:
    """Open the file of a key for reading. Raises FileNotFoundError."""
    return tables().open(key, "rb")  # type: ignore[return-value]


def delete(key: str) -> None:
    if key:
        tables().delete(key)


def older_than(moment: datetime) -> list[str]:
    storage = tables()
    if isinstance(storage, FileSystemStorage) and not storage.exists(""):
        return []
    _folders, names = storage.listdir("")
    return [name for name in names if storage.get_modified_time(name) < moment]


def tables() -> Storage:
    return storages["tables"]
