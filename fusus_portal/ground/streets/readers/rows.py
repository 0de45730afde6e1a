"""What a file says about streets and addresses, one row at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import Path as PathInZip

from django.utils.translation import gettext as _

from fusus_portal.ground.streets.house_numbers import HouseNumber, house_number

Coordinate = tuple[float, float]
"""Longitude, latitude: degrees."""

Range = tuple[int, int]
"""The first and the last number of a side of a street, along its line."""

ADDRESSES: Final = "addresses"


class Unreadable(Exception):
    """A file that can't be used; the sentence says why, and what to do."""


class BadRow(Exception):
    """A row that is left out; the sentence says why."""


class SegmentRow(NamedTuple):
    """A piece of a street. Numbers run along the line; None where a side has none."""

    name: str
    road: str
    line: Sequence[Coordinate]
    left: Range | None = None
    right: Range | None = None
    left_zip: str = ""
    right_zip: str = ""

    @property
    def place(self) -> Coordinate:
        """Where it begins."""
        return self.line[0]


class HouseRow(NamedTuple):
    """An address point. number and letter: as of `HouseNumber`."""

    number: int
    letter: str
    street: str
    city: str
    zip_code: str
    longitude: float
    latitude: float

    @property
    def place(self) -> Coordinate:
        """Where it is."""
        return self.longitude, self.latitude


class SiteRow(NamedTuple):
    """A park, a school, water. rings: of its area, or the points of a line; kind: the feature class (MTFCC)."""

    name: str
    kind: str
    rings: Sequence[Sequence[Coordinate]]
    is_area: bool

    @property
    def place(self) -> Coordinate:
        """Where its outline begins."""
        return self.rings[0][0]


Readable = Path | PathInZip
"""A file, or one inside of a zip file."""

Row = HouseRow | SegmentRow | SiteRow
OnBadRow = Callable[[int, str], None]
"""Told of each row that is left out: its number, counted from 1, and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be loaded: its name, and its rows, which are all of one kind.

    kind: ADDRESSES, or one of `tiger`. count: rows in all, None where that is not known before they are read.
    rows: gives each good row, and tells of each bad one; raises Unreadable where the file turns out to be cut off.
    """

    name: str
    kind: str
    count: int | None
    rows: Callable[[OnBadRow], Iterator[Row]]


def number_of(text: str) -> HouseNumber:
    """Return a house number. Raises BadRow."""
    number = house_number(text)
    if number is None:
        raise BadRow(_("“%(text)s” is not a house number.") % {"text": text})
    return number


def check_place(longitude: float, latitude: float) -> Coordinate:
    """Return a place in the United States or its territories, as (longitude, latitude). Raises BadRow."""
    if _is_here(longitude, latitude):
        return longitude, latitude
    if _is_here(latitude, longitude):
        raise BadRow(_("Latitude and longitude are swapped."))
    raise BadRow(_("The place is outside the United States. Coordinates must be degrees (WGS 84)."))


def _is_here(longitude: float, latitude: float) -> bool:
    return (-180 <= longitude <= -64 or 144 <= longitude <= 180) and (-15 <= latitude <= 72) and latitude != 0
