"""Playlists (RFC 8216): of a CORE, and the one for viewers, which takes over no text of it."""

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LARGEST_BYTES: Final = 8 * 1024
MOST_ENTRIES: Final = 30
LONGEST_SECONDS: Final = 10.0
"""A piece may last this long, for cameras with rare key frames."""

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
    """The body is no playlist that the portal takes. Its text says what it should be."""


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Playlist:
    """Pieces in a row. breaks: new beginnings before them. at: arrival, as Unix seconds; 0 if it was not kept."""

    entries: tuple[Entry, ...]
    breaks: int = 0
    at: float = 0.0


def number_of(name: str) -> int | None:
    """Return the number of a piece by its name, such as "17.ts" or "live17.ts", None for any other name."""
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
            _check_tag(line)
        else:
            entries.append(_entry(line, seconds))
            seconds = None
    return Playlist(_in_a_row(entries))


def write(playlist: Playlist) -> str:
    """Return the playlist that viewers get. It names pieces by number, in its own folder."""
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


def pack(playlist: Playlist) -> str:
    return json.dumps([playlist.at, playlist.breaks, *([entry.number, entry.seconds] for entry in playlist.entries)])


def unpack(text: str | bytes) -> Playlist:
    at, breaks, *entries = json.loads(text)
    return Playlist(tuple(Entry(number, seconds) for number, seconds in entries), breaks, at)


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


def _check_tag(line: str) -> None:
    tag, _colon, value = line.partition(":")
    known = _HEADER.get(tag)
    if known is None or not known.fullmatch(value):
        raise BadPlaylist("A playlist has the tags that the document names, and no others.")


def _entry(line: str, seconds: float | None) -> Entry:
    number = number_of(line)
    if number is None:
        raise BadPlaylist("A playlist names pieces of its own stream, such as 17.ts, and no address.")
    if seconds is None:
        raise BadPlaylist("Each piece has its #EXTINF before it.")
    return Entry(number, seconds)


def _in_a_row(entries: list[Entry]) -> tuple[Entry, ...]:
    if len(entries) > MOST_ENTRIES:
        raise BadPlaylist(f"A playlist lists at most {MOST_ENTRIES} pieces.")
    if any(after.number != before.number + 1 for before, after in pairwise(entries)):
        raise BadPlaylist("The numbers of the pieces follow one another.")
    return tuple(entries)
