from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import limit
from fusus_portal.ground.access.private_pages import speak
from fusus_portal.ground.serving.lanes import takes_files
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.private_links import sending
from registry.canvasses.request_links import link_actor, request_of
from registry.footage import storage
from registry.footage.models.files import Upload
from registry.footage.services import uploads
from registry.footage.states import UploadState
from registry.footage.upload_links import key_for, upload_of
from registry.footage.views import tus
from registry.footage.views.tus_answers import Body, speaking_tus


@csrf_exempt  # no cookie gives a right here: the token of the link does
@public
@limit("uploads", "120/m")
@speaking_tus("POST")
def upload_create(request: HttpRequest) -> HttpResponse:
    """Begin a file: Upload-Length in bytes; Upload-Metadata with token, filename, filetype, camera."""
    if request.headers.get("Content-Length", "0") not in {"", "0"}:
        raise tus.MalformedUpload("Begin with an empty request; the bytes follow by PATCH.")
    size = tus.count(request, "Upload-Length")
    described = tus.metadata(request.headers.get("Upload-Metadata", ""))
    asked = request_of(described.get("token", ""))
    _speak(asked, request)
    upload = uploads.create(
        request=asked,
        name=described.get("filename", ""),
        size=size,
        content_type=described.get("filetype", ""),
        camera=described.get("camera", ""),
        by=link_actor(asked),
    )
    headers = {"Location": address_of(upload), "Upload-Offset": "0", "Upload-Expires": tus.expiry(_expires_at(upload))}
    return tus.response(HTTPStatus.CREATED, headers=headers)


@csrf_exempt  # no cookie gives a right here: the address of the file does
@takes_files
@public
@speaking_tus("HEAD", "PATCH", "DELETE")
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Tell how much of a file has arrived (HEAD), take more of it (PATCH), or remove it (DELETE)."""
    found = uploads.find(upload_of(key))
    _speak(found.request, request)
    if request.method == "HEAD":
        return _tell(found)
    if request.method == "DELETE":
        uploads.remove(upload=found, by=link_actor(found.request))
        return tus.response(HTTPStatus.NO_CONTENT)
    return _take(request, found)


@require_safe
@public
def upload_status(request: HttpRequest, key: str) -> JsonResponse:
    found = uploads.find(upload_of(key))
    _speak(found.request, request)
    evidence = getattr(found, "evidence", None)
    told = {
        "state": found.state,
        "label": found.get_state_display(),
        "received": _arrived(found),
        "size": found.size,
        "sha256": found.sha256,
        "number": evidence.number if evidence else "",
        "kept_until": evidence.kept_until.isoformat() if evidence else "",
        "sentence": found.refusal,
    }
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _speak(asked: FootageRequest, request: HttpRequest) -> None:
    if asked.registrant is not None:  # None after the owner left
        speak(asked.registrant.language, request)


def address_of(upload: Upload) -> str:
    return reverse("upload", args=[key_for(upload.pk)])


def _tell(found: Upload) -> HttpResponse:
    headers = {
        "Upload-Offset": str(uploads.offset(upload=found)),
        "Upload-Length": str(found.size),
        "Upload-Expires": tus.expiry(_expires_at(found)),
    }
    return tus.response(HTTPStatus.OK, headers=headers)


def _take(request: HttpRequest, found: Upload) -> HttpResponse:
    if request.headers.get("Content-Type", "") != tus.OFFSET_TYPE:
        return tus.response(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {tus.OFFSET_TYPE}.")
    offset, length = tus.count(request, "Upload-Offset"), int(request.headers.get("Content-Length") or 0)
    if offset + length > found.size:
        raise storage.TooMuch
    with sending(found.request):
        kept = uploads.append(upload=found, offset=offset, stream=Body(request), by=link_actor(found.request))
    headers = {"Upload-Offset": str(kept.received), "Upload-Expires": tus.expiry(_expires_at(kept))}
    return tus.response(HTTPStatus.NO_CONTENT, headers=headers)


def _arrived(found: Upload) -> int:
    if found.state != UploadState.RECEIVING:
        return found.received
    return uploads.offset(upload=found)


def _expires_at(found: Upload) -> datetime:
    return min(found.touched_at + uploads.ABANDONED_AFTER, found.request.expires_at)
