"""Fragmented MP4 of a CORE (ISO/IEC 14496-12), read strictly, box by box, and written anew as the portal's own."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from integration.live.video import boxes, configs
from integration.live.video.boxes import BadBox, Picture, Sample
from integration.live.video.configs import BadConfig
from integration.live.video.segments import NotVideo

FRAME_BYTES: Final = 1024 * 1024
"""Bytes of the largest picture that a CORE may send."""

MOOV_BYTES: Final = 16 * 1024
MOOF_BYTES: Final = 4 * 1024
PASSED_OVER: Final = {b"ftyp": 1024, b"styp": 1024, b"free": 1024, b"sidx": 1024, b"prft": 1024, b"mfra": 256 * 1024}
"""Boxes that hold nothing to be seen, and their largest sizes."""

MOST_BOXES: Final = 16
"""Boxes from one frame to the next: its own two, and a few that are passed over. Without content they are quick to send
and slow to read."""

LARGEST_SIDE: Final = 8192
MOST_UNITS: Final = 256
"""NAL units of one frame at most: slices, parameter sets, and units that are left out."""

AVC_PICTURES: Final = frozenset(range(1, 6))
AVC_KEYS: Final = frozenset({5})
AVC_KEPT: Final = AVC_PICTURES | {7, 8}
"""Slices and their parameter sets (ITU-T H.264, table 7-1)."""

HEVC_PICTURES: Final = frozenset(range(32))
HEVC_KEYS: Final = frozenset(range(16, 24))
HEVC_KEPT: Final = HEVC_PICTURES | {32, 33, 34}
"""The same of ITU-T H.265, table 7-1."""

TFHD: Final[Mapping[int, str]] = {0x1: ">Q", 0x2: ">I", 0x8: ">I", 0x10: ">I"}
TRUN: Final[Mapping[int, str]] = {0x1: ">i", 0x4: ">I", 0x100: ">I", 0x200: ">I", 0x400: ">I", 0x800: ">i"}
"""Optional fields of these boxes, in their order, by the flag that announces each (14496-12, 8.8.7 and 8.8.8)."""

ONE_FRAME: Final = "Send a fragment (moof and mdat) for each frame, in the order of decoding."
BROKEN: Final = "Send fragmented MP4 (-movflags empty_moov+default_base_moof+frag_every_frame)."
ONE_PICTURE: Final = "Send one picture in H.264 or H.265 and nothing else: no sound, no subtitles, no data."


class FrameTooLarge(ValueError):
    """A frame, or a box about the video, has more bytes than one may have."""


@dataclass(frozen=True, slots=True)
class Init:
    """Settings that a player needs before the first frame. codec: as RFC 6381 writes it."""

    codec: str
    box: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture as a fragment. is_key: a player may begin with it. at: seconds since the first one."""

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
        """Yield each complete box. Raises NotVideo and FrameTooLarge as soon as a forbidden box begins."""
        self._held += part
        while len(self._held) >= boxes.HEADER_BYTES:
            size, kind = struct.unpack_from(">I4s", self._held)
            self._check_size(kind, size)
            if len(self._held) < size:
                break
            content = bytes(self._held[boxes.HEADER_BYTES : size])
            del self._held[:size]
            try:
                yield from self._read(kind, content)
            except (BadBox, struct.error, IndexError) as error:
                raise NotVideo(BROKEN) from error

    def _check_size(self, kind: bytes, size: int) -> None:
        if self._boxes >= MOST_BOXES:
            raise NotVideo(ONE_FRAME)
        largest = {b"moov": MOOV_BYTES, b"moof": MOOF_BYTES, b"mdat": FRAME_BYTES, **PASSED_OVER}.get(kind)
        if largest is None or size < boxes.HEADER_BYTES:
            raise NotVideo(BROKEN)
        if size > largest + boxes.HEADER_BYTES:
            raise FrameTooLarge(f"A frame has at most {FRAME_BYTES} bytes. Let the camera send less.")

    def _read(self, kind: bytes, content: bytes) -> Iterator[Init | Frame]:
        self._boxes = 0 if kind == b"mdat" else self._boxes + 1
        match kind:
            case b"moov" if self._picture is None:
                yield self._begin(content)
            case b"moof" if self._picture is not None and self._moof is None:
                self._moof = content
            case b"mdat" if self._picture is not None and self._moof is not None:
                moof, self._moof = self._moof, None
                yield self._frame(self._picture, moof, content)
            case b"moov" | b"moof" | b"mdat":
                raise NotVideo(ONE_FRAME)

    def _begin(self, moov: bytes) -> Init:
        picture = self._picture = picture_of(moov)
        trex = boxes.only(moov, b"mvex", b"trex")
        self._defaults = struct.unpack_from(">II", trex, 12)
        return Init(codec_of(picture), boxes.start(picture))

    def _frame(self, picture: Picture, moof: bytes, body: bytes) -> Frame:
        at, lasts, shown_after, size = _told(boxes.only(moof, b"traf"), self._defaults)
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
        box = boxes.fragment(self._number, Sample(at, max(1, lasts), shown_after, is_key, kept))
        return Frame(is_key, at / picture.timescale, box)


def picture_of(moov: bytes) -> Picture:
    """Return the settings of a moov's one track. Raises NotVideo for sound, a second track or another codec."""
    tracks = [content for kind, content in boxes.inside(moov) if kind == b"trak"]
    if len(tracks) != 1:
        raise NotVideo(ONE_PICTURE)
    media = boxes.only(tracks[0], b"mdia")
    if boxes.only(media, b"hdlr")[8:12] != b"vide":
        raise NotVideo(ONE_PICTURE)
    times = boxes.only(media, b"mdhd")
    [timescale] = struct.unpack_from(">I", times, 20 if times[0] else 12)
    table = boxes.only(media, b"minf", b"stbl", b"stsd")
    entries = list(boxes.inside(table[8:]))
    kinds = {b"avc1": b"avcC", b"avc3": b"avcC", b"hvc1": b"hvcC", b"hev1": b"hvcC"}
    if len(entries) != 1 or entries[0][0] not in kinds:
        raise NotVideo(ONE_PICTURE)
    [(entry, content)] = entries
    width, height = struct.unpack_from(">HH", content, 24)
    told = boxes.only(content[boxes.ENTRY_BYTES :], kinds[entry])
    sides = 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE
    if not sides or not timescale:
        raise NotVideo(BROKEN)
    try:
        config = configs.hevc(told) if _is_hevc(entry) else configs.avc(told)
    except BadConfig as error:
        raise NotVideo(BROKEN) from error
    return Picture(entry, config, width, height, timescale)


def codec_of(picture: Picture) -> str:
    """Return the codec with its profile and level, such as avc1.42C01E (RFC 6381; 14496-15, annex E)."""
    config, entry = picture.config, picture.entry.decode()
    if not _is_hevc(picture.entry):
        return f"{entry}.{config[1:4].hex().upper()}"
    space, tier, profile = ("", "A", "B", "C")[config[1] >> 6], "LH"[config[1] >> 5 & 1], config[1] & 31
    compatible = int(f"{int.from_bytes(config[2:6], 'big'):032b}"[::-1], 2)
    constraints = config[6:12].rstrip(b"\0")
    more = "".join(f".{byte:X}" for byte in constraints)
    return f"{entry}.{space}{profile}.{compatible:X}.{tier}{config[12]}{more}"


def pictures(body: bytes, picture: Picture) -> tuple[bytes, bool]:
    """Return a frame without SEI (it can hold anything), and True for a key frame. Raises NotVideo."""
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
    """Return a frame's decoding time, duration, display delay, and bytes."""
    time, run = boxes.only(traf, b"tfdt"), boxes.only(traf, b"trun")
    if struct.unpack_from(">I", run, 4) != (1,):
        raise NotVideo(ONE_FRAME)
    [decoded] = struct.unpack_from(">Q" if time[0] else ">I", time, 4)
    usual, own = _fields(boxes.only(traf, b"tfhd"), TFHD), _fields(run, TRUN)
    lasts = own.get(0x100, usual.get(0x8, defaults[0]))
    size = own.get(0x200, usual.get(0x10, defaults[1]))
    return decoded, lasts, own.get(0x800, 0), size


def _fields(box: bytes, layout: Mapping[int, str]) -> dict[int, int]:
    """Return the values of a box, by the flag of each. They follow its first eight bytes."""
    flags, at, found = int.from_bytes(box[1:4], "big"), 8, {}
    for flag, form in layout.items():
        if flags & flag:
            [found[flag]] = struct.unpack_from(form, box, at)
            at += struct.calcsize(form)
    return found


def _is_hevc(entry: bytes) -> bool:
    return entry.startswith(b"h")
