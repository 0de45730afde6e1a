"""The Range header (RFC 9110, section 14): which part of a file a player asks for."""

import re
from dataclasses import dataclass

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
        """How many bytes that is."""
        return self.last - self.first + 1

    @property
    def header(self) -> str:
        """The Content-Range header."""
        return f"bytes {self.first}-{self.last}/{self.size}"


def parse(header: str, size: int) -> ByteRange | None:
    """Return the one range that `header` asks for, or None when the whole file is to be sent.

    A header that is absent, malformed, in another unit or for several ranges is ignored, as RFC 9110 allows.
    Raises Unsatisfiable for a range that starts behind the end.
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    begin, end = match.groups()
    if not begin:
        return _last_bytes(int(end), size)
    first, last = int(begin), min(int(end), size - 1) if end else size - 1
    if end and int(end) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return ByteRange(first, last, size)


def _last_bytes(count: int, size: int) -> ByteRange:
    if count == 0 or size == 0:
        raise Unsatisfiable
    return ByteRange(max(size - count, 0), size - 1, size)
