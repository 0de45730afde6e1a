"""The names of the county's streets, cities and places, kept in memory while one loading is in use."""

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from fusus_portal.ground.geo.points import Point

from .models import AddedAddress, Site, Street, StreetData
from .states import LoadState
from .street_names import StreetName, compact, plain

CLOSEST: Final = 40
"""Most streets that are looked at for one beginning, or one wrong letter."""

_BEGINNINGS: Final = 400
"""Most names with one beginning that are put in order."""


ADDED: Final = ("number", "letter", "zip_code", "latitude", "longitude")
"""By what an address that staff added is known among those of the files."""


class KnownStreet(NamedTuple):
    """A street of the loading: its number in the database, its name in parts, and how people read it."""

    pk: int
    name: StreetName
    label: str


class KnownSite(NamedTuple):
    """A place by name."""

    key: str
    name: str
    point: Point


class StreetIndex:
    """The streets of one loading by key, exact, by beginning, or with a letter or two wrong."""

    def __init__(self, data: int) -> None:
        self.data = data
        self.streets: dict[str, list[KnownStreet]] = defaultdict(list)
        columns = ("pk", "key", "base", "kind", "direction", "first", "label")
        for pk, key, base, kind, direction, first, label in Street.objects.filter(data=data).values_list(*columns):
            self.streets[key].append(KnownStreet(pk, StreetName(base, kind, direction, first), label))
        self.starts = sorted(self._starts())
        self.by_length: dict[int, list[str]] = defaultdict(list)
        for key in self.streets:
            self.by_length[len(key)].append(key)
        self.cities_of: dict[str, list[str]] = StreetData.objects.values_list("cities", flat=True).get(pk=data)
        self.cities = {plain(city): city for cities in self.cities_of.values() for city in cities}
        named = Site.objects.filter(data=data).exclude(key="").order_by("key", "pk")
        places = named.values_list("key", "name", "latitude", "longitude")
        self.added = frozenset(AddedAddress.objects.values_list(*ADDED))
        self.sites = [KnownSite(key, name, Point(latitude, longitude)) for key, name, latitude, longitude in places]

    def exact(self, key: str) -> Sequence[KnownStreet]:
        """Return the streets of a key."""
        return self.streets.get(key, ())

    def beginning(self, key: str) -> list[KnownStreet]:
        """Return streets that begin with a text, the shortest names first; not those of the very key."""
        at = bisect_left(self.starts, (key, ""))
        found = []
        for start, street_key in self.starts[at : at + _BEGINNINGS]:
            if not start.startswith(key):
                break
            if street_key != key:
                found.append(street_key)
        ordered = sorted(dict.fromkeys(found), key=len)
        return [street for each in ordered[:CLOSEST] for street in self.streets[each]]

    def close(self, key: str) -> list[tuple[KnownStreet, int]]:
        """Return streets whose key is a letter or two off, with how many."""
        if len(key) < 3 or key.isdigit():
            return []
        most = 1 if len(key) < 7 else 2
        keys = [
            each for length in range(len(key) - most, len(key) + most + 1) for each in self.by_length.get(length, ())
        ]
        near = process.extract(key, keys, scorer=OSA.distance, score_cutoff=most, limit=CLOSEST)
        return [(street, int(off)) for each, off, _at in near if off for street in self.streets[each]]

    def sites_beginning(self, key: str) -> Iterator[KnownSite]:
        """Give the places whose key begins with a text, in order."""
        for site in self.sites[bisect_left(self.sites, key, key=lambda site: site.key) :]:
            if not site.key.startswith(key):
                return
            yield site

    def city_of(self, zip_code: str) -> str:
        """Return the city that most addresses of a ZIP code have, "" where none is known."""
        return self.cities_of.get(zip_code, [""])[0] if zip_code else ""

    def _starts(self) -> Iterator[tuple[str, str]]:
        """Give each beginning that leads to a key: the key, and the whole name where that begins otherwise."""
        for key, streets in self.streets.items():
            yield key, key
            for whole in {compact(street.label) for street in streets}:
                if not whole.startswith(key):
                    yield whole, key


def current() -> StreetIndex | None:
    """Return the index of the loading that is in use, None before the first one."""
    data = StreetData.objects.filter(state=LoadState.CURRENT).values_list("pk", "loaded_at", "corrections").first()
    if data is None:
        return None
    with _making:
        return _index(*data)


_making = threading.Lock()
"""Two threads that ask first would each make the index."""


@lru_cache(maxsize=2)
def _index(data: int, _loaded_at: datetime, _corrections: int) -> StreetIndex:
    return StreetIndex(data)
