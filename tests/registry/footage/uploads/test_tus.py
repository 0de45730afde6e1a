"""The upload server's side of tus 1.0, header by header."""

import errno
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import FileIO

import pytest
from django.test import Client

from audit.log.events import Event
from audit.log.models import AuditEntry
from registry.canvasses.models import FootageRequest
from registry.footage import selectors, storage
from registry.footage.models import Upload
from registry.footage.states import UploadState
from tests.factories import registrant_at, request_at
from tests.registry.entries import entries_of
from tests.registry.footage.footage import Sender, chosen, video

pytestmark = pytest.mark.django_db

OnCommit = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


def make_world() -> FootageRequest:
    """Return a request that waits for its answer."""
    return request_at("sent")


@pytest.fixture
def sender(client: Client, world: FootageRequest) -> Sender:
    """The holder of its link."""
    return Sender(client, world)


@pytest.fixture
def address(sender: Sender) -> str:
    """The address of a file that was begun."""
    return sender.create(len(video()))["Location"]


class TestWhatItCanDo:
    @pytest.mark.parametrize("path", ["/uploads/", "/uploads/anything/"])
    def test_it_says_so_to_anyone(self, client: Client, path: str) -> None:
        answer = client.options(path)
        assert answer.status_code == 204
        assert answer["Tus-Version"] == "1.0.0"
        assert answer["Tus-Extension"] == "creation,expiration,termination"
        assert answer["Tus-Max-Size"] == str(60 * 10**9)

    @pytest.mark.parametrize("version", ["", "0.2.2", "2.0.0"])
    def test_it_speaks_no_other_version(self, client: Client, address: str, version: str) -> None:
        answer = client.head(address, headers={"Tus-Resumable": version})
        assert answer.status_code == 412
        assert answer["Tus-Version"] == "1.0.0"

    def test_it_knows_no_other_method(self, sender: Sender, address: str) -> None:
        answer = sender.ask("PUT", address)
        assert answer.status_code == 405
        assert answer["Allow"] == "OPTIONS, HEAD, PATCH, DELETE"


class TestTheAddressOfAFile:
    def test_the_bare_id_opens_nothing(self, sender: Sender, address: str) -> None:
        upload = Upload.objects.get()
        assert sender.head(f"/uploads/{upload.pk}/").status_code == 404

    def test_a_changed_one_opens_nothing(self, sender: Sender, address: str) -> None:
        changed = address[:-2] + ("A" if address[-2] != "A" else "B") + "/"
        assert sender.head(changed).status_code == 404
        assert sender.patch(changed, b"x").status_code == 404
        assert sender.ask("DELETE", changed).status_code == 404
        assert sender.client.get(changed + "status/").status_code == 404

    def test_the_holder_of_the_address_needs_no_cookie(self, address: str) -> None:
        stranger = Sender(Client(enforce_csrf_checks=True))
        assert stranger.patch(address, video()[:10]).status_code == 204


class TestSendingBytes:
    def test_they_arrive_in_order_and_the_last_one_makes_it_whole(self, sender: Sender, address: str) -> None:
        content = video()
        for begin in range(0, len(content), 9000):
            answer = sender.patch(address, content[begin : begin + 9000], at=begin)
            assert answer.status_code == 204
            assert answer["Upload-Offset"] == str(min(begin + 9000, len(content)))
        upload = Upload.objects.get()
        assert upload.state == UploadState.READY
        assert storage.arriving(upload.pk).read_bytes() == content
        (entry,) = entries_of(Event.UPLOAD_FINISHED, upload)
        assert entry.facts == {"bytes": len(content)}

    def test_head_tells_how_much_has_arrived(self, sender: Sender, address: str) -> None:
        sender.patch(address, video()[:777])
        answer = sender.head(address)
        assert answer.status_code == 200
        assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("777", str(len(video())))
        assert answer["Cache-Control"] == "no-store"

    def test_head_believes_the_disk_not_the_row(self, sender: Sender, address: str) -> None:
        upload = Upload.objects.get()
        storage.arriving(upload.pk).write_bytes(video()[:4321])
        assert upload.received == 0
        assert sender.head(address)["Upload-Offset"] == "4321"

    def test_head_of_a_whole_file_tells_its_size(self, sender: Sender, address: str) -> None:
        sender.patch(address, video())
        assert sender.head(address)["Upload-Offset"] == str(len(video()))

    @pytest.mark.parametrize("offset", [0, 99, 101, 10**6])
    def test_the_wrong_offset_is_refused(self, sender: Sender, address: str, offset: int) -> None:
        sender.patch(address, video()[:100])
        answer = sender.patch(address, b"x", at=offset)
        expected = 413 if offset >= len(video()) else 409
        assert answer.status_code == expected
        assert storage.size(Upload.objects.get().pk) == 100

    @pytest.mark.parametrize("kind", ["application/octet-stream", "video/mp4", "text/plain"])
    def test_another_content_type_is_refused(self, sender: Sender, address: str, kind: str) -> None:
        assert sender.patch(address, b"x", content_type=kind).status_code == 415
        assert storage.size(Upload.objects.get().pk) == 0

    def test_a_missing_offset_is_refused(self, sender: Sender, address: str) -> None:
        assert sender.ask("PATCH", address, b"x").status_code == 400

    def test_more_than_was_declared_is_refused_and_none_of_it_kept(self, sender: Sender, address: str) -> None:
        content = video()
        sender.patch(address, content[:100])
        answer = sender.patch(address, content[100:] + b"and more", at=100)
        assert answer.status_code == 413
        assert "larger than it was" in answer.content.decode()
        assert storage.size(Upload.objects.get().pk) == 100
        assert sender.patch(address, content[100:], at=100).status_code == 204

    def test_a_file_in_use_is_locked(self, sender: Sender, address: str) -> None:
        with storage.locked(Upload.objects.get().pk):
            answer = sender.patch(address, b"x")
        assert answer.status_code == 423
        assert "another window" in answer.content.decode()
        assert sender.patch(address, video()[:1]).status_code == 204

    def test_a_disk_that_fills_up_keeps_what_was_written(
        self, sender: Sender, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def nearly_full(file: FileIO, piece: bytes, *, declared: int) -> int:
            file.write(piece[:50])
            raise storage.DiskFull from OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(storage, "append", nearly_full)
            answer = sender.patch(address, video()[:100])
        assert answer.status_code == 507
        assert "What has arrived is safe" in answer.content.decode()
        assert sender.head(address)["Upload-Offset"] == "50"
        assert sender.patch(address, video()[50:], at=50).status_code == 204


class TestTheFirstBytes:
    PROGRAM = b"MZ\x90\x00" + bytes(20_000)

    def test_what_is_no_footage_is_refused_and_deleted(
        self, sender: Sender, django_capture_on_commit_callbacks: OnCommit
    ) -> None:
        address = sender.create(len(self.PROGRAM))["Location"]
        with django_capture_on_commit_callbacks(execute=True):
            answer = sender.patch(address, self.PROGRAM[:10_000])
        upload = Upload.objects.get()
        assert answer.status_code == 415
        assert "not a video or picture" in answer.content.decode()
        assert upload.state == UploadState.REFUSED
        assert not storage.arriving(upload.pk).exists()
        assert len(entries_of(Event.UPLOAD_REFUSED, upload)) == 1

    @pytest.mark.parametrize(("language", "said"), [("en", "not a video or picture"), ("es", "no es un video")])
    def test_a_refusal_is_in_the_language_of_the_owner(self, language: str, said: str, client: Client) -> None:
        sender = Sender(client, request_at("sent", registrant=registrant_at(language=language)))
        assert said in sender.create(10, name="letter.txt").content.decode()
        address = sender.create(10)["Location"]
        assert said in sender.patch(address, b"0123456789").content.decode()
        assert said in client.get(address + "status/").json()["sentence"]

    def test_they_are_judged_when_they_are_all_there(self, sender: Sender) -> None:
        address = sender.create(len(self.PROGRAM))["Location"]
        assert sender.patch(address, self.PROGRAM[:8000]).status_code == 204
        assert sender.patch(address, self.PROGRAM[8000:8300], at=8000).status_code == 415

    def test_a_tiny_file_is_judged_as_a_whole(self, sender: Sender) -> None:
        address = sender.create(10)["Location"]
        assert sender.patch(address, b"0123456789").status_code == 415

    def test_a_refused_file_says_so_ever_after(self, sender: Sender) -> None:
        address = sender.create(10)["Location"]
        sender.patch(address, b"0123456789")
        assert sender.head(address).status_code == 410
        again = sender.patch(address, b"0123456789")
        assert again.status_code == 410
        assert "not a video or picture" in again.content.decode()
        status = sender.client.get(address + "status/").json()
        assert status["state"] == "refused"
        assert "not a video or picture" in status["sentence"]


class TestRemoving:
    def test_a_whole_file_can_be_removed_until_it_is_given(self, sender: Sender, address: str) -> None:
        sender.patch(address, video())
        assert sender.ask("DELETE", address).status_code == 204
        assert Upload.objects.get().state == UploadState.REMOVED

    def test_one_that_is_given_stays(self, sender: Sender, address: str) -> None:
        sender.patch(address, video())
        chosen(selectors.upload(Upload.objects.get().pk))
        assert sender.ask("DELETE", address).status_code == 410
        assert Upload.objects.get().state == UploadState.CHECKING

    def test_a_file_can_be_removed_while_it_arrives(
        self, sender: Sender, address: str, django_capture_on_commit_callbacks: OnCommit
    ) -> None:
        sender.patch(address, video()[:100])
        with django_capture_on_commit_callbacks(execute=True):
            assert sender.ask("DELETE", address).status_code == 204
        upload = Upload.objects.get()
        assert upload.state == UploadState.REMOVED
        assert not storage.arriving(upload.pk).exists()
        assert sender.head(address).status_code == 410
        assert sender.patch(address, b"x", at=100).status_code == 410
        (entry,) = entries_of(Event.UPLOAD_REMOVED, upload)
        assert entry.facts == {"bytes": 100}

    def test_removing_twice_has_one_effect(self, sender: Sender, address: str) -> None:
        assert sender.ask("DELETE", address).status_code == 204
        assert sender.ask("DELETE", address).status_code == 204
        assert len(entries_of(Event.UPLOAD_REMOVED)) == 1


class TestTheStatus:
    def test_it_tells_how_far_the_file_is(self, sender: Sender, address: str) -> None:
        sender.patch(address, video()[:100])
        told = sender.client.get(address + "status/").json()
        assert (told["state"], told["label"], told["received"]) == ("receiving", "Arriving", 100)
        assert (told["size"], told["sha256"], told["number"]) == (len(video()), "", "")

    def test_nothing_of_the_protocol_is_kept_by_a_cache(self, sender: Sender, address: str) -> None:
        assert sender.client.get(address + "status/")["Cache-Control"] == "no-store"


def test_nothing_happens_when_the_log_can_not_be_written(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the log is out of reach")

    address = sender.create(len(video()))["Location"]
    monkeypatch.setattr("registry.footage.services.uploads.record", fail)
    monkeypatch.setattr("fusus_portal.ground.steps.record", fail)
    before = AuditEntry.objects.count()
    with pytest.raises(RuntimeError, match="out of reach"):
        sender.create(1000)
    with pytest.raises(RuntimeError, match="out of reach"):
        sender.patch(address, video())
    with pytest.raises(RuntimeError, match="out of reach"):
        sender.ask("DELETE", address)
    upload = Upload.objects.get()
    assert upload.state == UploadState.RECEIVING
    assert storage.size(upload.pk) == len(video())
    assert AuditEntry.objects.count() == before
