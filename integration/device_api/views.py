"""The device API: only COREs begin calls, with a token and a signature. docs/devices.md gives the reasons.

Answers are JSON, and problems as RFC 9457 writes them; calls that can't be counted are refused. Clips come by tus
(tus.io), each call signed. Video by HLS comes as `ffmpeg -f hls -method PUT` sends it, without a signature: the
stream's token alone allows it, for this stream, while somebody may see it. When a CORE calls never depends on incidents
near it.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import CannotCount, TooManyRequests, at_once, spend
from fusus_portal.ground.access.source import network_of
from fusus_portal.ground.database.files import give_back
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.pictures import BUSY
from fusus_portal.ground.serving.lanes import as_page, takes_video, urgent
from integration.clips import services as clips
from integration.cores import selectors as core_selectors, signatures
from integration.cores.models import Core
from integration.cores.services import credentials, health
from integration.device_api import callers, parsers
from integration.device_api.callers import Caller
from integration.device_api.parsers import Malformed
from integration.live import passes
from integration.live.models import LiveStream
from integration.live.services import snapshots, streams, views
from integration.live.video import hls as video, relays
from integration.live.video.connection import LiveUnavailable
from integration.live.video.store import LiveFull, OutOfOrder
from integration.rules import CLIP_PIECE_BYTES, NETWORK_TRIES, POLL_SECONDS, SEGMENT_BYTES, SNAPSHOT_BYTES, STREAM_CALLS
from registry.footage import storage
from registry.footage.models import Upload
from registry.footage.services import uploads
from registry.footage.views import tus
from registry.rules import BYTES_PER_FILE

View = Callable[..., HttpResponseBase]
SIGN_IN = "Sign in with the key, or activate with a code."


class Unknown(Exception):
    """The caller is not a CORE that may call, or can't prove it. The answer says no more: it would help a guesser."""


def problem(status: HTTPStatus, code: str, detail: str, *, wait: int = 0, **more: Any) -> JsonResponse:
    """Return an error as RFC 9457 writes it. detail: what the device should do. wait: seconds before its next call."""
    body = callers.problem_of(status, code, detail)
    response = JsonResponse({**body, **more}, status=status, content_type=callers.PROBLEM)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def answering(*methods: str, rate: str = callers.CALLS, largest: int = parsers.LARGEST_BYTES) -> Callable[[View], View]:
    """Return a decorator that limits a view to these HTTP methods, counts its calls, and answers errors as problems.

    rate: calls of one token. largest: bytes of a body whose length is given; the view itself checks other bodies. The
    view is served as urgent, unless a mark above `answering` says otherwise.
    """

    def decorate(view: View) -> View:
        @csrf_exempt  # no cookie gives a right here: code, key, token and signature do
        @urgent
        @never_cache
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                sentence = f"Call this with {' or '.join(methods)}."
                response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "wrong-method", sentence)
                response["Allow"] = ", ".join(methods)
                return response
            try:
                callers.count_call(token_of(request), network_of(request), rate=rate)
                if int(request.META.get("CONTENT_LENGTH") or 0) > largest:
                    return too_large(largest)
                return _answered(request, lambda: view(request, *args, **kwargs))
            except TooManyRequests:
                sentence = "Too many calls in a minute. Come back when the answer to a poll says."
                return problem(HTTPStatus.TOO_MANY_REQUESTS, "too-often", sentence, wait=60)
            except (CannotCount, DatabaseError, LiveUnavailable):
                sentence = "The portal can't keep its log, its counts or its video right now. Call again later."
                return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence, wait=60)

        return answered

    return decorate


def body_of(request: HttpRequest, checks: Mapping[str, parsers.Check]) -> dict[str, Any]:
    if request.body and request.content_type != "application/json":
        raise Malformed("body", "Send Content-Type: application/json.")
    return parsers.read(parsers.object_of(request.body), checks)


def caller_of(request: HttpRequest) -> Caller:
    """Return the calling CORE, by its token and its signature. Raises WrongClock, and Unknown for any other fault."""
    found = _shown(request)
    check_signed(request, found.core if found else None)
    return _known(found)


def _shown(request: HttpRequest) -> Caller | None:
    return callers.caller(signatures.token_digest(token_of(request)), now=timezone.now())


def _known(found: Caller | None) -> Caller:
    if found is None:
        raise Unknown
    return found


def check_signed(request: HttpRequest, core: Core | None) -> Core:
    """Return `core` if it is known and signed the call just now with its key. Raises WrongClock or Unknown."""
    what = signatures.Signed(request.method or "", request.get_full_path(), request.body)
    header, now = request.headers.get(signatures.HEADER, ""), timezone.now()
    try:
        signatures.seconds_of(header, now=now)
        if core is None or not core.key:
            raise Unknown
        signatures.check(header, what, key=core.key, now=now)
    except signatures.BadSignature as error:
        raise Unknown from error
    return core


def token_of(request: HttpRequest) -> str:
    return callers.token_in(request.headers.get("Authorization", ""))


def too_large(largest: int) -> JsonResponse:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", f"A call has at most {largest} bytes.")


def _answered(request: HttpRequest, call: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return call()
    except Malformed as wrong:
        return problem(HTTPStatus.BAD_REQUEST, "malformed", wrong.sentence, field=wrong.field)
    except signatures.WrongClock:
        sentence = "Set the clock to server_time, in seconds of Unix, and call again."
        return problem(HTTPStatus.BAD_REQUEST, "wrong-clock", sentence, server_time=server_time())
    except Stale as stale:
        return problem(HTTPStatus.CONFLICT, "not-active", stale.sentence)
    except (Unknown, Refused) as refused:
        callers.count_stranger(network_of(request))
        sentence = refused.sentence if isinstance(refused, Refused) else SIGN_IN
        response = problem(HTTPStatus.UNAUTHORIZED, "not-known", sentence)
        response["WWW-Authenticate"] = "Bearer"
        return response


def server_time() -> int:
    return int(timezone.now().timestamp())


RENEWALS = "20/h"
"""Tokens that one CORE may ask for by its key."""

DOCUMENT = Path(__file__).resolve().with_name("openapi.json")


@public
@answering("POST")
def activate(request: HttpRequest) -> JsonResponse:
    said = body_of(request, parsers.ACTIVATE)
    spend("core_activate", NETWORK_TRIES, network_of(request))
    try:
        core, token = credentials.activate(**said)
    except ValidationError as wrong:
        raise Malformed("key", " ".join(wrong.messages)) from wrong
    return _fresh(token, core=str(core.pk), again_in=POLL_SECONDS)


@public
@answering("POST")
def token(request: HttpRequest) -> JsonResponse:
    """Give a CORE that proves its key a new token, for a token that it lost or that was revoked."""
    said = body_of(request, parsers.TOKEN)
    core = check_signed(request, core_selectors.by_serial(said["serial"]))
    # After the signature: before it, anybody could claim to be this CORE, and use up its renewals.
    spend("core_token", RENEWALS, str(core.pk))
    return _fresh(credentials.renew_token(core=core))


@public
@answering("POST")
def report_health(request: HttpRequest) -> JsonResponse:
    caller = caller_of(request)
    said = body_of(request, parsers.HEALTH)
    if said["disk_free"] > said["disk_size"]:
        raise Malformed("disk_free", "No more can be free than there is.")
    drift = said.pop("clock_ms") - int(timezone.now().timestamp() * 1000)
    channels = said.pop("channels")
    pictures = {name: each["picture"] for name, each in channels.items()}
    problems = {name: each["problems"] or [] for name, each in channels.items()}
    told = health.Health(clock_drift_ms=drift, channels=pictures, **said)
    health.report(core=caller.core, health=told, problems=problems)
    return JsonResponse({"server_time": server_time(), "clock_drift_ms": drift})


@public
@answering("GET")
def cameras(request: HttpRequest) -> JsonResponse:
    """Return the connected channels of a CORE. It need not know the cameras' names and places."""
    caller = caller_of(request)
    health.heard_of(core=caller.core)
    rows = core_selectors.behind(caller.core)
    return JsonResponse({"cameras": [{"id": str(row.pk), "channel": row.channel} for row in rows]})


@public
@answering("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(DOCUMENT.read_bytes(), content_type="application/json")


@csrf_exempt  # it does nothing
@public
@never_cache
def nothing_here(request: HttpRequest, rest: str = "") -> JsonResponse:
    return problem(HTTPStatus.NOT_FOUND, "no-such-call", "There is no such call. /core/v1/openapi.json names them all.")


def _fresh(token: str, **more: str | int) -> JsonResponse:
    return JsonResponse({"token": token, "server_time": server_time(), **more})


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
                upload = clips.begin(core=caller.core, clip=clip, size=size, sha256=sha256)
                return _so_far(upload, HTTPStatus.CREATED)
            case "HEAD":
                return _so_far(clips.begun(core=caller.core, clip=clip), HTTPStatus.OK)
            case _:
                offset = _number_in(request, "Upload-Offset")
                upload = clips.append(core=caller.core, clip=clip, offset=offset, piece=request.body)
                return _so_far(upload, HTTPStatus.NO_CONTENT)
    except NotYours:
        return _not_wanted("clip")
    except uploads.WrongOffset as wrong:
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
        clips.fail(core=caller.core, clip=clip)
    except NotYours:
        return _not_wanted("clip")
    return JsonResponse({"server_time": server_time()})


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


def _not_wanted(thing: str) -> JsonResponse:
    sentence = f"This {thing} is not asked for, or not any more. Continue with the next order."
    return problem(HTTPStatus.NOT_FOUND, "not-wanted", sentence)


AGAIN_SECONDS = 5


@as_page
@public
@answering("PUT", largest=SNAPSHOT_BYTES)
def snapshot(request: HttpRequest, snapshot: UUID) -> JsonResponse:
    caller = caller_of(request)
    if request.content_type != "image/jpeg":
        raise Malformed("body", "Send Content-Type: image/jpeg.")
    health.heard_of(core=caller.core)
    try:
        snapshots.keep(core=caller.core, snapshot=snapshot, picture=request.body)
    except NotYours:
        return _not_wanted("picture")
    except ValidationError as wrong:
        if wrong.code == BUSY:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Send this picture once more.", wait=AGAIN_SECONDS)
        raise Malformed("body", " ".join(wrong.messages)) from wrong
    return JsonResponse({"server_time": server_time()})


ONE_END = "1/2s"
READ_AT_ONCE = 4
"""Pieces and playlists of one stream that one process reads at the same time."""
NO_CALL = "Pieces are called 17.ts, with a word of lower case letters before the number or none, playlists live.m3u8."


@takes_video
@public
@answering("PUT", "DELETE", rate=STREAM_CALLS, largest=SEGMENT_BYTES)
def stream(request: HttpRequest, stream: UUID, name: str) -> HttpResponse:
    """Receive a piece of video, or a playlist. Pieces are deleted automatically, so a DELETE deletes nothing."""
    number = video.number_of(name)
    if number is None and not video.PLAYLIST.fullmatch(name):
        return problem(HTTPStatus.NOT_FOUND, "no-such-call", NO_CALL)
    digest = signatures.token_digest(token_of(request))
    try:
        streams.check_token(stream=stream, digest=digest)
        if request.method == "DELETE":
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        with at_once("core_stream", READ_AT_ONCE, str(stream)):
            return _take_video(request, stream, digest, number)
    except streams.Over:
        sentence = "Nobody sees this stream any more. Stop sending it; an order says when to send again."
        return problem(HTTPStatus.GONE, "over", sentence)
    except LiveFull:
        # End the newest view of all, so that older ones continue; one in two seconds at most, until that frees memory.
        with suppress(TooManyRequests):
            spend("live_room", ONE_END, "")
            views.end_newest()
        sentence = "There is no room for this piece. Send the next one."
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence, wait=1)


def _take_video(request: HttpRequest, stream: UUID, digest: bytes, number: int | None) -> HttpResponse:
    largest = video.LARGEST_BYTES if number is None else SEGMENT_BYTES
    give_back()  # a body lasts as long as its piece of video
    try:
        body = _body_up_to(request, largest)
        if len(body) > largest:
            return too_large(largest)
        if number is None:
            streams.take_playlist(stream=stream, digest=digest, body=body)
        else:
            streams.take_segment(stream=stream, digest=digest, number=number, body=body)
    except video.BadPlaylist as wrong:
        return problem(HTTPStatus.BAD_REQUEST, "malformed", str(wrong), field="playlist")
    except video.NotVideo as wrong:
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-video", str(wrong))
    except OutOfOrder:
        sentence = "A piece with this number, or a later one, was sent before. Numbers only rise."
        return problem(HTTPStatus.CONFLICT, "out-of-order", sentence)
    except tus.Interrupted:
        sentence = "The line broke. Send the next piece."
        return problem(HTTPStatus.REQUEST_TIMEOUT, "interrupted", sentence)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _body_up_to(request: HttpRequest, largest: int) -> bytes:
    source, parts, left = tus.Body(request), [], largest + 1
    while part := source.read(left):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


PLAYLIST: Final = "live.m3u8"


class Told(JsonResponse):
    """Answer to a call for orders. core: id of the CORE. seen: digest of its orders. is_idle: it has no orders."""

    def __init__(self, said: dict[str, Any], *, core: UUID) -> None:
        super().__init__(said)
        self.core = core
        self.seen: str = said["seen"]
        self.is_idle = not said["orders"]
        self.brings_token = "token" in said


@public
@answering("POST")
def poll(request: HttpRequest) -> HttpResponse:
    caller = caller_of(request)
    body_of(request, {})
    relay = relays.receiver_of(relays.of_stream(caller.core.pk, relays.living()))
    line = f"{relay}{reverse('core_orders')}" if relay else ""
    return JsonResponse({"again_in": POLL_SECONDS, "line": line, **_told(caller, _orders(caller))})


@public
@answering("POST")
def orders(request: HttpRequest) -> HttpResponse:
    """Answer with a CORE's orders. A relay holds the call until they differ from those that the CORE has seen."""
    caller = caller_of(request)
    body_of(request, parsers.ORDERS)
    return _on_line(caller)


@answering("POST")
def orders_again(request: HttpRequest) -> HttpResponse:
    """Answer again, by the token alone, a call that `orders` let in and a relay has held: its signature may be old."""
    return _on_line(_known(_shown(request)))


def _on_line(caller: Caller) -> Told:
    told = _orders(caller)
    seen = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]
    return Told({"seen": seen, **_told(caller, told)}, core=caller.core.pk)


def _told(caller: Caller, told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    answer = {"server_time": server_time(), "orders": told}
    if fresh := credentials.exchange_token(token=caller.token):
        answer["token"] = fresh
    return answer


def _orders(caller: Caller) -> list[dict[str, Any]]:
    """Note that a CORE called, and return its orders. Raises Stale unless it is active."""
    health.heard_of(core=caller.core)
    ordered = callers.orders_for(caller, now=timezone.now())
    streams.note_told(streams=[stream.pk for stream, _until in ordered])
    living = relays.living() if ordered else []
    return [
        *(_stream(stream, until, living) for stream, until in ordered),
        *snapshots.orders_for(caller.core),
        *(clips.orders_for(caller.core) if caller.has_clip else ()),
    ]


def _stream(stream: LiveStream, until: datetime, living: list[str]) -> dict[str, Any]:
    relay = relays.receiver_of(relays.of_stream(stream.pk, living))
    put = reverse("core_stream", args=[stream.pk, PLAYLIST]).removesuffix(PLAYLIST)
    return {
        "kind": "stream",
        "stream": str(stream.pk),
        "channel": stream.camera.channel,
        "put": put,
        "relay": f"{relay}{put}live.mp4" if relay else "",
        "hls": not relay or streams.wants_hls(stream.pk),
        "token": passes.stream_token(stream.pk),
        "until": int(until.timestamp()),
    }
