"""Acts on files: on their way, received, looked at."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.log.events import Event
from registry.canvasses.links import link_actor
from registry.footage.models import Upload
from registry.footage.services import custody, uploads
from registry.footage.services.uploads import ABANDONED_AFTER
from tests.audit.acts import Act, calls
from tests.factories import REASON, request_at
from tests.registry.footage.footage import begun, chosen, given, sent

PICTURE = b"\xff\xd8\xff\xe0" + bytes(96)
BYTES_FIRST = ("registry_upload",)
"""How much of a file lies on the disk, and where, is noted before anything is said about it: after a crash the
disk is the truth. Neither is an act of anybody."""


@calls(uploads.create, Event.UPLOAD_STARTED)
def create() -> Act:
    """A sender begins a file."""
    request = request_at("sent")
    return lambda: uploads.create(request=request, name="porch.jpg", size=100, by=link_actor(request))


@calls(uploads.append, Event.UPLOAD_FINISHED, written_before=BYTES_FIRST)
def append() -> Act:
    """The only bytes of a file arrive."""
    upload = receiving()
    stream, by = BytesIO(PICTURE), link_actor(upload.request)
    return lambda: uploads.append(upload=upload, offset=0, stream=stream, by=by)


@calls(uploads.finish, Event.UPLOAD_FINISHED)
def finish() -> Act:
    """A file has come whole."""
    upload = receiving()
    return lambda: uploads.finish(upload=upload, by=link_actor(upload.request))


@calls(uploads.remove, Event.UPLOAD_REMOVED)
def remove() -> Act:
    """A sender takes a file out."""
    upload = receiving()
    return lambda: uploads.remove(upload=upload, by=link_actor(upload.request))


@calls(uploads.give, Event.UPLOAD_GIVEN)
def give() -> Act:
    """A sender has looked at a file, and gives it."""
    upload = sent(receiving(), PICTURE)
    by = link_actor(upload.request)
    return lambda: uploads.give(request=upload.request, files=[upload.pk], by=by)


@calls(uploads.receive_whole, Event.UPLOAD_FINISHED)
def receive_whole() -> Act:
    """A file comes with a plain form."""
    request, file = request_at("sent"), SimpleUploadedFile("porch.jpg", PICTURE, content_type="image/jpeg")
    return lambda: uploads.receive_whole(request=request, files=[file], by=link_actor(request))


@calls(uploads.sweep, Event.UPLOAD_REMOVED)
def sweep() -> Act:
    """No byte of a file came for a week."""
    Upload.objects.filter(pk=receiving().pk).update(touched_at=timezone.now() - 2 * ABANDONED_AFTER)
    return uploads.sweep


@calls(custody.receive, Event.EVIDENCE_RECEIVED, written_before=BYTES_FIRST)
def receive() -> Act:
    """A worker turns a file into evidence."""
    upload = chosen(sent(receiving(), PICTURE))
    return lambda: custody.receive(upload=upload.pk)


@calls(custody.open_page, Event.EVIDENCE_OPENED)
def open_page() -> Act:
    """A deputy opens the page of a file."""
    item = given(request_at("sent"), content=PICTURE, name="porch.jpg")
    return lambda: custody.open_page(evidence=item, by=item.request.incident.opened_by)


@calls(custody.view, Event.EVIDENCE_VIEWED)
def view() -> Act:
    """A deputy plays a file."""
    item = given(request_at("sent"), content=PICTURE, name="porch.jpg")
    return lambda: custody.view(evidence=item, by=item.request.incident.opened_by, reason=REASON)


@calls(custody.download, Event.EVIDENCE_DOWNLOADED)
def download() -> Act:
    """A deputy downloads a file."""
    item = given(request_at("sent"), content=PICTURE, name="porch.jpg")
    return lambda: custody.download(evidence=item, by=item.request.incident.opened_by, reason=REASON)


@calls(custody.show_place, Event.CAMERA_SHOWN)
def show_place() -> Act:
    """A deputy reads where a file was recorded."""
    item = given(request_at("sent"), content=PICTURE, name="porch.jpg")
    return lambda: custody.show_place(evidence=item, by=item.request.incident.opened_by)


def receiving() -> Upload:
    """Return an upload that has received no byte yet."""
    return begun(request_at("sent"), content=PICTURE, name="porch.jpg")
