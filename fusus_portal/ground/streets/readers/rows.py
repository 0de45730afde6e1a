from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import Path as PathInZip

from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.streets.finder.numbers import HouseNumber, house_number

Coordinate = tuple[float, float]
"""Longitude and latitude in degrees."""

Range = tuple[int, int]
"""First and last house number of one side of a street, in the direction of its line."""

ADDRESSES: Final = "addresses"
SWAPPED: Final = gettext_lazy("Latitude and longitude are swapped.")

MOST_COLUMNS: Final = 1_000
"""Most columns of a file; the widest of counties have some hundred."""

LONGEST_TEXT: Final = 200
"""Most letters of a part of an address; longer ones are refused."""

_SHOWN: Final = 60


class Unreadable(Exception):
    """A file that can't be used; the sentence gives the reason and a remedy."""


class BadRow(Exception):
    """A row of a file that can't be used and is skipped; the sentence gives the reason."""


def shown(text: str, most: int = _SHOWN) -> str:
    """Return a text from a file as sentences quote it: shortened and printable."""
    tidy = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[: most + 1])
    return tidy if len(tidy) <= most else f"{tidy[:most]}…"


def check_names(names: Sequence[str], file: str) -> None:
    if len(names) > MOST_COLUMNS:
        told = {"name": shown(file), "number": f"{len(names):,}", "most": f"{MOST_COLUMNS:,}"}
        raise Unreadable(_("%(name)s has %(number)s columns. It may have %(most)s.") % told)


def check_text(text: str) -> None:
    """Raise BadRow for a text that is too long or not printable."""
    if len(text) > LONGEST_TEXT:
        raise BadRow(_("“%(text)s” is too long for a part of an address.") % {"text": shown(text)})
    if not text.isprintable() and any(not each.isprintable() and not each.isspace() for each in text):
        raise BadRow(_("“%(text)s” has letters that can't be shown.") % {"text": shown(text)})


class SegmentRow(NamedTuple):
    """A piece of a street in a file. left, right: numbers along the line; None for a side without any."""

    name: str
    road: str
    line: Sequence[Coordinate]
    left: Range | None = None
    right: Range | None = None
    left_zip: str = ""
    right_zip: str = ""

    @property
    def place(self) -> Coordinate:
        return self.line[0]


class HouseRow(NamedTuple):
    """An address point in a file. number, letter: as in `HouseNumber`."""

    number: int
    letter: str
    street: str
    city: str
    zip_code: str
    longitude: float
    latitude: float

    @property
    def place(self) -> Coordinate:
        return self.longitude, self.latitude


class SiteRow(NamedTuple):
    """A park, school or water in a file. rings: its outlines, or a line's points. kind: its feature class (MTFCC)."""

    name: str
    kind: str
    rings: Sequence[Sequence[Coordinate]]
    is_area: bool

    @property
    def place(self) -> Coordinate:
        return self.rings[0][0]


Readable = Path | PathInZip

Row = HouseRow | SegmentRow | SiteRow
OnBadRow = Callable[[int, str], None]
"""A function that is told of each skipped row: its number, counted from 1, and the reason."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to load. kind: of its rows, ADDRESSES or a kind of TIGER/Line as in `shapefiles`. count: total, or None.

    rows: yields good rows and reports bad ones; raises Unreadable for a truncated file.
    """

    name: str
    kind: str
    count: int | None
    rows: Callable[[OnBadRow], Iterator[Row]]


def number_of(text: str) -> HouseNumber:
    number = house_number(text)
    if number is None:
        raise BadRow(_("“%(text)s” is not a house number.") % {"text": shown(text)})
    return number


def check_place(longitude: float, latitude: float) -> Coordinate:
    """Return (longitude, latitude) if in the United States or its territories. Raises BadRow."""
    if _is_here(longitude, latitude):
        return longitude, latitude
    if _is_here(latitude, longitude):
        raise BadRow(SWAPPED)
    raise BadRow(_("The place is outside the United States. Coordinates must be degrees (WGS 84)."))


def _is_here(longitude: float, latitude: float) -> bool:
    return (-180 <= longitude <= -64 or 144 <= longitude <= 180) and (-15 <= latitude <= 72) and latitude != 0
