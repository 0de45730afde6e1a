"""Video of a camera by HLS, as `ffmpeg -f hls -method PUT` sends it. docs/devices.md shows the command.

The token of the stream is the whole right: it opens this stream while somebody may see it, and nothing else. Such a
call carries no signature, since no program that sends video would make one.
"""

from contextlib import suppress
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import TooManyRequests, at_once, spend
from fusus_portal.ground.database.release import give_back
from fusus_portal.ground.serving.lanes import takes_video
from integration.cores.services import tokens
from integration.device_api.views.answers import answering, problem, token_of, too_large
from integration.live.services import ingest, views
from integration.live.services.ingest import Over
from integration.live.video import playlists
from integration.live.video.playlists import BadPlaylist
from integration.live.video.segments import NotVideo
from integration.live.video.store import LiveFull, OutOfOrder
from integration.rules import SEGMENT_BYTES, STREAM_CALLS
from registry.footage.views.tus import Body, Interrupted

ONE_END = "1/2s"
AT_ONCE = 4
"""Pieces and playlists of one stream that one process reads at the same time."""
NO_CALL = "Pieces are called 17.ts, with a word of lower case letters before the number or none, playlists live.m3u8."


@takes_video
@public
@answering("PUT", "DELETE", rate=STREAM_CALLS, largest=SEGMENT_BYTES)
def stream(request: HttpRequest, stream: UUID, name: str) -> HttpResponse:
    """Receive a piece of video, or a playlist. Pieces are deleted automatically, so a DELETE is only answered."""
    number = playlists.number_of(name)
    if number is None and not playlists.PLAYLIST.fullmatch(name):
        return problem(HTTPStatus.NOT_FOUND, "no-such-call", NO_CALL)
    digest = tokens.digest_of(token_of(request))
    try:
        ingest.check(stream=stream, digest=digest)
        if request.method == "DELETE":
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        with at_once("core_stream", AT_ONCE, str(stream)):
            return _take(request, stream, digest, number)
    except Over:
        sentence = "Nobody sees this stream any more. Stop sending it; an order says when to send again."
        return problem(HTTPStatus.GONE, "over", sentence)
    except LiveFull:
        return _make_room()


def _take(request: HttpRequest, stream: UUID, digest: bytes, number: int | None) -> HttpResponse:
    largest = playlists.LARGEST_BYTES if number is None else SEGMENT_BYTES
    give_back()  # a body lasts as long as its piece of video
    try:
        body = _body_of(request, largest)
        if len(body) > largest:
            return too_large(largest)
        if number is None:
            ingest.take_playlist(stream=stream, digest=digest, body=body)
        else:
            ingest.take_segment(stream=stream, digest=digest, number=number, body=body)
    except (Interrupted, BadPlaylist, NotVideo, OutOfOrder) as wrong:
        return _bad(wrong)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _bad(wrong: Exception) -> JsonResponse:
    match wrong:
        case BadPlaylist():
            return problem(HTTPStatus.BAD_REQUEST, "malformed", str(wrong), field="playlist")
        case NotVideo():
            return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-video", str(wrong))
        case OutOfOrder():
            sentence = "A piece with this number, or a later one, was sent before. Numbers only rise."
            return problem(HTTPStatus.CONFLICT, "out-of-order", sentence)
        case _:
            return problem(HTTPStatus.REQUEST_TIMEOUT, "interrupted", "The line broke. Send the next piece.")


def _body_of(request: HttpRequest, largest: int) -> bytes:
    source, parts, left = Body(request), [], largest + 1
    while part := source.read(left):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _make_room() -> JsonResponse:
    """End the newest view of all, so that those before it continue. One at a time: its end takes a moment to count."""
    with suppress(TooManyRequests):
        spend("live_room", ONE_END, "")
        views.end_newest()
    sentence = "There is no room for this piece. Send the next one."
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", sentence, wait=1)
