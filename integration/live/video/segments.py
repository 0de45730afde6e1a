"""Pieces of video: MPEG-TS with one picture in H.264 and nothing else (ISO/IEC 13818-1, 2.4)."""

from collections.abc import Iterator
from typing import Final

PACKET_BYTES: Final = 188
SYNC: Final = 0x47
H264: Final = 0x1B
PAT_PID: Final = 0
PAT_TABLE: Final = 0x00
PMT_TABLE: Final = 0x02
STARTS: Final = 0x40
"""Set in the second byte of a packet with which a table or a picture begins."""

HAS_FIELD: Final = 0x20
HAS_PAYLOAD: Final = 0x10
NULL_PID: Final = 0x1FFF
HEADER_BYTES: Final = 8
"""From the number of a table to its entries."""

CRC_BYTES: Final = 4
TABLES_WITHIN: Final = 64
"""Both tables are among this many packets from the start, or a player could not begin with this piece."""


class NotVideo(ValueError):
    """The body is no piece of video that the portal takes. Its text says what it should be."""


def check(body: bytes) -> None:
    """Raise NotVideo unless these are packets with one picture in H.264. No sound: a camera is not a microphone."""
    if not body or len(body) % PACKET_BYTES or body[::PACKET_BYTES].strip(bytes([SYNC])):
        raise NotVideo("Send MPEG-TS: packets of 188 bytes, each beginning with 0x47.")
    start = body[: TABLES_WITHIN * PACKET_BYTES]
    programs = _programs(start)
    if len(programs) != 1:
        raise NotVideo("Send one program: the table of programs (PAT) at the start must name it.")
    streams = _streams(start, programs[0])
    if len(streams) != 1 or streams[0][0] != H264:
        raise NotVideo("Send one picture in H.264 and nothing else: no sound, no subtitles, no data.")
    if not _has_picture(body, streams[0][1]):
        raise NotVideo("There is no picture in this piece.")


def _programs(start: bytes) -> list[int]:
    """Return the PIDs at which programs are described. Number 0 is the network's, and no program."""
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
    """Return the entries of the first table with this number, or b"". It must fit into one packet."""
    for packet in _packets(start, pid):
        payload = _payload(packet)
        if not packet[1] & STARTS or not payload:
            continue
        section = payload[1 + payload[0] :]
        if len(section) > HEADER_BYTES and section[0] == number:
            return section[HEADER_BYTES : 3 + _length(section[1:]) - CRC_BYTES]
    return b""


def _has_picture(body: bytes, pid: int) -> bool:
    return pid != NULL_PID and any(
        packet[1] & STARTS and _payload(packet).startswith(b"\0\0\1") for packet in _packets(body, pid)
    )


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
