"""Address points as GeoJSON (RFC 7946), streamed: a collection of features, or a feature a line."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

import ijson
from django.utils.translation import gettext as _

from .points import Columns
from .rows import ADDRESSES, BadRow, Coordinate, HouseRow, OnBadRow, Readable, Source, Unreadable, check_names, shown

LONGEST_FEATURE: Final = 1_000_000
"""Bytes of a feature and everything before it; an address has some hundred."""


def source(path: Readable, columns: Mapping[str, str] | None) -> Source:
    """Open a GeoJSON file. The first feature names the columns. Raises Unreadable."""
    first = next(_features(path), None)
    if first is None:
        raise Unreadable(_("%(name)s holds no feature.") % {"name": shown(path.name)})
    names = list(first["properties"])
    check_names(names, path.name)
    read = Columns(names, given=columns, has_shape=True).placed_rows()

    def rows(on_bad: OnBadRow) -> Iterator[HouseRow]:
        for number, feature in enumerate(_features(path), 1):
            try:
                told = feature["properties"]
                values = ["" if told.get(name) is None else str(told[name]) for name in names]
                yield read(values, _place(feature.get("geometry")))
            except BadRow as bad:
                on_bad(number, str(bad))

    return Source(shown(path.name), ADDRESSES, None, rows)


def _place(shape: Any) -> Coordinate:
    try:
        x, y = shape["coordinates"][:2]
        return float(x), float(y)
    except (TypeError, KeyError, ValueError, OverflowError) as error:
        raise BadRow(_("The address is no point.")) from error


class _TooLong(Exception):
    """A feature without an end within LONGEST_FEATURE."""


class _Reach:
    """A file that reads on only while features end within LONGEST_FEATURE."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.begin()

    def begin(self) -> None:
        self.left = LONGEST_FEATURE

    def read(self, size: int = -1) -> bytes:
        if self.left < 0:
            raise _TooLong
        piece = self.file.read(size)
        self.left -= len(piece)
        return piece


def _features(path: Readable) -> Iterator[dict[str, Any]]:
    count = 0
    try:
        with path.open("rb") as file:
            for feature in _read(file):
                if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
                    raise Unreadable(_("%(name)s is no GeoJSON with features.") % {"name": shown(path.name)})
                yield feature
                count += 1
    except _TooLong as error:
        told = {"name": shown(path.name), "number": f"{count + 1:,}", "most": f"{LONGEST_FEATURE // 1_000_000}"}
        raise Unreadable(
            _("Feature %(number)s of %(name)s has no end within %(most)s MB. An address is a point with some texts.")
            % told
        ) from error
    except (ijson.JSONError, ValueError, RecursionError) as error:
        told = {"name": shown(path.name), "count": f"{count:,}"}
        raise Unreadable(_("%(name)s is cut off, or no GeoJSON, after %(count)s features.") % told) from error


def _read(file: IO[bytes]) -> Iterator[Any]:
    if _has_lines(file):
        yield from (json.loads(line) for line in _lines(file) if line.strip())
        return
    reach = _Reach(file)
    for feature in ijson.items(reach, "features.item", use_float=True):
        yield feature
        reach.begin()


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(LONGEST_FEATURE + 1):
        if len(line) > LONGEST_FEATURE:
            raise _TooLong
        yield line


def _has_lines(file: IO[bytes]) -> bool:
    """True for a feature a line. Leaves the file at its beginning, after a byte order mark."""
    begin = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    file.seek(begin)
    try:
        first = json.loads(file.readline(LONGEST_FEATURE))
    except (ValueError, RecursionError):
        first = None
    file.seek(begin)
    return isinstance(first, dict) and first.get("type") == "Feature"
