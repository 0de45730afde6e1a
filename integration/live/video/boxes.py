"""Boxes of MP4 (ISO/IEC 14496-12). Only coded pictures and settings of their decoder are passed on."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

HEADER_BYTES: Final = 8
ENTRY_BYTES: Final = 78
"""A sample entry of video before its own boxes: the fields that every one has (14496-12, 12.1.3.2)."""

MOST_INSIDE: Final = 64
"""Boxes beside each other in another one: a dozen is usual."""

TRACK: Final = 1
KEY_FLAGS: Final = 0x02000000
OTHER_FLAGS: Final = 0x01010000
"""Depends on no other sample; depends on others and is no place to begin."""

_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class BadBox(ValueError):
    """These bytes are not the boxes that they should be."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Settings of a decoder. entry: avc1, avc3, hvc1 or hev1. config: the content of its avcC or hvcC."""

    entry: bytes
    config: bytes
    width: int
    height: int
    timescale: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One coded picture. at, lasts, shown_after: in ticks of the timescale."""

    at: int
    lasts: int
    shown_after: int
    is_key: bool
    body: bytes


def inside(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each box. Raises BadBox for one that reaches beyond the end, and for too many."""
    at = count = 0
    while at < len(body):
        size, kind = _header(body, at)
        count += 1
        if size < HEADER_BYTES or at + size > len(body) or count > MOST_INSIDE:
            raise BadBox
        yield kind, body[at + HEADER_BYTES : at + size]
        at += size


def only(body: bytes, *kinds: bytes) -> bytes:
    """Return the content of the one box at a path. Raises BadBox for none, and for several."""
    for kind in kinds:
        found = [content for name, content in inside(body) if name == kind]
        if len(found) != 1:
            raise BadBox
        [body] = found
    return body


def start(picture: Picture) -> bytes:
    """Return the boxes before the first picture: ftyp and moov of one track."""
    config = b"avcC" if picture.entry.startswith(b"avc") else b"hvcC"
    size = struct.pack(">HH", picture.width, picture.height)
    entry = bytes(6) + b"\0\1" + bytes(16) + size + struct.pack(">IIIH", 0x480000, 0x480000, 0, 1)
    entry += bytes(32) + b"\0\x18\xff\xff" + _box(config, picture.config)
    table = _full(b"stsd", struct.pack(">I", 1) + _box(picture.entry, entry))
    tables = table + _full(b"stts", bytes(4)) + _full(b"stsc", bytes(4)) + _full(b"stsz", bytes(8))
    where = _box(b"dinf", _full(b"dref", struct.pack(">I", 1) + _full(b"url ", flags=1)))
    media = _full(b"vmhd", bytes(8), flags=1) + where + _box(b"stbl", tables + _full(b"stco", bytes(4)))
    times = struct.pack(">IIIIHH", 0, 0, picture.timescale, 0, 0x55C4, 0)
    kind = _full(b"hdlr", bytes(4) + b"vide" + bytes(13))
    inner = _box(b"mdia", _full(b"mdhd", times) + kind + _box(b"minf", media))
    place = struct.pack(">IIIII8xHHHH", 0, 0, TRACK, 0, 0, 0, 0, 0, 0) + _MATRIX
    place += struct.pack(">II", picture.width << 16, picture.height << 16)
    track = _box(b"trak", _full(b"tkhd", place, flags=3) + inner)
    movie = struct.pack(">IIIIIH10x", 0, 0, picture.timescale, 0, 0x10000, 0x100) + _MATRIX + bytes(24)
    more = _box(b"mvex", _full(b"trex", struct.pack(">IIIII", TRACK, 1, 0, 0, 0)))
    moov = _full(b"mvhd", movie + struct.pack(">I", TRACK + 1)) + track + more
    return _box(b"ftyp", b"iso5\0\0\2\0iso5iso6mp41") + _box(b"moov", moov)


def fragment(number: int, sample: Sample) -> bytes:
    """Return one picture as a fragment: moof and mdat. number: from 1, one more each time."""
    flags = KEY_FLAGS if sample.is_key else OTHER_FLAGS
    told = struct.pack(">IIIi", sample.lasts, len(sample.body), flags, sample.shown_after)

    def moof(offset: int) -> bytes:
        run = _full(b"trun", struct.pack(">Ii", 1, offset) + told, flags=0x000F01, version=1)
        place = _full(b"tfhd", struct.pack(">I", TRACK), flags=0x020000)
        track = place + _full(b"tfdt", struct.pack(">Q", sample.at), version=1) + run
        return _box(b"moof", _full(b"mfhd", struct.pack(">I", number)) + _box(b"traf", track))

    return moof(len(moof(0)) + HEADER_BYTES) + _box(b"mdat", sample.body)


def _header(body: bytes, at: int) -> tuple[int, bytes]:
    if at + HEADER_BYTES > len(body):
        raise BadBox
    size, kind = struct.unpack_from(">I4s", body, at)
    return size, kind


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", HEADER_BYTES + len(content), kind) + content


def _full(kind: bytes, content: bytes = b"", *, flags: int = 0, version: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + content)
