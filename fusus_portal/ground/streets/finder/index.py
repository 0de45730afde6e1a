"""Index, in memory, of the streets, cities and named places of the load in use."""

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import Final, NamedTuple

import shapely
from rapidfuzz import process
from rapidfuzz.distance import OSA

from fusus_portal.ground.geo.counties import own_county
from fusus_portal.ground.geo.geocoding import postal_cities
from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point
from fusus_portal.ground.streets.finder import names
from fusus_portal.ground.streets.finder.readings import Reader
from fusus_portal.ground.streets.models import AddedAddress, Segment, Site, Street, StreetData
from fusus_portal.ground.streets.states import LoadState

CLOSEST: Final = 40
"""Most names of streets considered for one typed beginning, or one typo."""

_BEGINNINGS: Final = 400
"""Names looked at for one typed beginning."""


WATER: Final = "H"
"""First letter of the Census Bureau's feature classes (MTFCC) of waters."""

AREA: Final = 2
"""Dimensions of an area; a brook may be a line."""

SHORE_M: Final = 5.0
"""Meters to which a shore is known well enough."""

ADDED: Final = ("number", "letter", "zip_code", "latitude", "longitude")
"""Columns that tell an address added by staff from those of the files."""


class KnownStreet(NamedTuple):
    """A street of the load in use. name: its label, parsed."""

    pk: int
    name: names.StreetName
    label: str


@dataclass(frozen=True, order=True, slots=True)
class KnownSite:
    """A named place, such as a park. key: its name by `site_key`."""

    key: str
    name: str
    point: Point = field(compare=False)


class StreetIndex:
    def __init__(self, data: int) -> None:
        self.data = data
        self.streets: dict[str, list[KnownStreet]] = defaultdict(list)
        for pk, label in Street.objects.filter(data=data).values_list("pk", "label"):
            # Parse the label, not the load's stored parts: text and street must be parsed by the same release.
            name = names.street_name(label)
            self.streets[name.key].append(KnownStreet(pk, name, label))
        self.starts = sorted(self._starts())
        self.by_length: dict[int, list[str]] = defaultdict(list)
        for key in self.streets:
            self.by_length[len(key)].append(key)
        self.cities_of: dict[str, list[str]] = StreetData.objects.values_list("cities", flat=True).get(pk=data)
        postal = {code: postal_cities(code) for code in sorted({*self.cities_of, *_zip_codes(data)} - {""})}
        self.zip_codes = frozenset(postal)
        self.usual_city = {code: cities[0] for code, cities in postal.items() if cities}
        self.cities = names.CityNames(self.cities_of, postal)
        own = own_county()
        self.reader = Reader(self.cities, frozenset({own.state_code.upper(), own.state.upper()}))
        self.added = frozenset(AddedAddress.objects.values_list(*ADDED))
        places = Site.objects.filter(data=data).exclude(key="").values_list("name", "latitude", "longitude")
        self.sites = sorted(
            KnownSite(site_key(name), name, Point(latitude, longitude)) for name, latitude, longitude in places
        )

    def beginning(self, key: str) -> list[KnownStreet]:
        """Return streets that begin with a key but are not equal to it, those with the shortest names first."""
        at = bisect_left(self.starts, (key, ""))
        found = takewhile(lambda each: each[0].startswith(key), self.starts[at : at + _BEGINNINGS])
        ordered = sorted(dict.fromkeys(street_key for _start, street_key in found if street_key != key), key=len)
        return [street for each in ordered[:CLOSEST] for street in self.streets[each]]

    def close(self, key: str) -> list[tuple[KnownStreet, int]]:
        """Return streets whose key is one or two letters off, each with the number of letters."""
        if len(key) < 3 or key.isdigit():
            return []
        most = 1 if len(key) < 7 else 2
        keys = [
            each for length in range(len(key) - most, len(key) + most + 1) for each in self.by_length.get(length, ())
        ]
        near = process.extract(key, keys, scorer=OSA.distance, score_cutoff=most, limit=CLOSEST)
        return [(street, int(off)) for each, off, _at in near if off for street in self.streets[each]]

    def sites_beginning(self, key: str) -> Iterator[KnownSite]:
        at = bisect_left(self.sites, key, key=lambda site: site.key)
        return takewhile(lambda site: site.key.startswith(key), self.sites[at:])

    def water_at(self, point: Point) -> str | None:
        """Return the name of the lake, pond or river that a point is in, "" for one without a name; None on land."""
        named, tree = self.water
        found = tree.query(shapely.Point(point.longitude, point.latitude), predicate="intersects")
        return max((named[at] for at in found.tolist()), default=None)

    @cached_property
    def water(self) -> tuple[list[str], shapely.STRtree]:
        """Names and outlines of the county's waters, simplified by up to SHORE_M. Read when first asked for."""
        rows = Site.objects.filter(data=self.data, road__startswith=WATER, outline__isnull=False)
        found = [(name, shapely.from_wkb(bytes(line or b""))) for name, line in rows.values_list("name", "outline")]
        areas = [(name, shape) for name, shape in found if shapely.get_dimensions(shape) == AREA]
        outlines = [shapely.simplify(shape, SHORE_M / METERS_PER_DEGREE) for _name, shape in areas]
        return [name for name, _shape in areas], shapely.STRtree(outlines)

    def city_of(self, zip_code: str) -> str:
        """Return the city of most addresses of a ZIP code, else the Postal Service's city, or ""."""
        named = self.cities_of.get(zip_code) if zip_code else None
        return named[0] if named else self.usual_city.get(zip_code, "")

    def _starts(self) -> Iterator[tuple[str, str]]:
        """Yield the texts by which a street is found and its key: the key itself, and the whole name if it differs."""
        for key, streets in self.streets.items():
            yield key, key
            for whole in {names.compact(street.label) for street in streets}:
                if not whole.startswith(key):
                    yield whole, key


def site_key(text: str) -> str:
    """Return the name of a place for comparison, its words in full: "Caldwell Pk" as "CALDWELLPARK"."""
    words = names.plain(text).replace("'", "").split()
    whole = (
        names.BEFORE[word]
        if word in names.BEFORE and at + 1 < len(words) and at == 0
        else names.PLACES.get(word) or names.kind_in_full(word)
        for at, word in enumerate(words)
    )
    return names.compact(" ".join(whole))


def _zip_codes(data: int) -> set[str]:
    pieces = Segment.objects.filter(data=data)
    sides = (pieces.values_list(side, flat=True).distinct() for side in ("left_zip", "right_zip"))
    return {code for codes in sides for code in codes}


def current_index() -> StreetIndex | None:
    """Return the index of the load in use, or None before the first one."""
    data = StreetData.objects.filter(state=LoadState.CURRENT).values_list("pk", "loaded_at", "corrections").first()
    if data is None:
        return None
    with _making:
        return _index(*data)


_making = threading.Lock()
"""Lock of building the index: otherwise two first threads would each build one."""


@lru_cache(maxsize=2)
def _index(data: int, _loaded_at: datetime, _corrections: int) -> StreetIndex:
    return StreetIndex(data)
