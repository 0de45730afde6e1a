"""Types of file that may be given as footage, recognized by name and first bytes (ASVS 5.2.2)."""

from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SNIFFED_BYTES = 8192
"""Number of first bytes that decide the type of a file."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type of file. plays: a browser may show it on the page."""

    content_type: str
    extension: str
    plays: bool = False


MP4 = MediaType("video/mp4", "mp4", plays=True)
QUICKTIME = MediaType("video/quicktime", "mov", plays=True)
THREE_GPP = MediaType("video/3gpp", "3gp", plays=True)
TRANSPORT_STREAM = MediaType("video/mp2t", "ts")
HEIC = MediaType("image/heic", "heic")

MEDIA_TYPES: dict[str, MediaType] = {
    kind.content_type: kind
    for kind in (
        MP4,
        QUICKTIME,
        THREE_GPP,
        TRANSPORT_STREAM,
        HEIC,
        MediaType("video/webm", "webm", plays=True),
        MediaType("video/x-matroska", "mkv"),
        MediaType("video/x-msvideo", "avi"),
        MediaType("video/x-ms-wmv", "wmv"),
        MediaType("video/x-flv", "flv"),
        MediaType("video/mpeg", "mpg"),
        MediaType("image/jpeg", "jpg", plays=True),
        MediaType("image/png", "png", plays=True),
    )
}

VIDEO_EXTENSIONS = {"mp4", "m4v", "mov", "qt", "3gp", "3g2", "webm", "mkv", "avi", "wmv", "flv", "f4v"}
STREAM_EXTENSIONS = {"mpg", "mpeg", "ts", "mts", "m2ts"}
PICTURE_EXTENSIONS = {"jpg", "jpeg", "png", "heic"}
EXTENSIONS = frozenset(VIDEO_EXTENSIONS | STREAM_EXTENSIONS | PICTURE_EXTENSIONS)
"""Endings of file names that are taken, lower case without the dot. The page's file picker offers the same."""

REFUSED_TYPE: str | Promise = _(
    "This file is not a video or picture that we can take. Please send the camera's own video file, "
    "for example MP4, MOV, AVI or MKV, or a picture as JPG or PNG."
)

QUICKTIME_ATOMS = frozenset([b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"])
THREE_GPP_BRANDS = (b"3gp", b"3g2")
STILL_BRANDS = (b"heic", b"heix", b"mif1")
MP4_BRANDS = (b"iso", b"mp4", b"avc", b"M4V", b"dash", b"MSNV", b"XAVC", b"f4v", b"msd", b"mmp4")
PACKET_SYNC = 0x47


def taken_by_name(name: str) -> bool:
    return PurePath(name).suffix.lower().removeprefix(".") in EXTENSIONS


def taken_by_declaration(content_type: str) -> bool:
    """True unless the type that the browser declares excludes the file. A file without a declared type is fine."""
    declared = content_type.partition(";")[0].strip().lower()
    if not (content_type.isascii() and content_type.isprintable()):
        return False
    return declared in {"", "application/octet-stream"} or declared.startswith(("video/", "image/"))


def type_of(head: bytes) -> MediaType | None:
    """Return a file's type by its first `SNIFFED_BYTES` bytes, or None for a type that is not taken."""
    by_box = _boxed(head)
    if by_box is not None:
        return by_box
    if _packets(head, size=188, skipped=0) or _packets(head, size=192, skipped=4):
        return TRANSPORT_STREAM
    kind = filetype.guess(head)
    return MEDIA_TYPES.get(kind.mime) if kind is not None else None


def _boxed(head: bytes) -> MediaType | None:
    """Recognize files made of boxes (ISO/IEC 14496-12) by their main brand."""
    name, brand = head[4:8], head[8:12]
    if name in QUICKTIME_ATOMS or (name == b"ftyp" and brand == b"qt  "):
        return QUICKTIME
    if name != b"ftyp":
        return None
    if brand.startswith(STILL_BRANDS):
        return HEIC
    if brand.startswith(THREE_GPP_BRANDS):
        return THREE_GPP
    return MP4 if brand.startswith(MP4_BRANDS) else None


def _packets(head: bytes, *, size: int, skipped: int) -> bool:
    """Recognize transport streams: each packet starts with the same byte (ISO/IEC 13818-1)."""
    starts = head[skipped::size]
    return len(starts) > 2 and all(byte == PACKET_SYNC for byte in starts)
