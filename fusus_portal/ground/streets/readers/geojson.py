"""Address points as GeoJSON (RFC 7946), read as a stream: a collection of features, or one feature a line."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

import ijson
from django.utils.translation import gettext as _

from .points import Columns
from .rows import ADDRESSES, BadRow, Coordinate, HouseRow, OnBadRow, Readable, Source, Unreadable

_LONGEST_LINE: Final = 1_000_000
"""Bytes of a line of a file with one feature a line. A longer one is a collection without line breaks."""


def source(path: Readable, columns: Mapping[str, str] | None) -> Source:
    """Open a GeoJSON file. The first feature names the columns. Raises Unreadable."""
    first = next(_features(path), None)
    if first is None:
        raise Unreadable(_("%(name)s holds no feature.") % {"name": path.name})
    names = list(first["properties"])
    read = Columns(names, given=columns, has_shape=True).placed_rows()

    def rows(on_bad: OnBadRow) -> Iterator[HouseRow]:
        for number, feature in enumerate(_features(path), 1):
            try:
                told = feature["properties"]
                values = ["" if told.get(name) is None else str(told[name]) for name in names]
                yield read(values, _place(feature.get("geometry")))
            except BadRow as bad:
                on_bad(number, str(bad))

    return Source(path.name, ADDRESSES, None, rows)


def _place(shape: Any) -> Coordinate:
    try:
        x, y = shape["coordinates"][:2]
        return float(x), float(y)
    except (TypeError, KeyError, ValueError) as error:
        raise BadRow(_("The address is no point.")) from error


def _features(path: Readable) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            for feature in _read(file):
                if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
                    raise Unreadable(_("%(name)s is no GeoJSON with features.") % {"name": path.name})
                yield feature
    except (ijson.JSONError, ValueError) as error:
        raise Unreadable(_("%(name)s is cut off, or no GeoJSON.") % {"name": path.name}) from error


def _read(file: IO[bytes]) -> Iterator[Any]:
    if _has_lines(file):
        return (json.loads(line) for line in _lines(file) if line.strip())
    return iter(ijson.items(file, "features.item", use_float=True))


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise ValueError("a line is too long for one feature")
        yield line


def _has_lines(file: IO[bytes]) -> bool:
    """Return whether a file has one feature a line; leave it at its beginning, after a byte order mark."""
    begin = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    file.seek(begin)
    try:
        first = json.loads(file.readline(_LONGEST_LINE))
    except ValueError:
        first = None
    file.seek(begin)
    return isinstance(first, dict) and first.get("type") == "Feature"
