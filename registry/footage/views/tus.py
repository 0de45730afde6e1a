"""The tus 1.0.0 protocol for resumable uploads (tus.io/protocols/resumable-upload), and its answers to errors."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.access import refusals
from fusus_portal.ground.access.limits import TooManyAtOnce
from fusus_portal.ground.lifecycle import Denied, NotYours, Refused, Stale
from registry.footage import policies, storage
from registry.footage.services.uploads import WrongOffset
from registry.limits.models import Limits

VERSION = "1.0.0"
CAPABILITIES = {"Tus-Version": VERSION, "Tus-Extension": "creation,expiration,termination"}
OFFSET_TYPE = "application/offset+octet-stream"


class MalformedUpload(Exception):
    """A header that is missing or unreadable (HTTP 400). Its text is the sentence for the sender."""


def response(status: int, text: str = "", *, headers: dict[str, str] | None = None) -> HttpResponse:
    own = {"Content-Type": "text/plain; charset=utf-8", "Tus-Resumable": VERSION, "Cache-Control": "no-store"}
    return HttpResponse(text, status=status, headers={**own, **(headers or {})})


def count(request: HttpRequest, name: str) -> int:
    """Return a header that is a number of bytes. Raises MalformedUpload."""
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise MalformedUpload(f"{name} must be a number of bytes.")
    return int(text)


def metadata(header: str) -> dict[str, str]:
    """Return the pairs of an Upload-Metadata header: `key base64, key base64`. Raises MalformedUpload."""
    pairs: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            pairs[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise MalformedUpload("Upload-Metadata must be base64 of UTF-8 text.") from error
    return pairs


def expiry(moment: datetime) -> str:
    return http_date(moment.timestamp())


TusView = Callable[..., HttpResponse]
A_READ = 64 * 1024
"""Bytes that the server waits for at once. A broken connection loses at most these."""

DENIED: dict[type[Denied], int] = {
    Refused: HTTPStatus.FORBIDDEN,
    NotYours: HTTPStatus.NOT_FOUND,
    Stale: HTTPStatus.GONE,  # 409 would tell the client to try again
}
INVALID = {
    policies.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    policies.WRONG_TYPE: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    policies.NO_ROOM: HTTPStatus.INSUFFICIENT_STORAGE,
    policies.TOO_MANY: HTTPStatus.FORBIDDEN,
}


class Interrupted(Exception):
    """The sender is gone, or too slow. Bytes that arrived before are safe."""


FAILED: dict[type[Exception], int] = {
    storage.InUse: HTTPStatus.LOCKED,
    TooManyAtOnce: HTTPStatus.SERVICE_UNAVAILABLE,
    storage.TooMuch: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    storage.DiskFull: HTTPStatus.INSUFFICIENT_STORAGE,
    Interrupted: HTTPStatus.SERVICE_UNAVAILABLE,  # on 408 the page would not try again
}
SENTENCES: dict[type[Exception], str | Promise] = {
    storage.InUse: _("This file is being sent from another window. Close one of them."),
    storage.TooMuch: _("This file is larger than it was at the start. Remove it and send it again."),
    storage.DiskFull: policies.NO_ROOM_SENTENCE,
}


class Body:
    """The body of a request, read in pieces. If the connection breaks, earlier bytes come first, then Interrupted."""

    def __init__(self, request: HttpRequest) -> None:
        chunked = "Transfer-Encoding" in request.headers and request.META.get("wsgi.input_terminated")
        self._source: storage.Reader = request.META["wsgi.input"] if chunked else request
        self._broken: OSError | None = None

    def read(self, size: int, /) -> bytes:
        parts: list[bytes] = []
        try:
            if self._broken is None:
                while size > 0 and (part := self._source.read(min(size, A_READ))):
                    parts.append(part)
                    size -= len(part)
        except OSError as error:
            self._broken = error
        if self._broken is not None and not parts:
            raise Interrupted from self._broken
        return b"".join(parts)


def speaking_tus(*methods: str) -> Callable[[TusView], TusView]:
    """Let a view speak tus with these HTTP methods; it may raise what the services of uploads raise."""

    def decorate(view: TusView) -> TusView:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "OPTIONS":
                largest = {"Tus-Max-Size": str(Limits.current().bytes_per_file)}
                return response(HTTPStatus.NO_CONTENT, headers={**CAPABILITIES, **largest})
            if request.method not in methods:
                return response(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(["OPTIONS", *methods])})
            if request.headers.get("Tus-Resumable") != VERSION:
                return response(HTTPStatus.PRECONDITION_FAILED, headers={"Tus-Version": VERSION})
            try:
                return view(request, *args, **kwargs)
            except Exception as error:
                answer = _answer(request, error)
                if answer is None:
                    raise
                return answer

        return answered

    return decorate


def _answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    match error:
        case Denied():
            return _denied(request, error)
        case ValidationError():
            answer = response(_status_of(error), " ".join(error.messages))
        case MalformedUpload():
            answer = response(HTTPStatus.BAD_REQUEST, str(error))
        case WrongOffset():
            answer = response(HTTPStatus.CONFLICT, headers={"Upload-Offset": str(error.offset)})
        case _:
            status, sentence = FAILED.get(type(error)), str(SENTENCES.get(type(error), ""))
            return response(status, sentence) if status else None
    return answer


def _denied(request: HttpRequest, error: Denied) -> HttpResponse:
    recorded = refusals.answer(request, error)
    if recorded is not None and recorded.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        return response(HTTPStatus.SERVICE_UNAVAILABLE)
    return response(DENIED[type(error)], error.sentence)


def _status_of(error: ValidationError) -> int:
    codes = [problem.code for problems in error.error_dict.values() for problem in problems]
    return next((INVALID[code] for code in codes if code in INVALID), HTTPStatus.BAD_REQUEST)
