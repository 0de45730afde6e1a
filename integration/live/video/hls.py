"""HLS of a CORE: pieces of MPEG-TS with one picture in H.264 and nothing else (ISO/IEC 13818-1, 2.4), and playlists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

PACKET_BYTES: Final = 188
SYNC: Final = 0x47
H264: Final = 0x1B
PAT_PID: Final = 0
PAT_TABLE: Final = 0x00
PMT_TABLE: Final = 0x02
STARTS: Final = 0x40
"""Bit in the second byte of a packet: a table or a picture begins in it."""

HAS_FIELD: Final = 0x20
HAS_PAYLOAD: Final = 0x10
NULL_PID: Final = 0x1FFF
HEADER_BYTES: Final = 8
"""Bytes of a table's section before its entries."""

CRC_BYTES: Final = 4
TABLES_WITHIN: Final = 64
"""Both tables are in this many packets from the start, or a player could not begin with the piece."""


class NotVideo(ValueError):
    """The body is no video that the portal takes. The error's text says what to send."""


def check(body: bytes) -> None:
    """Raise NotVideo unless a piece has one picture in H.264, and nothing else. A camera is not a microphone."""
    if not body or len(body) % PACKET_BYTES or body[::PACKET_BYTES].strip(bytes([SYNC])):
        raise NotVideo("Send MPEG-TS: packets of 188 bytes, each beginning with 0x47.")
    start = body[: TABLES_WITHIN * PACKET_BYTES]
    programs = _programs(start)
    if len(programs) != 1:
        raise NotVideo("Send one program: the table of programs (PAT) at the start must name it.")
    streams = _streams(start, programs[0])
    if len(streams) != 1 or streams[0][0] != H264:
        raise NotVideo("Send one picture in H.264 and nothing else: no sound, no subtitles, no data.")
    pid = streams[0][1]
    begun = (packet for packet in _packets(body, pid) if packet[1] & STARTS)
    if pid == NULL_PID or not any(_payload(packet).startswith(b"\0\0\1") for packet in begun):
        raise NotVideo("There is no picture in this piece.")


def _programs(start: bytes) -> list[int]:
    """Return the PIDs of the programs' tables. Number 0 in the table of programs is the network, and no program."""
    table = _table(start, PAT_PID, PAT_TABLE)
    entries = [table[at : at + 4] for at in range(0, len(table) - 3, 4)]
    return [_pid(entry[2:]) for entry in entries if entry[:2] != b"\0\0"]


def _streams(start: bytes, pid: int) -> list[tuple[int, int]]:
    table = _table(start, pid, PMT_TABLE)
    if len(table) < 4:
        return []
    at = 4 + _length(table[2:])
    found = []
    while at + 5 <= len(table):
        found.append((table[at], _pid(table[at + 1 :])))
        at += 5 + _length(table[at + 3 :])
    return found


def _table(start: bytes, pid: int, number: int) -> bytes:
    """Return the entries of the first table with this number, or b"". The table must fit into one packet."""
    for packet in _packets(start, pid):
        payload = _payload(packet)
        if not packet[1] & STARTS or not payload:
            continue
        section = payload[1 + payload[0] :]
        if len(section) > HEADER_BYTES and section[0] == number:
            return section[HEADER_BYTES : 3 + _length(section[1:]) - CRC_BYTES]
    return b""


def _packets(body: bytes, pid: int) -> Iterator[bytes]:
    for at in range(0, len(body), PACKET_BYTES):
        packet = body[at : at + PACKET_BYTES]
        if _pid(packet[1:]) == pid:
            yield packet


def _payload(packet: bytes) -> bytes:
    if not packet[3] & HAS_PAYLOAD:
        return b""
    return packet[5 + packet[4] :] if packet[3] & HAS_FIELD else packet[4:]


def _pid(two: bytes) -> int:
    return (two[0] & 0x1F) << 8 | two[1]


def _length(two: bytes) -> int:
    return (two[0] & 0x0F) << 8 | two[1]


LARGEST_BYTES: Final = 8 * 1024
MOST_ENTRIES: Final = 30
LONGEST_SECONDS: Final = 10.0
"""Longest piece of video, for cameras with rare key frames."""

LONGEST_NUMBER: Final = 12
SEGMENT: Final = re.compile(rf"[a-z]{{0,16}}([0-9]{{1,{LONGEST_NUMBER}}})\.ts")
PLAYLIST: Final = re.compile(r"[a-z0-9]{1,16}\.m3u8")
_LENGTH: Final = re.compile(r"#EXTINF:([0-9]{1,2}(?:\.[0-9]{1,9})?),")
_HEADER: Final = {
    "#EXT-X-VERSION": re.compile(r"[1-7]"),
    "#EXT-X-TARGETDURATION": re.compile(r"[0-9]{1,2}"),
    "#EXT-X-MEDIA-SEQUENCE": re.compile(rf"[0-9]{{1,{LONGEST_NUMBER}}}"),
    "#EXT-X-INDEPENDENT-SEGMENTS": re.compile(r""),
    "#EXT-X-ENDLIST": re.compile(r""),
}


class BadPlaylist(ValueError):
    """The body is no playlist that the portal takes. The error's text says what to send."""


class Entry(NamedTuple):
    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Playlist:
    """Pieces in a row. breaks: gaps in the numbers before them. at: arrival, as Unix seconds; 0 before it is stored."""

    entries: tuple[Entry, ...]
    breaks: int = 0
    at: float = 0.0


def number_of(name: str) -> int | None:
    """Return the number of a piece by its file name, such as "17.ts" or "live17.ts"; None for any other name."""
    found = SEGMENT.fullmatch(name)
    return int(found[1]) if found else None


def read(body: bytes) -> Playlist:
    """Return the pieces of a CORE's playlist. Raises BadPlaylist for any other tag, name or address."""
    lines = _lines(body)
    if not lines or lines[0] != "#EXTM3U":
        raise BadPlaylist("A playlist begins with #EXTM3U.")
    entries: list[Entry] = []
    seconds: float | None = None
    for line in lines[1:]:
        if line.startswith("#EXTINF"):
            seconds = _seconds(line)
        elif line.startswith("#"):
            tag, _colon, value = line.partition(":")
            known = _HEADER.get(tag)
            if known is None or not known.fullmatch(value):
                raise BadPlaylist("A playlist has the tags that the document names, and no others.")
        else:
            entries.append(_entry(line, seconds))
            seconds = None
    if len(entries) > MOST_ENTRIES:
        raise BadPlaylist(f"A playlist lists at most {MOST_ENTRIES} pieces.")
    if any(after.number != before.number + 1 for before, after in pairwise(entries)):
        raise BadPlaylist("The numbers of the pieces follow one another.")
    return Playlist(tuple(entries))


def write(playlist: Playlist) -> str:
    """Return the playlist for viewers. It names each piece by its number, in the playlist's own folder."""
    longest = max((entry.seconds for entry in playlist.entries), default=1.0)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        f"#EXT-X-TARGETDURATION:{max(1, round(longest))}",
        f"#EXT-X-MEDIA-SEQUENCE:{playlist.entries[0].number if playlist.entries else 0}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{playlist.breaks}",
    ]
    for entry in playlist.entries:
        lines += [f"#EXTINF:{entry.seconds:.6f},", f"{entry.number}.ts"]
    return "\n".join(lines) + "\n"


def _lines(body: bytes) -> list[str]:
    if len(body) > LARGEST_BYTES:
        raise BadPlaylist(f"A playlist has at most {LARGEST_BYTES} bytes.")
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError as error:
        raise BadPlaylist("A playlist is plain ASCII.") from error
    return [line.rstrip("\r") for line in text.split("\n") if line.strip()]


def _seconds(line: str) -> float:
    found = _LENGTH.fullmatch(line)
    seconds = float(found[1]) if found else 0.0
    if not 0 < seconds <= LONGEST_SECONDS:
        raise BadPlaylist(f"#EXTINF says how many seconds a piece lasts, at most {LONGEST_SECONDS:.0f}, and a comma.")
    return seconds


def _entry(line: str, seconds: float | None) -> Entry:
    number = number_of(line)
    if number is None:
        raise BadPlaylist("A playlist names pieces of its own stream, such as 17.ts, and no address.")
    if seconds is None:
        raise BadPlaylist("Each piece has its #EXTINF before it.")
    return Entry(number, seconds)
