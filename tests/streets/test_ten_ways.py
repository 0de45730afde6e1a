"""Addresses are found however people write them: 98 of 100, first, and where they are."""

import random
from collections import Counter

from fusus_portal.demo.data.tiger import Home
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets import finding

from .ways import WAYS, bare, written

SEED = 3
ASKED = 1_000


def test_an_address_is_found_in_ten_ways_of_writing_it(homes: list[Home]) -> None:
    chance = random.Random(SEED)
    twins = Counter(bare(street) for street in {home.street for home in homes})
    missed = []
    for home in chance.sample(homes, ASKED):
        way = chance.choice(WAYS)
        text = written(home, way, chance)
        # Who leaves the direction out can't say which of two is meant.
        first = finding.find(text)[: 2 if way == "no direction" and twins[bare(home.street)] > 1 else 1]
        place = Point(home.latitude, home.longitude)
        if not any(each.point.distance_m(place) <= 30 for each in first):
            missed.append((way, text, home.street, [each.address for each in first]))
    assert len(missed) <= ASKED * 0.02, missed
