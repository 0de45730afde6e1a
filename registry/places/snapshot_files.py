"""Pictures of cameras' views, for their owners alone, each camera's in a directory that is deleted with it."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages


def new_key(camera: UUID) -> str:
    """Return a key for a camera's picture that nobody can guess: 128 random bits."""
    return f"{camera.hex}/{secrets.token_hex(16)}.jpg"


def keep(key: str, picture: bytes) -> None:
    storage().save(key, ContentFile(picture))


def read(key: str) -> bytes:
    """Return the picture of a key, b"" when it is gone."""
    with suppress(FileNotFoundError), storage().open(key, "rb") as file:
        return bytes(file.read())
    return b""


def delete(camera: UUID, *, but: str = "") -> None:
    with suppress(FileNotFoundError):
        _directories, files = storage().listdir(camera.hex)
        for key in (f"{camera.hex}/{name}" for name in files):
            if key != but:
                storage().delete(key)
    if not but:
        storage().delete(camera.hex)


def keys_before(moment: datetime) -> Iterator[str]:
    with suppress(FileNotFoundError):
        directories, _files = storage().listdir("")
        for directory in directories:
            with suppress(FileNotFoundError):  # the camera was removed meanwhile
                for name in storage().listdir(directory)[1]:
                    key = f"{directory}/{name}"
                    if storage().get_modified_time(key) < moment:
                        yield key


def discard(key: str) -> None:
    storage().delete(key)
    with suppress(OSError):  # the directory is not empty
        storage().delete(key.partition("/")[0])


def storage() -> Storage:
    return storages["snapshots"]
