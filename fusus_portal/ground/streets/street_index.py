"""The names of the county's streets and cities, kept in memory while one loading is in use."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .models import House, LoadState, Street, StreetData
from .street_names import StreetName, plain

CLOSEST: Final = 40
"""Most keys that are looked at for one beginning, or one wrong letter."""


@dataclass(frozen=True, slots=True)
class KnownStreet:
    """A street of the loading: its number in the database, its name in parts, and how people read it."""

    pk: int
    name: StreetName
    label: str


class StreetIndex:
    """The streets of one loading by key, exact, by beginning, or with a letter or two wrong."""

    def __init__(self, data: int) -> None:
        self.data = data
        self.streets: dict[str, list[KnownStreet]] = defaultdict(list)
        columns = ("pk", "key", "base", "kind", "direction", "first", "label")
        for pk, key, base, kind, direction, first, label in Street.objects.filter(data=data).values_list(*columns):
            self.streets[key].append(KnownStreet(pk, StreetName(base, kind, direction, first), label))
        self.keys = sorted(self.streets)
        cities = House.objects.filter(data=data).values_list("city", flat=True).order_by().distinct()
        self.cities = {plain(city): city for city in cities if city}

    def exact(self, key: str) -> Sequence[KnownStreet]:
        """Return the streets of a key."""
        return self.streets.get(key, ())

    def beginning(self, key: str) -> list[KnownStreet]:
        """Return streets whose key begins with a text, the shortest keys first; not those of the very key."""
        at = bisect_left(self.keys, key)
        found = []
        while at < len(self.keys) and self.keys[at].startswith(key) and len(found) < 400:
            if self.keys[at] != key:
                found.append(self.keys[at])
            at += 1
        return [street for each in sorted(found, key=len)[:CLOSEST] for street in self.streets[each]]

    def close(self, key: str) -> list[tuple[KnownStreet, int]]:
        """Return streets whose key is a letter or two off, with how many."""
        if len(key) < 3 or key.isdigit():
            return []
        most = 1 if len(key) < 7 else 2
        near = process.extract(key, self.keys, scorer=OSA.distance, score_cutoff=most, limit=CLOSEST)
        return [(street, int(off)) for each, off, _at in near if off for street in self.streets[each]]


def current() -> StreetIndex | None:
    """Return the index of the loading that is in use, None before the first one."""
    data = StreetData.objects.filter(state=LoadState.CURRENT).values_list("pk", flat=True).first()
    return None if data is None else _index(data)


@lru_cache(maxsize=2)
def _index(data: int) -> StreetIndex:
    return StreetIndex(data)
