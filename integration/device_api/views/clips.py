"""Clips of a CORE: tus (tus.io), each call signed, into the reply of the clip's request."""

import re
from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse

from fusus_portal.ground.access import public
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.serving.lanes import as_page
from integration.clips import services
from integration.cores.services import health
from integration.device_api.parsers import Malformed
from integration.device_api.views.answers import answering, body_of, caller_of, problem, server_time
from integration.rules import CLIP_PIECE_BYTES
from registry.footage import storage
from registry.footage.models.files import Upload
from registry.footage.services import uploads
from registry.footage.services.uploads import WrongOffset
from registry.footage.views import tus
from registry.rules import BYTES_PER_FILE

HEX = re.compile(r"[0-9a-f]{64}")


@as_page
@public
@answering("POST", "HEAD", "PATCH", largest=CLIP_PIECE_BYTES)
def clip(request: HttpRequest, clip: UUID) -> HttpResponse:
    """Begin to send a clip (POST), ask how much has arrived (HEAD), send the next piece (PATCH)."""
    caller = caller_of(request)
    health.heard_of(core=caller.core)
    try:
        match request.method:
            case "POST":
                size, sha256 = _announced(request)
                return _so_far(
                    services.begin(core=caller.core, clip=clip, size=size, sha256=sha256), HTTPStatus.CREATED
                )
            case "HEAD":
                return _so_far(services.begun(core=caller.core, clip=clip), HTTPStatus.OK)
            case _:
                offset = _number(request, "Upload-Offset")
                piece = request.body
                upload = services.append(core=caller.core, clip=clip, offset=offset, piece=piece)
                return _so_far(upload, HTTPStatus.NO_CONTENT)
    except NotYours:
        return _not_wanted()
    except WrongOffset as wrong:
        answer: HttpResponse = problem(HTTPStatus.CONFLICT, "wrong-offset", "Continue at Upload-Offset.")
        answer["Upload-Offset"] = str(wrong.offset)
        return answer
    except (storage.InUse, storage.DiskFull):
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "There is no room just now. Continue later.", wait=60
        )
    except (storage.TooMuch, ValidationError) as wrong:
        raise Malformed("body", "This is not the clip that was announced, or not a recording.") from wrong


@public
@answering("POST")
def no_clip(request: HttpRequest, clip: UUID) -> JsonResponse:
    caller = caller_of(request)
    body_of(request, {})
    try:
        services.fail(core=caller.core, clip=clip)
    except NotYours:
        return _not_wanted()
    return JsonResponse({"server_time": server_time()})


def _announced(request: HttpRequest) -> tuple[int, str]:
    size = _number(request, "Upload-Length")
    if not 0 < size <= BYTES_PER_FILE:
        raise Malformed("Upload-Length", f"Send from 1 to {BYTES_PER_FILE} bytes.")
    try:
        sha256 = tus.metadata(request.headers.get("Upload-Metadata", "")).get("sha256", "")
    except tus.MalformedUpload as wrong:
        raise Malformed("Upload-Metadata", wrong.sentence) from wrong
    if not HEX.fullmatch(sha256):
        raise Malformed("Upload-Metadata", "Send sha256: 64 digits in hexadecimal, in base64.")
    return size, sha256


def _number(request: HttpRequest, name: str) -> int:
    try:
        return tus.count(request, name)
    except tus.MalformedUpload as wrong:
        raise Malformed(name, wrong.sentence) from wrong


def _so_far(upload: Upload, status: HTTPStatus) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Tus-Resumable"] = tus.VERSION
    answer["Upload-Length"] = str(upload.size)
    answer["Upload-Offset"] = str(uploads.offset(upload=upload))
    return answer


def _not_wanted() -> JsonResponse:
    sentence = "This clip is not asked for, or not any more. Continue with the next order."
    return problem(HTTPStatus.NOT_FOUND, "not-wanted", sentence)
