"""What a file says about streets and addresses, one row at a time."""

import re
from dataclasses import dataclass
from typing import Final

Coordinate = tuple[float, float]
"""Longitude, latitude: degrees."""

_NUMBER: Final = re.compile(r"0*(\d{1,6})(?:\.0+)?(?:[ -]?([A-Z]|\d/\d))?")


class Unreadable(Exception):
    """A file that can't be used; the sentence says why, and what to do."""


class BadRow(Exception):
    """A row that is left out; the sentence says why."""


@dataclass(slots=True)
class SegmentRow:
    """A piece of a street. Numbers run along the line; None where a side has none."""

    name: str
    road: str
    line: list[Coordinate]
    left: tuple[int, int] | None = None
    right: tuple[int, int] | None = None
    left_zip: str = ""
    right_zip: str = ""


@dataclass(slots=True)
class HouseRow:
    """An address point. letter: what follows the number ("A", "1/2")."""

    number: int
    letter: str
    street: str
    city: str
    zip_code: str
    longitude: float
    latitude: float


@dataclass(slots=True)
class SiteRow:
    """A park, a school, water. rings: of its area, or the points of a line; kind: the feature class (MTFCC)."""

    name: str
    kind: str
    rings: list[list[Coordinate]]
    is_area: bool


def number_of(text: str) -> tuple[int, str]:
    """Return a house number and the letter or fraction behind it. Raises BadRow."""
    match = _NUMBER.fullmatch(text.strip().upper())
    if match is None or match[1] == "0":
        raise BadRow(f"“{text}” is not a house number.")
    return int(match[1]), match[2] or ""


def check_place(longitude: float, latitude: float) -> Coordinate:
    """Return a place in the United States or its territories, as (longitude, latitude). Raises BadRow."""
    if _is_here(longitude, latitude):
        return longitude, latitude
    if _is_here(latitude, longitude):
        raise BadRow("Latitude and longitude are swapped.")
    raise BadRow("The place is outside the United States. Coordinates must be degrees (WGS 84).")


def _is_here(longitude: float, latitude: float) -> bool:
    return (-180 <= longitude <= -64 or 144 <= longitude <= 180) and (-15 <= latitude <= 72) and latitude != 0
