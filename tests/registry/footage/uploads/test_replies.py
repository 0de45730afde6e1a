"""Files are looked at before they count: nothing is given, or known to the agency, before its owner says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.links import link_actor
from registry.canvasses.services import requests
from registry.footage import selectors
from registry.footage.models import Evidence, Preview, Upload
from registry.footage.services import custody, uploads
from registry.footage.services.custody import RECEIVE
from registry.footage.states import UploadState
from tests.factories import person, request_at
from tests.peers.queue import handed_over
from tests.registry.entries import entries_of
from tests.registry.footage.footage import begun, chosen, evidence_of, ready

pytestmark = pytest.mark.django_db

OnCommit = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


def test_a_whole_file_waits_for_its_owner_and_no_worker_takes_it() -> None:
    upload = ready(request_at("sent"))
    assert upload.state == UploadState.READY
    assert custody.receive(upload=upload.pk) is None
    upload.request.refresh_from_db()
    assert upload.request.state == "sent"
    assert not Evidence.objects.exists()
    assert not Message.objects.filter(to=upload.request.incident.opened_by.email).exists()
    assert not [entry for entry in AuditEntry.objects.filter(subject_id=str(upload.pk)) if Event(entry.event).agency]


def test_what_is_given_goes_to_the_worker_and_leaves_no_picture(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    upload = ready(request_at("sent"))
    uploads.make_preview(upload=upload.pk)
    with django_capture_on_commit_callbacks(execute=True):
        given = chosen(upload)
    assert (given.state, given.given_at is None) == (UploadState.CHECKING, False)
    assert str(upload.pk) in handed_over(RECEIVE)
    assert not Preview.objects.exists()
    (entry,) = entries_of(Event.UPLOAD_GIVEN, upload)
    assert (entry.actor_kind, entry.facts) == ("link", {"bytes": upload.size})
    assert custody.receive(upload=upload.pk) is not None


def test_one_of_two_is_given_and_the_other_stays() -> None:
    request = request_at("sent")
    first, second = ready(request), ready(request)
    chosen(first)
    assert [selectors.upload(each.pk).state for each in (first, second)] == [UploadState.CHECKING, UploadState.READY]


def test_giving_twice_has_one_effect() -> None:
    upload = ready(request_at("sent"))
    first = chosen(upload)
    assert chosen(upload).given_at == first.given_at
    custody.receive(upload=upload.pk)
    assert chosen(upload).state == UploadState.RECEIVED
    assert len(entries_of(Event.UPLOAD_GIVEN)) == 1


def test_a_file_that_changed_since_the_look_gives_none() -> None:
    request = request_at("sent")
    here, removed, half = ready(request), ready(request), begun(request)
    uploads.remove(upload=removed, by=link_actor(request))
    other = ready(request_at("sent"))
    for with_it in (removed.pk, half.pk, other.pk, uuid4()):
        with pytest.raises(ValidationError, match="Your files have changed"):
            uploads.give(request=request, files=[here.pk, with_it], by=link_actor(request))
    with pytest.raises(ValidationError, match="no file to give"):
        uploads.give(request=request, files=[], by=link_actor(request))
    assert selectors.upload(here.pk).state == UploadState.READY


def test_nobody_else_gives_them_and_nobody_after_the_last_day() -> None:
    upload = ready(request_at("sent"))
    with pytest.raises(NotYours):
        uploads.give(request=upload.request, files=[upload.pk], by=person())
    with time_machine.travel(upload.request.expires_at, tick=False), pytest.raises(Stale, match="expired"):
        chosen(upload)
    assert selectors.upload(upload.pk).state == UploadState.READY


def test_a_file_that_is_here_and_not_given_keeps_no_request_open() -> None:
    upload = ready(request_at("sent"))
    with time_machine.travel(upload.request.expires_at + timedelta(minutes=1), tick=False):
        assert requests.expire_due() == 1


@pytest.mark.parametrize("first", [requests.decline, requests.answer_none])
def test_an_owner_who_answered_otherwise_may_still_give(first: Callable[..., object]) -> None:
    request = request_at("sent")
    first(request=request, by=link_actor(request))
    custody.receive(upload=chosen(ready(request)).pk)
    request.refresh_from_db()
    assert request.state == "footage"


class TestTheDatabase:
    def test_lets_nothing_be_evidence_that_was_not_given(self) -> None:
        upload = ready(request_at("sent"))
        evidence = evidence_of(upload.request)
        evidence.pk, evidence.number, evidence.upload = uuid4(), "E-NOT-GIVEN", upload
        with pytest.raises(DatabaseError, match="once its owner has given it"), transaction.atomic():
            evidence.save(force_insert=True)

    @pytest.mark.parametrize("state", [UploadState.CHECKING, UploadState.RECEIVED])
    def test_lets_no_file_go_on_that_was_not_given(self, state: UploadState) -> None:
        upload = ready(request_at("sent"))
        with pytest.raises(DatabaseError, match="upload_given_before_checked"), transaction.atomic():
            Upload.objects.filter(pk=upload.pk).update(state=state, sha256="ab" * 32)

    def test_keeps_when_a_file_was_given(self) -> None:
        upload = chosen(ready(request_at("sent")))
        for at in (None, timezone.now()):
            with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
                Upload.objects.filter(pk=upload.pk).update(given_at=at)

    def test_holds_a_file_that_waits_to_be_whole(self) -> None:
        half = begun(request_at("sent"))
        with pytest.raises(DatabaseError, match="upload_ready_is_whole"), transaction.atomic():
            Upload.objects.filter(pk=half.pk).update(state=UploadState.READY)
