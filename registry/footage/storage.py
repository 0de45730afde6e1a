"""Footage on disk: arriving files and evidence.

An arriving file is named by its upload and only ever grows; its size on disk is the truth about how much has
arrived. Evidence is in the storage "evidence" under a random key that the application can't look up.
"""

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

PIECE = 1024 * 1024
"""Bytes of a file held in memory at once."""

SYNCED_EVERY = 64 * PIECE
"""Bytes after which a long transfer is forced to disk, so that its end does not wait for all of it."""

RESERVE = 1024**3
"""Bytes of disk that uploads leave free for everything else."""

FULL = frozenset([errno.ENOSPC, errno.EDQUOT])


class Reader(Protocol):
    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""


class InUse(Exception):
    """Another web request is writing this file now."""


class DiskFull(Exception):
    """The disk has no room. Bytes that were written before stay."""


class TooMuch(Exception):
    """More bytes came than the sender declared. The declared ones stay, the rest is not kept."""


def begin(upload: UUID) -> None:
    """Make the empty file of an upload. Raises FileExistsError if there is one."""
    _arriving().mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(arriving(upload), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _sync_directory(_arriving())


def size(upload: UUID) -> int:
    """Return how many bytes of an upload have arrived. Raises FileNotFoundError."""
    return arriving(upload).stat().st_size


def arriving(upload: UUID) -> Path:
    return _arriving() / str(upload)


@contextmanager
def locked(upload: UUID) -> Iterator[FileIO]:
    """Open the file of an upload for this web request alone; the lock dies with the process.

    Raises InUse while another web request holds it, FileNotFoundError if there is no such file.
    """
    path = arriving(upload)
    with path.open("r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(str(upload)) from error
        if not path.exists() or not os.path.samestat(path.stat(), os.fstat(file.fileno())):
            raise FileNotFoundError(errno.ENOENT, "moved while waiting", str(path))
        file.seek(0, os.SEEK_END)
        yield file


def pieces(stream: Reader) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def append(file: FileIO, piece: bytes, *, declared: int) -> int:
    """Write a piece at the end of a locked file and return the file's size.

    Raises TooMuch beyond the declared size, after writing up to it; DiskFull if only the reserve is left.
    """
    room = declared - file.tell()
    rest = memoryview(piece)[:room]
    before = file.tell()
    if not room_for(len(rest)):  # files that were begun together may not all fit
        raise DiskFull
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise
    if before // SYNCED_EVERY != file.tell() // SYNCED_EVERY:
        os.fdatasync(file.fileno())
    if len(piece) > room:
        raise TooMuch
    return file.tell()


def sync(file: FileIO) -> None:
    """Force written bytes to disk: an offset that a client is told survives a power cut."""
    os.fdatasync(file.fileno())


def head(file: FileIO, count: int) -> bytes:
    return os.pread(file.fileno(), count, 0)


def adopt(upload: UUID, file: UploadedFile[Any]) -> None:
    """Take a file that came with a form as an upload's file. One on the same disk is moved without a copy."""
    begin(upload)
    try:
        if isinstance(file, TemporaryUploadedFile):
            shutil.move(file.temporary_file_path(), arriving(upload))
            arriving(upload).chmod(0o600)
        else:
            arriving(upload).write_bytes(file.read())
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise
    with arriving(upload).open("rb") as kept:
        os.fsync(kept.fileno())


def discard(upload: UUID) -> None:
    arriving(upload).unlink(missing_ok=True)


def remove(upload: UUID, *, key: str) -> None:
    """Delete the file of an upload, arriving or at `key`. key: "" if it has none yet."""
    discard(upload)
    if key:
        delete(key)


def untouched(since: datetime) -> Iterator[UUID]:
    for path in _arriving().glob("*-*-*-*-*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < since.timestamp():
                yield UUID(path.name)


def room_for(count: int) -> bool:
    """True if `count` more bytes fit beside the reserve."""
    _arriving().mkdir(parents=True, exist_ok=True, mode=0o700)
    return shutil.disk_usage(_arriving()).free - RESERVE >= count


def new_key() -> str:
    """Return a random key for a file among the evidence: 128 bits that nobody can guess."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


def fingerprint(upload: UUID, *, key: str) -> tuple[str, int]:
    """Return SHA-256 (hexadecimal) and size in bytes of a file, arriving or at `key`. Raises FileNotFoundError."""
    try:
        file: BinaryIO = arriving(upload).open("rb")
    except FileNotFoundError:
        file = stored(key)
    digest, count = hashlib.sha256(), 0
    with file:
        for piece in pieces(file):
            digest.update(piece)
            count += len(piece)
    return digest.hexdigest(), count


def first_bytes_at(key: str, count: int) -> bytes:
    with stored(key) as file:
        return file.read(count)


def delete(key: str) -> None:
    """Delete the evidence at a key, if it is there, so that a power cut does not bring it back."""
    kept = evidence()
    kept.delete(key)
    if isinstance(kept, FileSystemStorage) and (directory := Path(kept.path(key)).parent).is_dir():
        _sync_directory(directory)


def keep(upload: UUID, *, key: str) -> None:
    """Move an arrived file to its key among the evidence. Repeating it is harmless. Raises FileNotFoundError."""
    try:
        _move(arriving(upload), evidence(), key)
    except FileNotFoundError:
        if not evidence().exists(key):
            raise


def stored(key: str) -> BinaryIO:
    return evidence().open(key, "rb")  # type: ignore[return-value]


def evidence() -> Storage:
    return storages["evidence"]


def _move(path: Path, storage: Storage, key: str) -> None:
    if not isinstance(storage, FileSystemStorage):
        with path.open("rb") as file:
            storage.save(key, File(file))
        path.unlink()
        return
    target = Path(storage.path(key))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.replace(target)
    _sync_directory(target.parent)
    _sync_directory(path.parent)


def _arriving() -> Path:
    return Path(storages["receiving"].path(""))


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
