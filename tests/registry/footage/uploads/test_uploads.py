"""Files given by a plain form, files left half done, and two senders at once."""

import io
import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.utils import timezone

from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.canvasses.links import link_actor
from registry.canvasses.services import requests
from registry.footage import selectors, storage
from registry.footage.models import Upload
from registry.footage.services import uploads
from registry.footage.services.custody import RECEIVE
from registry.footage.services.uploads import MAKER
from registry.footage.states import UploadState
from registry.incidents.services import incidents
from tests.database.clone import Clone
from tests.factories import closed_for_good, person, registrant_at, request_at
from tests.peers.queue import handed_over
from tests.registry.entries import entries_of
from tests.registry.footage.footage import begun, chosen, ready, sent, video

Answer = Callable[..., object]
OnCommit = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


def whole(content: bytes, name: str = "Front door.mp4", kind: str = "video/mp4") -> SimpleUploadedFile:
    """Return a file as a form brings it. kind: of content, as its sender says."""
    return SimpleUploadedFile(name, content, content_type=kind)


def large(content: bytes) -> TemporaryUploadedFile:
    """Return a file as a form brings it when it is too large for memory."""
    file = TemporaryUploadedFile("Yard.mp4", "video/mp4", len(content), None)
    file.write(content)
    file.flush()
    file.seek(0)
    return file


@pytest.mark.django_db
class TestAPlainForm:
    def test_all_its_files_are_here_and_none_is_given(self) -> None:
        asked = request_at("sent")
        with closing(large(video(3))) as second:  # Django closes what came with a request at its end
            here = uploads.receive_whole(request=asked, files=[whole(video()), second], by=link_actor(asked))
        assert [(upload.state, upload.given_at) for upload in here] == [(UploadState.READY, None)] * 2
        assert [storage.arriving(upload.pk).read_bytes() for upload in here] == [video(), video(3)]
        assert len(entries_of(Event.UPLOAD_FINISHED)) == 2

    def test_the_registrant_signed_in_may_send_too(self, django_capture_on_commit_callbacks: OnCommit) -> None:
        user = person()
        asked = request_at("sent", registrant=registrant_at(user=user))
        with django_capture_on_commit_callbacks(execute=True):
            [upload] = uploads.receive_whole(request=asked, files=[whole(video())], by=user)
        assert str(upload.pk) in handed_over(MAKER)
        assert entries_of(Event.UPLOAD_FINISHED)[0].actor_id == str(user.pk)

    @pytest.mark.parametrize(
        ("bad", "sentence"),
        [
            (whole(b"MZ" + bytes(99)), "not a video or picture"),
            (whole(video(), "run.exe"), "not a video or picture"),
            (whole(video(), kind="text/html"), "not a video or picture"),
            (whole(b""), "empty"),
        ],
    )
    def test_one_bad_file_and_none_is_kept(self, bad: SimpleUploadedFile, sentence: str) -> None:
        asked = request_at("sent")
        before = AuditEntry.objects.count()
        with pytest.raises(ValidationError, match=sentence):
            uploads.receive_whole(request=asked, files=[whole(video()), bad], by=link_actor(asked))
        assert not Upload.objects.exists()
        assert AuditEntry.objects.count() == before

    def test_a_disk_that_fills_up_keeps_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked, real, begun_files = request_at("sent"), storage.adopt, []

        def adopt(pk: object, file: object) -> None:
            begun_files.append(pk)
            if len(begun_files) == 2:
                raise storage.DiskFull
            real(pk, file)  # type: ignore[arg-type]

        monkeypatch.setattr(storage, "adopt", adopt)
        with pytest.raises(ValidationError, match="no room"):
            uploads.receive_whole(request=asked, files=[whole(video()), whole(video())], by=link_actor(asked))
        assert not Upload.objects.exists()
        assert not any(storage.arriving(pk).exists() for pk in begun_files)  # type: ignore[arg-type]

    def test_26_files_are_too_many(self) -> None:
        asked = request_at("sent")
        with pytest.raises(ValidationError, match="At most 25"):
            uploads.receive_whole(request=asked, files=[whole(video())] * 26, by=link_actor(asked))

    def test_refused_and_removed_files_do_not_make_room_without_end(self) -> None:
        asked = request_at("sent")
        for state in [UploadState.REFUSED] * 40 + [UploadState.REMOVED] * 34:
            Upload.objects.create(request=asked, name="a.mp4", size=9, state=state)
        uploads.receive_whole(request=asked, files=[whole(video())], by=link_actor(asked))
        with pytest.raises(ValidationError, match="Too many files were begun"):
            uploads.receive_whole(request=asked, files=[whole(video())], by=link_actor(asked))

    def test_a_small_file_in_one_piece_is_looked_at_too(self) -> None:
        upload = begun(request_at("sent"), content=b"no video")
        with pytest.raises(ValidationError):
            sent(upload, b"no video")
        assert selectors.upload(upload.pk).state == UploadState.REFUSED

    @pytest.mark.parametrize("state", ["withdrawn", "expired"])
    def test_a_request_that_is_over_takes_nothing(self, state: str) -> None:
        asked = request_at(state)
        with pytest.raises(Stale):
            uploads.receive_whole(request=asked, files=[whole(video())], by=link_actor(asked))
        assert not Upload.objects.exists()


@pytest.mark.django_db
class TestSomebodyElse:
    STRANGER = Actor(ActorKind.LINK, "0b6f0d9e-5d0c-4a55-9d7f-3c1f1c0e7a10", role="link")

    def test_gives_nothing_to_a_request(self) -> None:
        asked = request_at("sent")
        with pytest.raises(NotYours):
            uploads.create(request=asked, name="a.mp4", size=9, by=self.STRANGER)
        with pytest.raises(NotYours):
            uploads.receive_whole(request=asked, files=[whole(video())], by=person())
        assert not Upload.objects.exists()

    def test_neither_adds_to_a_file_nor_removes_it(self) -> None:
        upload = begun(request_at("sent"))
        with pytest.raises(NotYours):
            uploads.append(upload=upload, offset=0, stream=io.BytesIO(b"x"), by=self.STRANGER)
        with pytest.raises(NotYours):
            uploads.remove(upload=upload, by=self.STRANGER)
        assert storage.size(upload.pk) == 0
        assert selectors.upload(upload.pk).state == UploadState.RECEIVING


@pytest.mark.django_db
class TestTheSweep:
    def test_it_finishes_a_file_whose_last_word_was_lost(self) -> None:
        upload = begun(request_at("sent"))
        storage.arriving(upload.pk).write_bytes(video())  # the process was killed before it could say so
        assert uploads.sweep() >= 1
        assert selectors.upload(upload.pk).state == UploadState.READY
        assert len(entries_of(Event.UPLOAD_FINISHED, upload)) == 1

    def test_it_removes_what_nobody_continued_for_a_week(self, django_capture_on_commit_callbacks: OnCommit) -> None:
        asked = request_at("sent")
        old, new = begun(asked), begun(asked)
        for upload, days in ((old, 7.1), (new, 6.9)):
            sent(upload, video()[:100])
            Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now() - timedelta(days=days))
        with django_capture_on_commit_callbacks(execute=True):
            uploads.sweep()
        assert selectors.upload(old.pk).state == UploadState.REMOVED
        assert not storage.arriving(old.pk).exists()
        assert selectors.upload(new.pk).state == UploadState.RECEIVING
        assert storage.size(new.pk) == 100
        (entry,) = entries_of(Event.UPLOAD_REMOVED, old)
        assert (entry.actor_kind, entry.actor_id) == ("task", uploads.SWEEPER)

    def test_it_deletes_files_without_a_row(self) -> None:
        kept, lost = begun(request_at("sent")), begun(request_at("sent"))
        Upload.objects.filter(pk=lost.pk).delete()
        for upload in (kept, lost):
            os.utime(storage.arriving(upload.pk), (0, 0))
        uploads.sweep()
        assert not storage.arriving(lost.pk).exists()
        assert storage.arriving(kept.pk).exists()

    def test_it_offers_again_what_waits_for_a_worker(self) -> None:
        upload = ready(request_at("sent"))
        assert uploads.sweep() == 1
        assert str(upload.pk) in handed_over(MAKER)
        chosen(upload)
        assert uploads.sweep() == 1
        assert str(upload.pk) in handed_over(RECEIVE)

    def test_it_offers_nothing_that_its_owner_can_look_at(self) -> None:
        assert uploads.make_preview(upload=ready(request_at("sent")).pk)
        assert uploads.sweep() == 0

    @pytest.mark.parametrize("end", [requests.decline, requests.answer_none])
    def test_it_removes_what_was_not_given_once_the_answer_is_another(self, end: Answer) -> None:
        upload = ready(request_at("sent"))
        end(request=upload.request, by=link_actor(upload.request))
        later = ready(upload.request)
        uploads.sweep()
        assert [selectors.upload(each.pk).state for each in (upload, later)] == [UploadState.REMOVED, UploadState.READY]

    def test_it_removes_what_was_not_given_in_time(self) -> None:
        upload, other = ready(request_at("sent")), ready(request_at("sent"))
        with time_machine.travel(upload.request.expires_at, tick=False):
            uploads.sweep()
        closed_for_good(other.request.incident)
        uploads.sweep()
        for each in (upload, other):
            assert selectors.upload(each.pk).state == UploadState.REMOVED

    def test_it_keeps_what_an_owner_chose_while_the_closing_can_be_taken_back(self) -> None:
        upload = ready(request_at("sent"))
        incident = upload.request.incident
        closed = incidents.close(incident=incident, by=incident.opened_by)
        uploads.sweep()
        assert selectors.upload(upload.pk).state == UploadState.READY
        incidents.reopen(incident=closed, by=incident.opened_by)
        uploads.sweep()
        assert selectors.upload(upload.pk).state == UploadState.READY

    def test_it_removes_what_nobody_gave_for_a_week(self) -> None:
        upload = ready(request_at("sent"))
        Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now() - timedelta(days=7.1))
        uploads.sweep()
        assert selectors.upload(upload.pk).state == UploadState.REMOVED


class TestTwoSendersAtOnce:
    def test_their_bytes_do_not_mix(self, portal_db: Clone) -> None:
        upload, content = begun(request_at("sent")), video()
        answers: list[str] = []
        start = threading.Barrier(2)

        def send() -> None:
            start.wait()
            try:
                sent(upload, content)
                answers.append("sent")
            except (storage.InUse, uploads.WrongOffset, Stale) as error:
                answers.append(type(error).__name__)
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers.count("sent") == 1
        assert storage.arriving(upload.pk).read_bytes() == content
        assert len(entries_of(Event.UPLOAD_FINISHED, upload)) == 1

    def test_removing_wins_over_a_file_still_arriving(self, portal_db: Clone) -> None:
        upload, content = begun(request_at("sent")), video()

        class RemovedMeanwhile(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                if self.tell() == 0:
                    uploads.remove(upload=upload, by=link_actor(upload.request))
                return super().read(size)

        with pytest.raises(Stale):
            uploads.append(upload=upload, offset=0, stream=RemovedMeanwhile(content), by=link_actor(upload.request))
        assert selectors.upload(upload.pk).state == UploadState.REMOVED
        assert not storage.arriving(upload.pk).exists()
        assert not entries_of(Event.UPLOAD_FINISHED)
