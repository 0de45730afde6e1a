"""The tus 1.0.0 protocol for resumable uploads (tus.io/protocols/resumable-upload)."""

import base64
import binascii
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
OFFSET_TYPE = "application/offset+octet-stream"


class MalformedUpload(Exception):
    """A header that is missing or unreadable (HTTP 400)."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def response(status: int, text: str = "", *, headers: dict[str, str] | None = None) -> HttpResponse:
    own = {"Content-Type": "text/plain; charset=utf-8", "Tus-Resumable": VERSION, "Cache-Control": "no-store"}
    return HttpResponse(text, status=status, headers={**own, **(headers or {})})


def capabilities(*, largest: int) -> dict[str, str]:
    """Return the server's capabilities, for OPTIONS. largest: bytes of one file."""
    return {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(largest)}


def speaks_our_version(request: HttpRequest) -> bool:
    return request.headers.get("Tus-Resumable") == VERSION


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
