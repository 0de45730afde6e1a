"""Fragmented MP4 of a CORE (ISO/IEC 14496-12, 14496-15), read strictly and written anew as the portal's own.

Only coded pictures and their decoder's settings are passed on: no SEI, no trailing bytes.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from integration.live.video.hls import NotVideo

HEADER_BYTES: Final = 8
ENTRY_BYTES: Final = 78
"""Bytes of a video sample entry before the boxes in it: the fields that every entry has (14496-12, 12.1.3.2)."""

MOST_INSIDE: Final = 64
"""Most boxes side by side in another box: a dozen is usual."""

TRACK: Final = 1
KEY_FLAGS: Final = 0x02000000
OTHER_FLAGS: Final = 0x01010000
"""Flags of a key frame, which depends on no other, and of one that depends on others and is no place to begin."""

_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class BadBox(ValueError):
    """The bytes are not the MP4 boxes, or settings of a decoder, that they should be."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Settings of a decoder. entry: avc1, avc3, hvc1 or hev1. config: the content of its avcC or hvcC box."""

    entry: bytes
    config: bytes
    width: int
    height: int
    timescale: int


def boxes_in(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each box. Raises BadBox for one that reaches beyond the end, and for too many boxes."""
    at = count = 0
    while at < len(body):
        if at + HEADER_BYTES > len(body):
            raise BadBox
        size, kind = struct.unpack_from(">I4s", body, at)
        count += 1
        if size < HEADER_BYTES or at + size > len(body) or count > MOST_INSIDE:
            raise BadBox
        yield kind, body[at + HEADER_BYTES : at + size]
        at += size


def only_box(body: bytes, *kinds: bytes) -> bytes:
    """Return the content of the one box at a path of kinds. Raises BadBox for none, and for several."""
    for kind in kinds:
        found = [content for name, content in boxes_in(body) if name == kind]
        if len(found) != 1:
            raise BadBox
        [body] = found
    return body


def first_boxes(picture: Picture) -> bytes:
    """Return the boxes before the first picture: ftyp, and moov with one track."""
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


def fragment_of(number: int, body: bytes, *, at: int, lasts: int, shown_after: int, is_key: bool) -> bytes:
    """Return a coded picture as a fragment (moof, mdat). number: from 1 on. at, lasts, shown_after: in ticks."""
    told = struct.pack(">IIIi", lasts, len(body), KEY_FLAGS if is_key else OTHER_FLAGS, shown_after)

    def moof(offset: int) -> bytes:
        run = _full(b"trun", struct.pack(">Ii", 1, offset) + told, flags=0x000F01, version=1)
        place = _full(b"tfhd", struct.pack(">I", TRACK), flags=0x020000)
        track = place + _full(b"tfdt", struct.pack(">Q", at), version=1) + run
        return _box(b"moof", _full(b"mfhd", struct.pack(">I", number)) + _box(b"traf", track))

    return moof(len(moof(0)) + HEADER_BYTES) + _box(b"mdat", body)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", HEADER_BYTES + len(content), kind) + content


def _full(kind: bytes, content: bytes = b"", *, flags: int = 0, version: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + content)


AVC_HEAD: Final = 5
HEVC_HEAD: Final = 22
HEVC_SETS: Final = frozenset({32, 33, 34})
"""NAL unit types of video, sequence and picture parameter sets (ITU-T H.265, table 7-1)."""


def tidy_avc(config: bytes) -> bytes:
    """Return an avcC reduced to its sequence and picture parameter sets. Raises BadBox."""
    reader = ConfigBytes(config)
    head = reader.take(AVC_HEAD)
    if head[0] != 1:
        raise BadBox
    sequence = [reader.unit() for _each in range(reader.number(1) & 0x1F)]
    picture = [reader.unit() for _each in range(reader.number(1))]
    if not sequence or not picture:
        raise BadBox
    first = [head, bytes([0xE0 | len(sequence)]), *map(_with_length, sequence)]
    return b"".join([*first, bytes([len(picture)]), *map(_with_length, picture)])


def tidy_hevc(config: bytes) -> bytes:
    """Return an hvcC reduced to its parameter sets. Raises BadBox."""
    reader = ConfigBytes(config)
    head = reader.take(HEVC_HEAD)
    if head[0] != 1:
        raise BadBox
    arrays = [(reader.number(1), reader.units()) for _array in range(reader.number(1))]
    kept = [(kind, units) for kind, units in arrays if kind & 0x3F in HEVC_SETS and units]
    body = [head, bytes([len(kept)])]
    for kind, units in kept:
        body += [bytes([kind]), len(units).to_bytes(2, "big"), *map(_with_length, units)]
    return b"".join(body)


class ConfigBytes:
    """Decoder settings, read from their first byte. Each method raises BadBox beyond the last."""

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def take(self, amount: int) -> bytes:
        found = self._body[self._at : self._at + amount]
        if len(found) < amount:
            raise BadBox
        self._at += amount
        return found

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "big")

    def units(self) -> list[bytes]:
        return [self.unit() for _unit in range(self.number(2))]

    def unit(self) -> bytes:
        return self.take(self.number(2))


def _with_length(unit: bytes) -> bytes:
    return len(unit).to_bytes(2, "big") + unit


FRAME_BYTES: Final = 1024 * 1024
"""Bytes of the largest picture that a CORE may send."""

MOOV_BYTES: Final = 16 * 1024
MOOF_BYTES: Final = 4 * 1024
PASSED_OVER: Final = {b"ftyp": 1024, b"styp": 1024, b"free": 1024, b"sidx": 1024, b"prft": 1024, b"mfra": 256 * 1024}
"""Boxes without pictures, which are skipped, and their largest sizes."""

MOST_BOXES: Final = 16
"""Most boxes from one frame to the next: its own two, and a few skipped ones. Empty boxes are slow to read."""

LARGEST_SIDE: Final = 8192
MOST_UNITS: Final = 256
"""Most NAL units of one frame: slices, parameter sets, and units that are left out."""

AVC_PICTURES: Final = frozenset(range(1, 6))
AVC_KEYS: Final = frozenset({5})
AVC_KEPT: Final = AVC_PICTURES | {7, 8}
"""NAL unit types of slices and their parameter sets (ITU-T H.264, table 7-1)."""

HEVC_PICTURES: Final = frozenset(range(32))
HEVC_KEYS: Final = frozenset(range(16, 24))
HEVC_KEPT: Final = HEVC_PICTURES | {32, 33, 34}
"""NAL unit types of slices and their parameter sets (ITU-T H.265, table 7-1)."""

TFHD: Final[Mapping[int, str]] = {0x1: ">Q", 0x2: ">I", 0x8: ">I", 0x10: ">I"}
TRUN: Final[Mapping[int, str]] = {0x1: ">i", 0x4: ">I", 0x100: ">I", 0x200: ">I", 0x400: ">I", 0x800: ">i"}
"""Optional fields of tfhd and trun, in their order, by the flag that announces each (14496-12, 8.8.7 and 8.8.8)."""

ONE_FRAME: Final = "Send a fragment (moof and mdat) for each frame, in the order of decoding."
BROKEN: Final = "Send fragmented MP4 (-movflags empty_moov+default_base_moof+frag_every_frame)."
ONE_PICTURE: Final = "Send one picture in H.264 or H.265 and nothing else: no sound, no subtitles, no data."


class FrameTooLarge(ValueError):
    """A frame, or a box about the video, has more bytes than the portal takes."""


@dataclass(frozen=True, slots=True)
class Init:
    """Settings that a player needs before the first frame. codec: as RFC 6381 writes it."""

    codec: str
    box: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture as a fragment. is_key: a player may begin with it. at: seconds since the stream's first picture."""

    is_key: bool
    at: float
    box: bytes


class Fragments:
    def __init__(self) -> None:
        self._held = bytearray()
        self._picture: Picture | None = None
        self._defaults = (0, 0)
        self._moof: bytes | None = None
        self._first: int | None = None
        self._last = -1
        self._number = 0
        self._boxes = 0

    def feed(self, part: bytes) -> Iterator[Init | Frame]:
        """Take more bytes; yield settings and frames that are complete. Raises NotVideo, FrameTooLarge at a bad box."""
        self._held += part
        while len(self._held) >= HEADER_BYTES:
            size, kind = struct.unpack_from(">I4s", self._held)
            self._check_size(kind, size)
            if len(self._held) < size:
                break
            content = bytes(self._held[HEADER_BYTES:size])
            del self._held[:size]
            try:
                yield from self._read(kind, content)
            except (BadBox, struct.error, IndexError) as error:
                raise NotVideo(BROKEN) from error

    def _check_size(self, kind: bytes, size: int) -> None:
        if self._boxes >= MOST_BOXES:
            raise NotVideo(ONE_FRAME)
        largest = {b"moov": MOOV_BYTES, b"moof": MOOF_BYTES, b"mdat": FRAME_BYTES, **PASSED_OVER}.get(kind)
        if largest is None or size < HEADER_BYTES:
            raise NotVideo(BROKEN)
        if size > largest + HEADER_BYTES:
            raise FrameTooLarge(f"A frame has at most {FRAME_BYTES} bytes. Let the camera send less.")

    def _read(self, kind: bytes, content: bytes) -> Iterator[Init | Frame]:
        self._boxes = 0 if kind == b"mdat" else self._boxes + 1
        match kind:
            case b"moov" if self._picture is None:
                self._picture = picture_of(content)
                self._defaults = struct.unpack_from(">II", only_box(content, b"mvex", b"trex"), 12)
                yield Init(codec_of(self._picture), first_boxes(self._picture))
            case b"moof" if self._picture is not None and self._moof is None:
                self._moof = content
            case b"mdat" if self._picture is not None and self._moof is not None:
                moof, self._moof = self._moof, None
                yield self._frame(self._picture, moof, content)
            case b"moov" | b"moof" | b"mdat":
                raise NotVideo(ONE_FRAME)

    def _frame(self, picture: Picture, moof: bytes, body: bytes) -> Frame:
        at, lasts, shown_after, size = _told(only_box(moof, b"traf"), self._defaults)
        if size != len(body):
            raise NotVideo(ONE_FRAME)
        if self._first is None:
            self._first = at
        at -= self._first
        if at <= self._last:
            raise NotVideo(ONE_FRAME)
        self._last = at
        kept, is_key = pictures(body, picture)
        self._number += 1
        lasts = max(1, lasts)
        box = fragment_of(self._number, kept, at=at, lasts=lasts, shown_after=shown_after, is_key=is_key)
        return Frame(is_key, at / picture.timescale, box)


def picture_of(moov: bytes) -> Picture:
    """Return the decoder settings of a moov's track. Raises NotVideo for sound, a second track or another codec."""
    tracks = [content for kind, content in boxes_in(moov) if kind == b"trak"]
    if len(tracks) != 1:
        raise NotVideo(ONE_PICTURE)
    media = only_box(tracks[0], b"mdia")
    if only_box(media, b"hdlr")[8:12] != b"vide":
        raise NotVideo(ONE_PICTURE)
    times = only_box(media, b"mdhd")
    [timescale] = struct.unpack_from(">I", times, 20 if times[0] else 12)
    table = only_box(media, b"minf", b"stbl", b"stsd")
    entries = list(boxes_in(table[8:]))
    kinds = {b"avc1": b"avcC", b"avc3": b"avcC", b"hvc1": b"hvcC", b"hev1": b"hvcC"}
    if len(entries) != 1 or entries[0][0] not in kinds:
        raise NotVideo(ONE_PICTURE)
    [(entry, content)] = entries
    width, height = struct.unpack_from(">HH", content, 24)
    told = only_box(content[ENTRY_BYTES:], kinds[entry])
    sides = 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE
    if not sides or not timescale:
        raise NotVideo(BROKEN)
    config = tidy_hevc(told) if _is_hevc(entry) else tidy_avc(told)
    return Picture(entry, config, width, height, timescale)


def codec_of(picture: Picture) -> str:
    """Return the codec's name with profile and level, such as avc1.42C01E (RFC 6381; 14496-15, annex E)."""
    config, entry = picture.config, picture.entry.decode()
    if not _is_hevc(picture.entry):
        return f"{entry}.{config[1:4].hex().upper()}"
    space, tier, profile = ("", "A", "B", "C")[config[1] >> 6], "LH"[config[1] >> 5 & 1], config[1] & 31
    compatible = int(f"{int.from_bytes(config[2:6], 'big'):032b}"[::-1], 2)
    constraints = config[6:12].rstrip(b"\0")
    more = "".join(f".{byte:X}" for byte in constraints)
    return f"{entry}.{space}{profile}.{compatible:X}.{tier}{config[12]}{more}"


def pictures(body: bytes, picture: Picture) -> tuple[bytes, bool]:
    """Return a frame without SEI (which can hold anything), and True for a key frame. Raises NotVideo."""
    is_hevc = _is_hevc(picture.entry)
    length = (picture.config[21 if is_hevc else 4] & 3) + 1
    kept, at, is_key, has_picture, units = bytearray(), 0, False, False, 0
    while at < len(body):
        units += 1
        if units > MOST_UNITS:
            raise NotVideo(ONE_FRAME)
        end = at + length + int.from_bytes(body[at : at + length], "big")
        if end > len(body) or end == at + length:
            raise NotVideo(ONE_FRAME)
        kind = body[at + length] >> 1 & 0x3F if is_hevc else body[at + length] & 0x1F
        if kind in (HEVC_KEPT if is_hevc else AVC_KEPT):
            kept += body[at:end]
            is_key = is_key or kind in (HEVC_KEYS if is_hevc else AVC_KEYS)
            has_picture = has_picture or kind in (HEVC_PICTURES if is_hevc else AVC_PICTURES)
        at = end
    if not has_picture:
        raise NotVideo(ONE_FRAME)
    return bytes(kept), is_key


def _told(traf: bytes, defaults: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return a frame's decoding time, duration and display delay in ticks, and its bytes."""
    time, run = only_box(traf, b"tfdt"), only_box(traf, b"trun")
    if struct.unpack_from(">I", run, 4) != (1,):
        raise NotVideo(ONE_FRAME)
    [decoded] = struct.unpack_from(">Q" if time[0] else ">I", time, 4)
    usual, own = _fields(only_box(traf, b"tfhd"), TFHD), _fields(run, TRUN)
    lasts = own.get(0x100, usual.get(0x8, defaults[0]))
    size = own.get(0x200, usual.get(0x10, defaults[1]))
    return decoded, lasts, own.get(0x800, 0), size


def _fields(box: bytes, layout: Mapping[int, str]) -> dict[int, int]:
    """Return the optional fields of a box, by the flag of each. They follow the box's first eight bytes."""
    flags, at, found = int.from_bytes(box[1:4], "big"), 8, {}
    for flag, form in layout.items():
        if flags & flag:
            [found[flag]] = struct.unpack_from(form, box, at)
            at += struct.calcsize(form)
    return found


def _is_hevc(entry: bytes) -> bool:
    return entry.startswith(b"h")
