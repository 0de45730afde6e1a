"""Steps of files on their way."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.footage import storage
from registry.footage.models import Upload
from registry.footage.services import custody, uploads
from registry.footage.services.uploads import ABANDONED_AFTER
from registry.footage.states import UPLOAD, UploadState
from tests.factories import request_at
from tests.lifecycle.drivers import OWNER, Taken, drives, take
from tests.lifecycle.drivers.registry import asked
from tests.registry.footage.footage import begun, chosen, sent

PICTURE = b"\xff\xd8\xff\xe0" + bytes(96)
"""The first bytes say JPEG; nobody looks further."""

NO_PICTURE = b"MZ\x90\x00" + bytes(96)


def receiving(request: FootageRequest | None = None) -> Upload:
    """Return an upload that has received no byte yet."""
    return begun(request or request_at("sent"), content=PICTURE, name="porch.jpg")


def ready(request: FootageRequest | None = None) -> Upload:
    """Return a file that has come whole and that nobody gave."""
    return sent(receiving(request), PICTURE)


def checking() -> Upload:
    """Return a file that was given and that no worker has looked at."""
    return chosen(ready())


@drives(UPLOAD, UploadState.RECEIVING, UploadState.READY, *OWNER)
def send_last_byte(role: str) -> Taken:
    """The last byte arrives."""
    request, owner = asked(role)
    upload, whole = receiving(request), BytesIO(PICTURE)
    return take(upload, lambda: uploads.append(upload=upload, offset=0, stream=whole, by=owner))


@drives(UPLOAD, UploadState.RECEIVING, UploadState.CHECKING, *OWNER)
def send_what_was_given_before(role: str) -> Taken:
    """The last byte of a clip arrives."""
    request, owner = asked(role)
    size, whole = len(PICTURE), BytesIO(PICTURE)
    upload = uploads.create(request=request, name="porch.jpg", size=size, is_given=True, by=owner)
    return take(upload, lambda: uploads.append(upload=upload, offset=0, stream=whole, by=owner))


@drives(UPLOAD, UploadState.READY, UploadState.CHECKING, *OWNER)
def give(role: str) -> Taken:
    """An owner gives a file."""
    request, owner = asked(role)
    upload = ready(request)
    return take(upload, lambda: uploads.give(request=request, files=[upload.pk], by=owner))


@drives(UPLOAD, UploadState.READY, UploadState.REMOVED, *OWNER)
def take_out(role: str) -> Taken:
    """An owner has looked at a file and takes it out."""
    request, owner = asked(role)
    upload = ready(request)
    return take(upload, lambda: uploads.remove(upload=upload, by=owner))


@drives(UPLOAD, UploadState.READY, UploadState.REMOVED, "task")
def sweep_not_given(role: str) -> Taken:
    """Nobody gave a file for a week."""
    upload = ready()
    Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now() - 2 * ABANDONED_AFTER)
    return take(upload, uploads.sweep)


@drives(UPLOAD, UploadState.RECEIVING, UploadState.REFUSED, *OWNER)
def send_what_is_no_footage(role: str) -> Taken:
    """The first bytes are no footage."""
    request, owner = asked(role)
    upload = receiving(request)

    def send() -> None:
        with pytest.raises(ValidationError):
            uploads.append(upload=upload, offset=0, stream=BytesIO(NO_PICTURE), by=owner)

    return take(upload, send)


@drives(UPLOAD, UploadState.RECEIVING, UploadState.REMOVED, *OWNER)
def remove_unfinished(role: str) -> Taken:
    """A sender takes an unfinished file out."""
    request, owner = asked(role)
    upload = receiving(request)
    return take(upload, lambda: uploads.remove(upload=upload, by=owner))


@drives(UPLOAD, UploadState.RECEIVING, UploadState.REMOVED, "task")
def sweep_abandoned(role: str) -> Taken:
    """No byte of a file came for a week."""
    upload = receiving()
    Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now() - 2 * ABANDONED_AFTER)
    return take(upload, uploads.sweep)


@drives(UPLOAD, UploadState.CHECKING, UploadState.RECEIVED, "task")
def receive(role: str) -> Taken:
    """The worker finds a file good."""
    return _check(checking())


@drives(UPLOAD, UploadState.CHECKING, UploadState.REFUSED, "task")
def find_it_lost(role: str) -> Taken:
    """The disk has lost a file before the worker came."""
    upload = checking()
    storage.discard(upload.pk)
    return _check(upload)


@drives(UPLOAD, UploadState.CHECKING, UploadState.REMOVED, "task")
def find_it_unwanted(role: str) -> Taken:
    """The request of a file was withdrawn before the worker came."""
    upload = checking()
    requests.withdraw(request=upload.request, by=upload.request.incident.opened_by)
    return _check(upload)


def _check(upload: Upload) -> Taken:
    return take(upload, lambda: custody.receive(upload=upload.pk))
