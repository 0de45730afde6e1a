import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile

ALIAS: Final = "street_files"


def keep(files: Iterable[UploadedFile[Any]]) -> str:
    """Store files in a folder with an unguessable name; return it."""
    key = secrets.token_hex(16)
    for file in files:
        _kept().save(f"{key}/{file.name}", file)
    return key


def paths(key: str) -> list[Path]:
    """Return the files of an upload by name. Raises FileNotFoundError."""
    return [Path(_kept().path(f"{key}/{name}")) for name in sorted(_kept().listdir(key)[1])]


def delete(key: str) -> None:
    if key and _kept().exists(key):
        for name in _kept().listdir(key)[1]:
            _kept().delete(f"{key}/{name}")
        _kept().delete(key)


def _kept() -> Storage:
    return storages[ALIAS]
