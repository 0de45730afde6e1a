"""The Census Bureau's TIGER/Line shapefiles, told apart by their fields.

Source: TIGER/Line Shapefiles Technical Documentation, record layouts of ROADS, EDGES, ADDRFEAT, AREAWATER,
LINEARWATER and AREALM.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .rows import BadRow, Coordinate, SegmentRow, SiteRow, check_place

ROADS, EDGES, ADDRFEAT, AREAS, WATER_LINES = "roads", "edges", "addrfeat", "areas", "water lines"
STREETS: Final = (EDGES, ADDRFEAT, ROADS)
"""The kinds that hold streets, the one that the map draws first of all."""


def kind_of(fields: Sequence[str]) -> str | None:
    """Return which of the Census Bureau's files has these fields, None for none of them."""
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


def segments(kind: str, values: Mapping[str, Any], parts: Sequence[Sequence[Coordinate]]) -> Iterator[SegmentRow]:
    """Give the pieces of street that a record holds. Raises BadRow."""
    if kind == EDGES and str(values.get("ROADFLG", "Y")).upper() == "N":
        return
    road = str(values.get("ROAD_MTFCC") or values.get("MTFCC") or "S1400")
    if not road.startswith("S"):
        return
    name = str(values.get("FULLNAME") or "").strip()
    left, right = _ranges(kind, values)
    for part in parts:
        if len(part) < 2:
            raise BadRow("The street has no line.")
        line = [check_place(x, y) for x, y in part]
        yield SegmentRow(name, road, line, left, right, _text(values, "ZIPL"), _text(values, "ZIPR"))


def site(kind: str, values: Mapping[str, Any], parts: Sequence[Sequence[Coordinate]]) -> SiteRow:
    """Return the park, school or water that a record holds. Raises BadRow."""
    rings = [[check_place(x, y) for x, y in part] for part in parts]
    if not rings:
        raise BadRow("The area has no outline.")
    return SiteRow(_text(values, "FULLNAME"), _text(values, "MTFCC"), rings, kind == AREAS)


def _ranges(kind: str, values: Mapping[str, Any]) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    if kind == ADDRFEAT:
        return _range(values, "LFROMHN", "LTOHN"), _range(values, "RFROMHN", "RTOHN")
    if kind == EDGES:
        return _range(values, "LFROMADD", "LTOADD"), _range(values, "RFROMADD", "RTOADD")
    return None, None


def _range(values: Mapping[str, Any], first: str, last: str) -> tuple[int, int] | None:
    begin, end = _text(values, first), _text(values, last)
    return (int(begin), int(end)) if begin.isdigit() and end.isdigit() else None


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(values.get(name) or "").strip()
