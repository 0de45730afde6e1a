"""Files that are arriving, and files that arrived, on a real disk."""

import errno
import hashlib
import io
import shutil
import uuid
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from registry.footage import storage


class Usage(NamedTuple):
    """Bytes of a disk, as the system tells them."""

    total: int
    used: int
    free: int


@pytest.fixture
def upload() -> uuid.UUID:
    """An upload whose empty file was made."""
    made = uuid.uuid4()
    storage.begin(made)
    return made


def write(upload: uuid.UUID, *pieces: bytes, declared: int = 10**6) -> None:
    with storage.locked(upload) as file:
        for piece in pieces:
            storage.append(file, piece, declared=declared)


def test_an_arriving_file_is_for_the_portal_alone(upload: uuid.UUID) -> None:
    assert storage.arriving(upload).stat().st_mode & 0o777 == 0o600


def test_pieces_follow_each_other(upload: uuid.UUID) -> None:
    write(upload, b"one ", b"two ")
    write(upload, b"three")
    assert storage.arriving(upload).read_bytes() == b"one two three"
    assert storage.size(upload) == 13


def test_a_second_writer_is_turned_away(upload: uuid.UUID) -> None:
    with storage.locked(upload), pytest.raises(storage.InUse), storage.locked(upload):
        pass
    write(upload, b"free again")
    assert storage.size(upload) == 10


def test_nothing_is_kept_beyond_the_declared_size(upload: uuid.UUID) -> None:
    with pytest.raises(storage.TooMuch):
        write(upload, b"12345", b"67890", declared=8)
    assert storage.arriving(upload).read_bytes() == b"12345678"


def test_a_full_disk_leaves_what_was_written(upload: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    class NearlyFull(FileIO):
        room = 7

        def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
            if not self.room:
                raise OSError(errno.ENOSPC, "No space left on device")
            written = super().write(data[: self.room])
            self.room -= written
            return written

    with NearlyFull(storage.arriving(upload), "r+") as file, pytest.raises(storage.DiskFull):
        storage.append(file, b"0123456789", declared=10)
    assert storage.arriving(upload).read_bytes() == b"0123456"
    write(upload, b"789", declared=10)
    assert storage.size(upload) == 10


def test_files_that_were_begun_together_leave_the_reserve(upload: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, storage.RESERVE + 2))
    with pytest.raises(storage.DiskFull):
        write(upload, b"ab", b"cde")
    assert storage.arriving(upload).read_bytes() == b"ab"


def test_another_fault_of_the_disk_is_not_called_full(upload: uuid.UUID) -> None:
    class Broken(FileIO):
        def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
            raise OSError(errno.EIO, "Input/output error")

    with Broken(storage.arriving(upload), "r+") as file, pytest.raises(OSError, match="Input/output"):
        storage.append(file, b"0", declared=1)


def test_a_reserve_stays_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, storage.RESERVE + 500))
    assert storage.room_for(500)
    assert not storage.room_for(501)


def test_a_kept_file_lies_at_its_key_only(upload: uuid.UUID) -> None:
    write(upload, b"footage")
    key = storage.new_key()
    storage.keep(upload, key=key)
    assert not storage.arriving(upload).exists()
    with storage.stored(key) as file:
        assert file.read() == b"footage"
    assert Path(storage.evidence().path(key)).stat().st_mode & 0o777 == 0o600


def test_hash_and_move_can_be_taken_up_after_a_crash(upload: uuid.UUID) -> None:
    write(upload, b"footage")
    key, digest = storage.new_key(), hashlib.sha256(b"footage").hexdigest()
    assert storage.fingerprint(upload, key=key) == (digest, 7)
    storage.keep(upload, key=key)
    assert storage.fingerprint(upload, key=key) == (digest, 7)
    storage.keep(upload, key=key)
    with storage.stored(key) as file:
        assert file.read() == b"footage"


def test_a_file_that_is_nowhere_is_not_kept() -> None:
    with pytest.raises(FileNotFoundError):
        storage.keep(uuid.uuid4(), key=storage.new_key())


def test_keys_can_not_be_guessed() -> None:
    keys = {storage.new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(len(key.partition("/")[2]) == 32 for key in keys)


def test_a_file_that_came_with_a_form_is_moved() -> None:
    whole = TemporaryUploadedFile("door.mp4", "video/mp4", 7, None)
    whole.write(b"footage")
    whole.flush()
    inode = Path(whole.temporary_file_path()).stat().st_ino
    made = uuid.uuid4()
    storage.adopt(made, whole)
    assert storage.arriving(made).stat().st_ino == inode
    assert storage.arriving(made).read_bytes() == b"footage"
    assert storage.arriving(made).stat().st_mode & 0o777 == 0o600
    assert not Path(whole.temporary_file_path()).exists()
    whole.close()


def test_a_small_file_that_came_with_a_form_is_written() -> None:
    made = uuid.uuid4()
    storage.adopt(made, SimpleUploadedFile("door.mp4", b"footage"))
    assert storage.arriving(made).read_bytes() == b"footage"


def test_files_that_nobody_touched_for_long_are_known(upload: uuid.UUID) -> None:
    touched = datetime.fromtimestamp(storage.arriving(upload).stat().st_mtime, UTC)
    assert upload not in set(storage.untouched(touched - timedelta(hours=1)))
    assert upload in set(storage.untouched(touched + timedelta(hours=1)))


def test_a_discarded_file_is_gone_and_may_be_discarded_again(upload: uuid.UUID) -> None:
    storage.discard(upload)
    storage.discard(upload)
    with pytest.raises(FileNotFoundError):
        storage.size(upload)


def test_a_stream_is_read_in_pieces() -> None:
    whole = bytes(storage.PIECE * 2 + 3)
    assert [len(piece) for piece in storage.pieces(io.BytesIO(whole))] == [storage.PIECE, storage.PIECE, 3]
