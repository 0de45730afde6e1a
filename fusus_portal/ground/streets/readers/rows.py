"""What a file says about streets and addresses, one row at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import Path as PathInZip

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.streets.house_numbers import HouseNumber, house_number

Coordinate = tuple[float, float]
"""Longitude, latitude: degrees."""

Range = tuple[int, int]
"""The first and the last number of a side of a street, along its line."""

ADDRESSES: Final = "addresses"
SWAPPED: Final = gettext_lazy("Latitude and longitude are swapped.")

MOST_COLUMNS: Final = 1_000
"""Columns of a file: the widest of counties have some hundred."""

LONGEST_TEXT: Final = 200
"""Letters of a part of an address. A longer one is none."""

_SHOWN: Final = 60


class Unreadable(Exception):
    """A file that can't be used; the sentence says why, and what to do."""


class BadRow(Exception):
    """A row that is left out; the sentence says why."""


def shown(text: str, most: int = _SHOWN) -> str:
    """Return a text of a file as a sentence may quote it: not long, and of letters that can be shown and kept."""
    tidy = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[: most + 1])
    return tidy if len(tidy) <= most else f"{tidy[:most]}…"


def check_names(names: Sequence[str], file: str) -> None:
    """Raise Unreadable for more columns than any file of addresses has."""
    if len(names) > MOST_COLUMNS:
        told = {"name": shown(file), "number": f"{len(names):,}", "most": f"{MOST_COLUMNS:,}"}
        raise Unreadable(_("%(name)s has %(number)s columns. It may have %(most)s.") % told)


def check_text(text: str) -> None:
    """Raise BadRow for a part of an address with letters that are none, and for one that is too long."""
    if len(text) > LONGEST_TEXT:
        raise BadRow(_("“%(text)s” is too long for a part of an address.") % {"text": shown(text)})
    if not text.isprintable() and any(not each.isprintable() and not each.isspace() for each in text):
        raise BadRow(_("“%(text)s” has letters that can't be shown.") % {"text": shown(text)})


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
        raise BadRow(_("“%(text)s” is not a house number.") % {"text": shown(text)})
    return number


def check_place(longitude: float, latitude: float) -> Coordinate:
    """Return a place in the United States or its territories, as (longitude, latitude). Raises BadRow."""
    if _is_here(longitude, latitude):
        return longitude, latitude
    if _is_here(latitude, longitude):
        raise BadRow(SWAPPED)
    raise BadRow(_("The place is outside the United States. Coordinates must be degrees (WGS 84)."))


def _is_here(longitude: float, latitude: float) -> bool:
    return (-180 <= longitude <= -64 or 144 <= longitude <= 180) and (-15 <= latitude <= 72) and latitude != 0
