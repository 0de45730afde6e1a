"""The device API: only COREs begin calls, with a token and a signature. docs/devices.md gives the reasons.

Clips come by tus (tus.io), each call signed. Video by HLS comes as `ffmpeg -f hls -method PUT` sends it, without a
signature: the stream's token alone allows it, for this stream, while somebody may see it.
"""

import re
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import TooManyRequests, at_once, spend
from fusus_portal.ground.access.source import network_of
from fusus_portal.ground.database.files import give_back
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.pictures import BUSY
from fusus_portal.ground.serving.lanes import as_page, takes_video
from integration.clips import services
from integration.cores import selectors as core_selectors, signatures
from integration.cores.services import credentials, health
from integration.device_api.parsers import ACTIVATE, HEALTH, TOKEN, Malformed
from integration.device_api.views import answers
from integration.live.services import snapshots, streams, views
from integration.live.video import hls as video
from integration.live.video.store import LiveFull, OutOfOrder
from integration.rules import CLIP_PIECE_BYTES, NETWORK_TRIES, POLL_SECONDS, SEGMENT_BYTES, SNAPSHOT_BYTES, STREAM_CALLS
from registry.footage import storage
from registry.footage.models import Upload
from registry.footage.services import uploads
from registry.footage.views import tus
from registry.rules import BYTES_PER_FILE

RENEWALS = "20/h"
"""Tokens that one CORE may ask for by its key."""

DOCUMENT = Path(__file__).resolve().parents[1] / "openapi.json"


@public
@answers.answering("POST")
def activate(request: HttpRequest) -> JsonResponse:
    said = answers.body_of(request, ACTIVATE)
    spend("core_activate", NETWORK_TRIES, network_of(request))
    try:
        core, token = credentials.activate(**said)
    except ValidationError as wrong:
        raise Malformed("key", " ".join(wrong.messages)) from wrong
    return _fresh(token, core=str(core.pk), again_in=POLL_SECONDS)


@public
@answers.answering("POST")
def token(request: HttpRequest) -> JsonResponse:
    """Give a CORE that proves its key a new token, for a token that it lost or that was revoked."""
    said = answers.body_of(request, TOKEN)
    core = answers.check_signed(request, core_selectors.by_serial(said["serial"]))
    # After the signature: before it, anybody could claim to be this CORE, and use up its renewals.
    spend("core_token", RENEWALS, str(core.pk))
    return _fresh(credentials.renew_token(core=core))


@public
@answers.answering("POST")
def report_health(request: HttpRequest) -> JsonResponse:
    caller = answers.caller_of(request)
    said = answers.body_of(request, HEALTH)
    if said["disk_free"] > said["disk_size"]:
        raise Malformed("disk_free", "No more can be free than there is.")
    drift = said.pop("clock_ms") - int(timezone.now().timestamp() * 1000)
    channels = said.pop("channels")
    pictures = {name: each["picture"] for name, each in channels.items()}
    problems = {name: each["problems"] or [] for name, each in channels.items()}
    told = health.Health(clock_drift_ms=drift, channels=pictures, **said)
    health.report(core=caller.core, health=told, problems=problems)
    return JsonResponse({"server_time": answers.server_time(), "clock_drift_ms": drift})


@public
@answers.answering("GET")
def cameras(request: HttpRequest) -> JsonResponse:
    """Return the connected channels of a CORE. It need not know the cameras' names and places."""
    caller = answers.caller_of(request)
    health.heard_of(core=caller.core)
    rows = core_selectors.behind(caller.core)
    return JsonResponse({"cameras": [{"id": str(row.pk), "channel": row.channel} for row in rows]})


@public
@answers.answering("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(DOCUMENT.read_bytes(), content_type="application/json")


@csrf_exempt  # it does nothing
@public
@never_cache
def nothing_here(request: HttpRequest, rest: str = "") -> JsonResponse:
    return answers.problem(
        HTTPStatus.NOT_FOUND, "no-such-call", "There is no such call. /core/v1/openapi.json names them all."
    )


def _fresh(token: str, **more: str | int) -> JsonResponse:
    return JsonResponse({"token": token, "server_time": answers.server_time(), **more})


HEX = re.compile(r"[0-9a-f]{64}")


@as_page
@public
@answers.answering("POST", "HEAD", "PATCH", largest=CLIP_PIECE_BYTES)
def clip(request: HttpRequest, clip: UUID) -> HttpResponse:
    """Begin to send a clip (POST), ask how much has arrived (HEAD), send the next piece (PATCH)."""
    caller = answers.caller_of(request)
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
                offset = _number_in(request, "Upload-Offset")
                piece = request.body
                upload = services.append(core=caller.core, clip=clip, offset=offset, piece=piece)
                return _so_far(upload, HTTPStatus.NO_CONTENT)
    except NotYours:
        return _not_wanted()
    except uploads.WrongOffset as wrong:
        answer: HttpResponse = answers.problem(HTTPStatus.CONFLICT, "wrong-offset", "Continue at Upload-Offset.")
        answer["Upload-Offset"] = str(wrong.offset)
        return answer
    except (storage.InUse, storage.DiskFull):
        return answers.problem(
            HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "There is no room just now. Continue later.", wait=60
        )
    except (storage.TooMuch, ValidationError) as wrong:
        raise Malformed("body", "This is not the clip that was announced, or not a recording.") from wrong


@public
@answers.answering("POST")
def no_clip(request: HttpRequest, clip: UUID) -> JsonResponse:
    caller = answers.caller_of(request)
    answers.body_of(request, {})
    try:
        services.fail(core=caller.core, clip=clip)
    except NotYours:
        return _not_wanted()
    return JsonResponse({"server_time": answers.server_time()})


def _announced(request: HttpRequest) -> tuple[int, str]:
    size = _number_in(request, "Upload-Length")
    if not 0 < size <= BYTES_PER_FILE:
        raise Malformed("Upload-Length", f"Send from 1 to {BYTES_PER_FILE} bytes.")
    try:
        sha256 = tus.metadata(request.headers.get("Upload-Metadata", "")).get("sha256", "")
    except tus.MalformedUpload as wrong:
        raise Malformed("Upload-Metadata", str(wrong)) from wrong
    if not HEX.fullmatch(sha256):
        raise Malformed("Upload-Metadata", "Send sha256: 64 digits in hexadecimal, in base64.")
    return size, sha256


def _number_in(request: HttpRequest, name: str) -> int:
    try:
        return tus.count(request, name)
    except tus.MalformedUpload as wrong:
        raise Malformed(name, str(wrong)) from wrong


def _so_far(upload: Upload, status: HTTPStatus) -> HttpResponse:
    length, offset = str(upload.size), str(uploads.offset(upload=upload))
    headers = {"Tus-Resumable": tus.VERSION, "Upload-Length": length, "Upload-Offset": offset}
    return HttpResponse(status=status, headers=headers)


def _not_wanted() -> JsonResponse:
    sentence = "This clip is not asked for, or not any more. Continue with the next order."
    return answers.problem(HTTPStatus.NOT_FOUND, "not-wanted", sentence)


JPEG = "image/jpeg"
AGAIN_SECONDS = 5


@as_page
@public
@answers.answering("PUT", largest=SNAPSHOT_BYTES)
def snapshot(request: HttpRequest, snapshot: UUID) -> JsonResponse:
    caller = answers.caller_of(request)
    if request.content_type != JPEG:
        raise Malformed("body", "Send Content-Type: image/jpeg.")
    health.heard_of(core=caller.core)
    try:
        snapshots.keep(core=caller.core, snapshot=snapshot, picture=request.body)
    except NotYours:
        sentence = "This picture is not asked for, or not any more. Continue with the next order."
        return answers.problem(HTTPStatus.NOT_FOUND, "not-wanted", sentence)
    except ValidationError as wrong:
        if wrong.code == BUSY:
            return answers.problem(
                HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Send this picture once more.", wait=AGAIN_SECONDS
            )
        raise Malformed("body", " ".join(wrong.messages)) from wrong
    return JsonResponse({"server_time": answers.server_time()})


ONE_END = "1/2s"
READ_AT_ONCE = 4
"""Pieces and playlists of one stream that one process reads at the same time."""
NO_CALL = "Pieces are called 17.ts, with a word of lower case letters before the number or none, playlists live.m3u8."


@takes_video
@public
@answers.answering("PUT", "DELETE", rate=STREAM_CALLS, largest=SEGMENT_BYTES)
def stream(request: HttpRequest, stream: UUID, name: str) -> HttpResponse:
    """Receive a piece of video, or a playlist. Pieces are deleted automatically, so a DELETE deletes nothing."""
    number = video.number_of(name)
    if number is None and not video.PLAYLIST.fullmatch(name):
        return answers.problem(HTTPStatus.NOT_FOUND, "no-such-call", NO_CALL)
    digest = signatures.token_digest(answers.token_of(request))
    try:
        streams.check_token(stream=stream, digest=digest)
        if request.method == "DELETE":
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        with at_once("core_stream", READ_AT_ONCE, str(stream)):
            return _take_video(request, stream, digest, number)
    except streams.Over:
        sentence = "Nobody sees this stream any more. Stop sending it; an order says when to send again."
        return answers.problem(HTTPStatus.GONE, "over", sentence)
    except LiveFull:
        # End the newest view of all, so that older ones continue; one in two seconds at most, until that frees memory.
        with suppress(TooManyRequests):
            spend("live_room", ONE_END, "")
            views.end_newest()
        sentence = "There is no room for this piece. Send the next one."
        return answers.problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence, wait=1)


def _take_video(request: HttpRequest, stream: UUID, digest: bytes, number: int | None) -> HttpResponse:
    largest = video.LARGEST_BYTES if number is None else SEGMENT_BYTES
    give_back()  # a body lasts as long as its piece of video
    try:
        body = _body_up_to(request, largest)
        if len(body) > largest:
            return answers.too_large(largest)
        if number is None:
            streams.take_playlist(stream=stream, digest=digest, body=body)
        else:
            streams.take_segment(stream=stream, digest=digest, number=number, body=body)
    except video.BadPlaylist as wrong:
        return answers.problem(HTTPStatus.BAD_REQUEST, "malformed", str(wrong), field="playlist")
    except video.NotVideo as wrong:
        return answers.problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-video", str(wrong))
    except OutOfOrder:
        sentence = "A piece with this number, or a later one, was sent before. Numbers only rise."
        return answers.problem(HTTPStatus.CONFLICT, "out-of-order", sentence)
    except tus.Interrupted:
        sentence = "The line broke. Send the next piece."
        return answers.problem(HTTPStatus.REQUEST_TIMEOUT, "interrupted", sentence)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _body_up_to(request: HttpRequest, largest: int) -> bytes:
    source, parts, left = tus.Body(request), [], largest + 1
    while part := source.read(left):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
