from collections.abc import Callable
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from audit.log.events import Event
from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.database.release import give_back
from fusus_portal.ground.pages import sent_files
from fusus_portal.ground.serving import byte_range
from fusus_portal.ground.serving.byte_range import ByteRange, Portion, Unsatisfiable
from fusus_portal.ground.serving.lanes import sends_files
from registry.footage import media_types, selectors, storage
from registry.footage.models.files import Evidence
from registry.footage.services import custody
from registry.footage.views import tickets

LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer to a player's open-ended request. It asks for more when needed, and a paused video keeps no
thread of the server busy.
"""

NO_LIMIT = 2**63


@require_safe
@sends_files
@requires(Permission.VIEW_EVIDENCE)
def evidence_stream(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """Play a file; answer Range with 206. 403 after the ten minutes; the page offers to open it again."""
    evidence = selectors.one(request.user, pk)
    kind = media_types.MEDIA_TYPES[evidence.content_type]
    key = _location(request, evidence, Event.EVIDENCE_VIEWED)
    response = _answer(request, evidence, key, largest=LARGEST_ANSWER)
    response["Content-Type"] = kind.content_type if kind.plays else "application/octet-stream"
    response["Content-Disposition"] = f'{"inline" if kind.plays else "attachment"}; filename="{_name(evidence)}"'
    return response


@require_safe
@sends_files
@requires(Permission.VIEW_EVIDENCE)
def evidence_download(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the file under its evidence number; Range resumes a broken download."""
    evidence = selectors.one(request.user, pk)
    key = _location(request, evidence, Event.EVIDENCE_DOWNLOADED)
    response = _answer(request, evidence, key, largest=NO_LIMIT)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = f'attachment; filename="{_name(evidence)}"'
    return response


def _location(request: SignedInRequest, evidence: Evidence, event: Event) -> str:
    ticket = tickets.kept(request, evidence, event)
    return custody.stream_location(evidence=evidence, by=request.user, ticket=ticket)


def ranged(
    request: SignedInRequest, source: Callable[[], BinaryIO], *, size: int, tag: str, largest: int
) -> HttpResponseBase:
    """Return the part of a file that a player asks for. source: opens it. tag: ETag. largest: bytes if open-ended."""
    headers = {**sent_files.PRIVATE, "Accept-Ranges": "bytes", "ETag": f'"{tag}"'}
    try:
        wanted = _wanted(request, size=size, tag=tag, largest=largest)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    first, length = (wanted.first, wanted.length) if wanted else (0, size)
    headers["Content-Length"] = str(length)
    if wanted:
        headers["Content-Range"] = wanted.header
    status = 206 if wanted else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    response = StreamingHttpResponse(Portion(source(), first, length), status=status, headers=headers)
    give_back()  # a player may take its time
    return response


def _answer(request: SignedInRequest, evidence: Evidence, key: str, *, largest: int) -> HttpResponseBase:
    source = partial(storage.stored, key)
    return ranged(request, source, size=evidence.size, tag=evidence.sha256, largest=largest)


def _wanted(request: SignedInRequest, *, size: int, tag: str, largest: int) -> ByteRange | None:
    if request.headers.get("If-Range", f'"{tag}"') != f'"{tag}"':
        return None
    header = request.headers.get("Range", "")
    wanted = byte_range.parse(header, size)
    if wanted is None or not header.strip().endswith("-"):
        return wanted
    return ByteRange(wanted.first, min(wanted.last, wanted.first + largest - 1), wanted.size)


def _name(evidence: Evidence) -> str:
    return f"{evidence.number}.{media_types.MEDIA_TYPES[evidence.content_type].extension}"
