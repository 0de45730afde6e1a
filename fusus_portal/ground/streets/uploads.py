"""Uploaded files that wait for a worker, and the progress of reading them."""

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.core.cache import cache
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile

ALIAS: Final = "street_files"


def keep_files(files: Iterable[UploadedFile[Any]]) -> str:
    """Store uploaded files in a folder with a name that can't be guessed; return the name."""
    key = secrets.token_hex(16)
    for file in files:
        _storage().save(f"{key}/{file.name}", file)
    return key


def paths_of_files(key: str) -> list[Path]:
    """Return the paths of an upload's files, in the order of their names. Raises FileNotFoundError."""
    return [Path(_storage().path(f"{key}/{name}")) for name in sorted(_storage().listdir(key)[1])]


def delete_files(key: str) -> None:
    if key and _storage().exists(key):
        for name in _storage().listdir(key)[1]:
            _storage().delete(f"{key}/{name}")
        _storage().delete(key)


def _storage() -> Storage:
    return storages[ALIAS]


PATIENCE_SECONDS = 180
"""Seconds without progress after which a load has lost its worker."""


def note_progress(pk: int, name: str, done: int, whole: int | None) -> None:
    cache.set(_progress_key(pk), {"name": name, "done": done, "whole": whole}, PATIENCE_SECONDS)


def progress_of(pk: int) -> dict[str, Any] | None:
    """Return file name, rows so far and total rows or None: `name`, `done` and `whole`; None without progress."""
    told: dict[str, Any] | None = cache.get(_progress_key(pk))
    return told


def forget_progress(pk: int) -> None:
    cache.delete(_progress_key(pk))


def _progress_key(pk: int) -> str:
    return f"streets-{pk}"
