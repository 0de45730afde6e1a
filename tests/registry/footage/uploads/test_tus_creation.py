"""Beginning a file with tus 1.0: what is taken, and which link still opens the door."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from audit.log.events import Event
from audit.log.models import AuditTally
from registry.canvasses.models import FootageRequest
from registry.footage import storage
from registry.footage.models import Upload
from registry.footage.selectors import upload_key
from registry.footage.states import UploadState
from tests.factories import let_time_pass, request_at
from tests.registry.entries import entries_of
from tests.registry.footage.footage import Sender, video
from tests.registry.footage.uploads.test_storage import Usage

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


class TestBeginning:
    def test_it_answers_with_the_address_of_the_file(self, sender: Sender) -> None:
        answer = sender.create(len(video()), name="C:\\Users\\ana\\Front\x07 door.mp4")
        upload = Upload.objects.get()
        assert answer.status_code == 201
        assert answer["Location"] == f"/uploads/{upload_key(upload.pk)}/"
        assert str(upload.pk) not in answer["Location"]
        assert answer["Tus-Resumable"] == "1.0.0"
        assert answer["Upload-Expires"].endswith("GMT")
        assert (upload.name, upload.size, upload.state) == ("Front door.mp4", len(video()), UploadState.RECEIVING)
        assert storage.size(upload.pk) == 0

    def test_the_log_says_who_and_how_large_but_not_the_name(self, sender: Sender) -> None:
        sender.create(1000)
        (entry,) = entries_of(Event.UPLOAD_STARTED, Upload.objects.get())
        assert entry.facts == {"bytes": 1000}
        assert (entry.actor_kind, entry.actor_role) == ("link", "link")
        assert entry.incident_id == str(Upload.objects.get().request.incident_id)

    @pytest.mark.parametrize("size", ["", "-1", "1.5", "many", "٣"])
    def test_it_wants_a_size(self, sender: Sender, size: str) -> None:
        metadata = sender.described("a.mp4", "video/mp4")
        answer = sender.ask("POST", "/uploads/", Upload_Length=size, Upload_Metadata=metadata)
        assert answer.status_code == 400

    @pytest.mark.parametrize("metadata", ["token", "token ***", "token /w=="])
    def test_it_wants_metadata_that_can_be_read(self, sender: Sender, metadata: str) -> None:
        answer = sender.ask("POST", "/uploads/", Upload_Length=5, Upload_Metadata=metadata)
        assert answer.status_code in {400, 404}
        assert not Upload.objects.exists()

    def test_it_takes_no_bytes_yet(self, sender: Sender) -> None:
        metadata = sender.described("a.mp4", "video/mp4")
        answer = sender.ask("POST", "/uploads/", b"bytes", Upload_Length=5, Upload_Metadata=metadata)
        assert answer.status_code == 400
        assert not Upload.objects.exists()

    def test_an_empty_file_is_refused(self, sender: Sender) -> None:
        answer = sender.create(0)
        assert (answer.status_code, answer.content.decode()) == (400, "This file is empty, or has no name.")

    def test_a_file_beyond_the_limit_is_refused(self, sender: Sender) -> None:
        answer = sender.create(60 * 10**9 + 1)
        assert answer.status_code == 413
        assert "The limit is" in answer.content.decode()
        assert not Upload.objects.exists()

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("virus.exe", ""), ("page.html", "text/html"), ("a.mp4", "text/html"), ("a.mp4", "video/\0mp4")],
    )
    def test_a_file_of_another_kind_is_refused(self, sender: Sender, name: str, kind: str) -> None:
        answer = sender.create(1000, name=name, kind=kind)
        assert answer.status_code == 415
        assert "MP4" in answer.content.decode()
        assert not Upload.objects.exists()

    def test_the_26th_file_is_refused(self, sender: Sender) -> None:
        for _ in range(25):
            assert sender.create(1000).status_code == 201
        answer = sender.create(1000)
        assert answer.status_code == 403
        assert answer.content.decode() == "At most 25 files can be given to one request."

    def test_a_reply_beyond_its_limit_is_refused(self, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**15, 0, 10**15))
        for _ in range(3):
            assert sender.create(60 * 10**9).status_code == 201
        assert sender.create(20 * 10**9 + 1).status_code == 413
        assert sender.create(20 * 10**9).status_code == 201

    def test_a_removed_file_leaves_room_for_another(self, sender: Sender) -> None:
        addresses = [sender.create(1000)["Location"] for _ in range(25)]
        assert sender.ask("DELETE", addresses[7]).status_code == 204
        assert sender.create(1000).status_code == 201

    def test_a_full_disk_is_said_before_anything_is_sent(self, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 100))
        answer = sender.create(1000)
        assert answer.status_code == 507
        assert "no room" in answer.content.decode()
        assert not Upload.objects.exists()


class TestTheLink:
    def test_a_made_up_one_opens_nothing(self, client: Client) -> None:
        answer = Sender(client, token="A" * 51).create(1000)
        assert answer.status_code == 404
        assert not Upload.objects.exists()
        assert AuditTally.objects.get().count == 1

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            ("expired", "This link has expired. Footage can no longer be given through it."),
            ("withdrawn", "This request was withdrawn. Nothing more is needed from you. Thank you."),
        ],
    )
    def test_one_that_ended_says_why(self, client: Client, state: str, sentence: str) -> None:
        answer = Sender(client, request_at(state)).create(1000)
        assert (answer.status_code, answer.content.decode()) == (410, sentence)
        assert answer["Content-Type"].startswith("text/plain")
        assert not Upload.objects.exists()

    def test_a_second_file_may_follow_the_answer(self, client: Client) -> None:
        assert Sender(client, request_at("footage")).create(1000).status_code == 201

    def test_when_it_ends_in_the_middle_no_more_is_taken(self, client: Client) -> None:
        asked = request_at("sent")
        sender = Sender(client, asked)
        address = sender.create(len(video()))["Location"]
        assert sender.patch(address, video()[:100]).status_code == 204
        let_time_pass(asked)
        answer = sender.patch(address, video()[100:], at=100)
        assert answer.status_code == 410
        assert "expired" in answer.content.decode()
        assert storage.size(Upload.objects.get().pk) == 100
