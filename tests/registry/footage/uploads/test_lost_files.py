"""Files that are not there any more, and workers and senders that come second."""

import io
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.canvasses.links import link_actor
from registry.footage import selectors, storage
from registry.footage.models import Evidence, Upload
from registry.footage.services import custody, uploads
from registry.footage.states import UploadState
from tests.factories import request_at
from tests.registry.footage.footage import begun, chosen, ready, sent, video

pytestmark = pytest.mark.django_db


def state_of(upload: Upload) -> str:
    return Upload.objects.values_list("state", flat=True).get(pk=upload.pk)


@pytest.mark.parametrize("missing", [0, 1])
def test_a_file_that_turns_out_to_be_no_footage_or_short_is_refused_and_gone(
    missing: int, uploads_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = set(uploads_root.rglob("*"))
    upload = chosen(ready(request_at("sent")))
    storage.arriving(upload.pk).write_bytes(b"#" * (upload.size - missing))
    with django_capture_on_commit_callbacks(execute=True):
        assert custody.receive(upload=upload.pk) is None
    assert not [path for path in set(uploads_root.rglob("*")) - before if path.is_file()]
    assert state_of(upload) == UploadState.REFUSED
    assert not Evidence.objects.exists()


def test_the_second_of_two_workers_finds_what_the_first_received(monkeypatch: pytest.MonkeyPatch) -> None:
    upload, keep = chosen(ready(request_at("sent"))), storage.keep

    def the_other_is_faster(pk: object, *, key: str) -> None:
        keep(upload.pk, key=key)
        monkeypatch.setattr(storage, "keep", keep)
        assert custody.receive(upload=upload.pk) is not None

    monkeypatch.setattr(storage, "keep", the_other_is_faster)
    found = custody.receive(upload=upload.pk)
    assert found == Evidence.objects.get()


def test_a_worker_that_misses_the_file_does_not_take_back_what_another_received(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload, fingerprint = chosen(ready(request_at("sent"))), storage.fingerprint

    def the_other_is_faster(pk: object, *, key: str) -> tuple[str, int]:
        monkeypatch.setattr(storage, "fingerprint", fingerprint)
        assert custody.receive(upload=upload.pk) is not None
        raise FileNotFoundError(key)

    monkeypatch.setattr(storage, "fingerprint", the_other_is_faster)
    assert custody.receive(upload=upload.pk) is None
    assert state_of(upload) == UploadState.RECEIVED
    assert Evidence.objects.count() == 1


class TestAnArrivingFileThatIsGone:
    @pytest.fixture
    def gone(self) -> Upload:
        upload = begun(request_at("sent"))
        storage.discard(upload.pk)
        return upload

    def test_its_sender_is_told_to_send_it_again(self, gone: Upload) -> None:
        with pytest.raises(Stale, match="send it again"):
            uploads.offset(upload=gone)
        with pytest.raises(Stale, match="send it again"):
            uploads.append(upload=gone, offset=0, stream=io.BytesIO(b"x"), by=link_actor(gone.request))

    def test_of_one_that_was_removed_its_sender_is_told_that(self, gone: Upload) -> None:
        uploads.remove(upload=gone, by=link_actor(gone.request))
        with pytest.raises(Stale, match="This file is already"):
            uploads.append(upload=gone, offset=0, stream=io.BytesIO(b"x"), by=link_actor(gone.request))

    def test_nor_is_there_one_without_its_row(self, gone: Upload) -> None:
        Upload.objects.filter(pk=gone.pk).delete()
        with pytest.raises(NotYours):
            selectors.upload(gone.pk)


def test_of_a_piece_that_is_larger_than_declared_nothing_is_kept() -> None:
    upload = sent(begun(request_at("sent")), video()[:100])
    with pytest.raises(storage.TooMuch):
        sent(upload, video()[100:] + b"more", at=100)
    assert storage.size(upload.pk) == 100
    assert state_of(upload) == UploadState.RECEIVING
