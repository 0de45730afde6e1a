"""Files sent in parts: ranges of bytes, and headers under which no browser renders a file or runs anything in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

PIECE = 256 * 1024
"""Bytes read from a file at a time."""

ONE_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*")


class Unsatisfiable(Exception):
    """No byte of the file is in the range (HTTP 416)."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `first` to `last`, both included, of a file of `size` bytes."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    @property
    def header(self) -> str:
        return f"bytes {self.first}-{self.last}/{self.size}"


def parse_range(header: str, size: int) -> ByteRange | None:
    """Return the range that a Range header asks for, None for the whole file. Raises Unsatisfiable past the file's end.

    A header that is absent, malformed, in another unit or for several ranges is ignored, as RFC 9110 allows.
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    begin, end = match.groups()
    if not begin:
        if not (int(end) and size):
            raise Unsatisfiable
        return ByteRange(max(size - int(end), 0), size - 1, size)
    first, last = int(begin), min(int(end), size - 1) if end else size - 1
    if end and int(end) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return ByteRange(first, last, size)


class Portion:
    def __init__(self, file: BinaryIO, first: int, length: int) -> None:
        self._file = file
        self._left = length
        file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(PIECE, self._left))
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._file.close()


INERT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PRIVATE_HEADERS = {**INERT_HEADERS, "Cache-Control": "private, no-store"}
