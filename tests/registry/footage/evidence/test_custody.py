"""A whole file becomes evidence once, whatever dies meanwhile."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
import time_machine

from audit.log.actors import Source
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.links import link_actor
from registry.canvasses.services import requests
from registry.canvasses.states import RequestState
from registry.footage import selectors, storage
from registry.footage.models import Evidence, Upload
from registry.footage.services import custody, uploads
from registry.footage.states import UploadState
from tests.database.clone import Clone
from tests.factories import owner_of, registrant_at, request_at
from tests.registry.entries import entries_of
from tests.registry.footage.footage import begun, chosen, given, ready, sent, video

REASON = "Look for the grey van that neighbors saw leave the alley"
DIGEST = hashlib.sha256(video()).hexdigest()
SIGN_IN = Source(address="192.0.2.7", sign_in="s-1")


def kept_at(portal_db: Clone, found: Evidence) -> str:
    """Return where a file lies, as only a superuser may read it."""
    with portal_db.connect() as superuser:
        query = "SELECT storage_key FROM registry_footage_location WHERE evidence = %s"
        return str(superuser.execute(query, [found.pk]).fetchone()[0])  # type: ignore[index]


@pytest.mark.django_db
class TestReceiving:
    def test_a_whole_file_becomes_evidence(self) -> None:
        asked = request_at("sent")
        upload = chosen(ready(asked))
        found = custody.receive(upload=upload.pk)
        assert found is not None
        assert (found.sha256, found.size, found.name) == (DIGEST, len(video()), "Front door.mp4")
        assert found.content_type == "video/mp4"
        assert found.number.startswith("E-")
        assert abs(found.kept_until - found.received_at - timedelta(days=3 * 365)) < timedelta(minutes=1)
        upload.refresh_from_db()
        assert (upload.state, upload.key, upload.sha256) == (UploadState.RECEIVED, "", DIGEST)
        assert not storage.arriving(upload.pk).exists()

    def test_the_log_has_its_hash_and_size(self) -> None:
        asked = request_at("sent")
        found = given(asked)
        (entry,) = entries_of(Event.EVIDENCE_RECEIVED, found)
        assert (entry.facts["sha256"], entry.facts["bytes"]) == (DIGEST, len(video()))
        assert (entry.actor_kind, entry.incident_id) == ("task", str(asked.incident_id))

    def test_the_first_file_answers_the_request_and_tells_the_deputy_once(self) -> None:
        asked = request_at("sent")
        given(asked)
        given(asked)
        asked.refresh_from_db()
        assert asked.state == RequestState.FOOTAGE
        assert len(entries_of(Event.REQUEST_ANSWERED_FOOTAGE, asked)) == 1
        told = Message.objects.filter(kind=MessageKind.FOOTAGE_REPLY)
        assert [message.to for message in told] == [asked.canvass.sent_by.email]  # type: ignore[union-attr]

    def test_the_giver_gets_the_proof_when_nothing_more_is_on_its_way(self) -> None:
        asked = request_at("sent")
        first, second = ready(asked), ready(asked)
        uploads.give(request=asked, files=[first.pk, second.pk], by=link_actor(asked))
        custody.receive(upload=first.pk)
        proofs = Message.objects.filter(kind=MessageKind.FOOTAGE_RECEIVED)
        assert not proofs.exists()
        custody.receive(upload=second.pk)
        assert [message.to for message in proofs] == [owner_of(asked).email]

    def test_a_clip_left_half_sent_does_not_hold_back_the_proof(self) -> None:
        asked = request_at("sent")
        abandoned = uploads.create(request=asked, name="clip.mp4", size=9, is_given=True, by=link_actor(asked))
        long_ago = abandoned.touched_at - timedelta(minutes=16)
        Upload.objects.filter(pk=abandoned.pk).update(touched_at=long_ago)
        assert not Message.objects.filter(kind=MessageKind.FOOTAGE_RECEIVED).exists()
        given(asked)
        assert Message.objects.filter(kind=MessageKind.FOOTAGE_RECEIVED).count() == 1

    def test_a_file_that_is_not_whole_is_not_received(self) -> None:
        upload = sent(begun(request_at("sent")), video()[:100])
        assert custody.receive(upload=upload.pk) is None
        assert custody.receive(upload=uuid4()) is None
        assert not Evidence.objects.exists()

    @pytest.mark.parametrize("left", [None, b"", video()[:-1]])
    def test_a_file_that_was_lost_is_said_to_be(self, left: bytes | None) -> None:
        upload = chosen(ready(request_at("sent")))
        storage.discard(upload.pk)
        if left is not None:
            storage.arriving(upload.pk).write_bytes(left)
        assert custody.receive(upload=upload.pk) is None
        upload.refresh_from_db()
        assert upload.state == UploadState.REFUSED
        assert upload.refusal == "This file was lost on our side. Please send it again."
        assert len(entries_of(Event.UPLOAD_REFUSED, upload)) == 1

    def test_a_request_that_was_withdrawn_meanwhile_keeps_no_file(self) -> None:
        asked = request_at("sent")
        upload = chosen(ready(asked))
        requests.withdraw(request=asked, by=asked.incident.opened_by)
        assert custody.receive(upload=upload.pk) is None
        upload.refresh_from_db()
        assert upload.state == UploadState.REMOVED
        assert upload.refusal
        assert not Evidence.objects.exists()
        assert len(entries_of(Event.UPLOAD_REMOVED, upload)) == 1

    def test_a_file_that_was_given_in_time_counts_though_the_check_comes_late(self) -> None:
        asked = request_at("sent")
        upload = chosen(ready(asked))
        with time_machine.travel(asked.expires_at + timedelta(minutes=1), tick=False):
            assert requests.expire_due() == 0
            assert custody.receive(upload=upload.pk) is not None
        asked.refresh_from_db()
        assert asked.state == RequestState.FOOTAGE


class TestAWorkerThatDies:
    class Killed(BaseException):
        """An error after which everything is left undone that a kill leaves undone."""

    @pytest.mark.parametrize(
        "where",
        [
            "storage.fingerprint",
            "storage.keep",
            "storage.first_bytes_at",
            "_write_location",
            "_tell_giver",
            "record_at_once",
        ],
    )
    def test_the_next_one_ends_the_same(self, portal_db: Clone, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
        asked = request_at("sent")
        upload = chosen(ready(asked))

        def die(*args: object, **kwargs: object) -> None:
            raise self.Killed

        with monkeypatch.context() as patched:
            patched.setattr(f"registry.footage.services.custody.{where}", die)
            with pytest.raises(self.Killed):
                custody.receive(upload=upload.pk)
        assert not Evidence.objects.exists()
        found = custody.receive(upload=upload.pk)
        assert found is not None
        with storage.stored(kept_at(portal_db, found)) as file:
            assert file.read() == video()
        assert len(entries_of(Event.EVIDENCE_RECEIVED)) == len(entries_of(Event.REQUEST_ANSWERED_FOOTAGE)) == 1
        assert not storage.arriving(upload.pk).exists()

    def test_done_twice_has_one_effect(self, portal_db: Clone) -> None:
        upload = chosen(ready(request_at("sent")))
        first = custody.receive(upload=upload.pk)
        assert custody.receive(upload=upload.pk) == first
        assert Evidence.objects.count() == 1
        assert Message.objects.filter(kind=MessageKind.FOOTAGE_RECEIVED).count() == 1

    def test_where_it_lies_is_told_by_no_select(self, portal_db: Clone) -> None:
        found = given(request_at("sent"))
        key = kept_at(portal_db, found)
        rows = str(list(Upload.objects.values()) + list(Evidence.objects.values()) + list(AuditEntry.objects.values()))
        assert key not in rows
        with portal_db.connect("portal_app") as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT storage_key FROM registry_footage_location")


@pytest.mark.django_db
def test_a_failing_log_leaves_a_file_to_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**arguments: object) -> None:
        raise RuntimeError("the log is out of reach")

    asked = request_at("sent")
    upload = chosen(ready(asked))
    monkeypatch.setattr("registry.footage.services.custody.record_at_once", fail)
    with pytest.raises(RuntimeError):
        custody.receive(upload=upload.pk)
    asked.refresh_from_db()
    assert asked.state == RequestState.SENT
    assert selectors.upload(upload.pk).state == UploadState.CHECKING
    assert not Evidence.objects.exists()
    assert not Message.objects.filter(kind__in=[MessageKind.FOOTAGE_RECEIVED, MessageKind.FOOTAGE_REPLY]).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "said"), [("en", "was lost on our side"), ("es", "se perdió")])
def test_the_worker_refuses_in_the_language_of_the_owner(language: str, said: str) -> None:
    upload = chosen(ready(request_at("sent", registrant=registrant_at(language=language))))
    storage.discard(upload.pk)
    custody.receive(upload=upload.pk)
    assert said in selectors.upload(upload.pk).refusal
