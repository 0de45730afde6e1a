"""The Census Bureau's TIGER/Line shapefiles, recognized by their fields.

Source: TIGER/Line Shapefiles Technical Documentation, record layouts of ROADS, EDGES, ADDRFEAT, AREAWATER, LINEARWATER
and AREALM.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from fusus_portal.ground.streets.house_numbers import house_number

from .rows import BadRow, Coordinate, Range, Row, SegmentRow, SiteRow, check_place, check_text

ROADS, EDGES, ADDRFEAT, AREAS, WATER_LINES = "roads", "edges", "addrfeat", "areas", "water lines"
STREETS: Final = (EDGES, ADDRFEAT, ROADS)
"""Kinds with streets; the map prefers the first."""

FIELDS: Final = frozenset(
    {"FULLNAME", "MTFCC", "ROAD_MTFCC", "ROADFLG", "ZIPL", "ZIPR"}
    | {"LFROMADD", "LTOADD", "RFROMADD", "RTOADD", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN"}
)

_CODE: Final = 5
"""Letters of a feature class, and of a ZIP code."""

Parts = Sequence[Sequence[Coordinate]]
Read = Callable[[Sequence[Any], Parts], Iterator[Row]]


def kind_of(fields: Sequence[str]) -> str | None:
    known = {field.upper() for field in fields}
    if {"LFROMHN", "RFROMHN", "FULLNAME"} <= known:
        return ADDRFEAT
    if {"TFIDL", "TFIDR", "MTFCC", "FULLNAME"} <= known:
        return EDGES
    if "ARTPATH" not in known and {"LINEARID", "FULLNAME", "MTFCC"} <= known:
        return ROADS
    if {"ALAND", "AWATER", "FULLNAME", "MTFCC"} <= known:
        return AREAS
    if {"ANSICODE", "FULLNAME", "MTFCC"} <= known:
        return AREAS if "AREAID" in known else WATER_LINES
    return None


def reader(kind: str, fields: Sequence[str]) -> Read:
    """Return the reader of a record: values of some of FIELDS, and the parts of its shape. It raises BadRow."""
    column = {name.upper(): at for at, name in enumerate(fields)}
    if kind in STREETS:
        return _streets(kind, column)
    name, feature = column["FULLNAME"], column["MTFCC"]
    is_area = kind == AREAS
    least = 4 if is_area else 2  # the last corner of an area repeats the first

    def site(values: Sequence[Any], parts: Parts) -> Iterator[Row]:
        rings = [[check_place(x, y) for x, y in part] for part in parts if len(part) >= least]
        if not rings:
            raise BadRow(_("The area has no outline."))
        yield SiteRow(_text(values[name]), _text(values[feature])[:_CODE], rings, is_area)

    return site


def _streets(kind: str, column: dict[str, int]) -> Read:
    name = column["FULLNAME"]
    road = column.get("ROAD_MTFCC", column.get("MTFCC"))
    flag = column.get("ROADFLG")
    zips = column.get("ZIPL"), column.get("ZIPR")
    ends = {EDGES: ("LFROMADD", "LTOADD", "RFROMADD", "RTOADD"), ADDRFEAT: ("LFROMHN", "LTOHN", "RFROMHN", "RTOHN")}
    left_from, left_to, right_from, right_to = (column.get(each) for each in ends.get(kind, ("", "", "", "")))

    def segments(values: Sequence[Any], parts: Parts) -> Iterator[Row]:
        def text(at: int | None) -> str:
            return "" if at is None else _text(values[at])

        of_kind = text(road)[:_CODE] or "S1400"
        if not of_kind.startswith("S") or text(flag) == "N":
            return
        check_text(text(name))
        left, right = _range(text(left_from), text(left_to)), _range(text(right_from), text(right_to))
        for part in parts:
            if len(part) < 2:
                raise BadRow(_("The street has no line."))
            for place in part:
                check_place(*place)
            yield SegmentRow(text(name), of_kind, part, left, right, text(zips[0])[:_CODE], text(zips[1])[:_CODE])

    return segments


def _range(begin: str, end: str) -> Range | None:
    first, last = house_number(begin), house_number(end)
    return (first.number, last.number) if first and last else None


def _text(value: Any) -> str:
    return str(value or "").strip()
