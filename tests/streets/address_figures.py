"""How many addresses of a county are found, by the way in which they are written."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.finder import search as finder

from .three_counties import County, Home
from .twelve_ways import WAYS, written

SEED = 11
RIGHT_M = {True: 30.0, False: 10.0}
"""How far from an address its place may be: with address points, and on ranges, on the right side of the street."""

Peer = Callable[[str], tuple[float, float] | None]


@dataclass
class Figures:
    """Of addresses by their way: how many were asked for, found, found by a peer; and each that went wrong.

    sure: taken without a question. missed: neither first, nor among the first two and asked. wrong: taken without a
    question for another place.
    """

    asked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    by_peer: Counter[str] = field(default_factory=Counter)
    sure: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, ...]] = field(default_factory=list)
    wrong: list[tuple[str, ...]] = field(default_factory=list)

    def of(self, counted: Counter[str], way: str) -> float:
        """Return how many of 100 were counted in a way."""
        return 100 * counted[way] / self.asked[way]


def figures(county: County, homes: Sequence[Home], number: int, peer: Peer | None = None) -> Figures:
    """Look for a number of addresses in each of twelve ways. Its data is loaded."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    streets = {name for home in homes for name in (home.street, *home.others)}
    told, near_m = Figures(), RIGHT_M[county.has_points]
    for home in chance.sample(homes, number):
        there = Point(home.place[1], home.place[0])
        for way in WAYS:
            text = written(home, way, chance, streets)
            told.asked[way] += 1
            line = way, text, f"{home.street}, {home.said} {home.zip_code}"
            _look(told, line, lambda point, there=there: point.distance_m(there) <= near_m)  # type: ignore[misc]
            if peer and (place := peer(text)):
                told.by_peer[way] += Point(place[1], place[0]).distance_m(there) <= near_m
    return told


def _look(told: Figures, line: tuple[str, str, str], is_there: Callable[[Point], bool]) -> None:
    way, text, _street = line
    found = finder.find_places(text)
    right = [is_there(each.point) for each in found]
    taken = next((each for each in found if each.is_exact), None)
    line_of_it = (*line, *(f"{each.address} {each.cost:.2f}" for each in found[:3]))
    told.sure[way] += taken is not None
    if right[:1] == [True] or (taken is None and any(right[:2])):
        told.found[way] += 1
    else:
        told.missed.append(line_of_it)
    if taken and not is_there(taken.point):
        told.wrong.append(line_of_it)
