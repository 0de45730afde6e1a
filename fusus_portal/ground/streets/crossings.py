"""Crossing streets that distinguish places with the same address line; else the side."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from fusus_portal.ground.geo.points import Point

from .found_places import Found
from .models import Corner

FARTHEST_M: Final = 500.0
"""A crossing farther away does not locate a place."""


def told_apart(found: Sequence[Found]) -> list[Found]:
    """Add to places with the same line a crossing street, or else their position among them."""
    lines = Counter(each.address for each in found)
    beside = [
        crossing_near(each.street, each.point, within_m=FARTHEST_M) if lines[each.address] > 1 and each.street else ""
        for each in found
    ]
    named = Counter(zip((each.address for each in found), beside, strict=True))
    alike: dict[str, list[Point]] = defaultdict(list)
    for each in found:
        alike[each.address].append(each.point)
    return [
        each if lines[each.address] == 1 or not each.street
        else replace(each, beside=name if name and named[each.address, name] == 1 else _side(each, alike[each.address]))
        for each, name in zip(found, beside, strict=True)
    ]  # fmt: skip


def crossing_near(street: int, point: Point, *, within_m: float = math.inf) -> str:
    """Return the closest crossing street's name, or "" beyond `within_m`."""
    corners = Corner.objects.filter(street=street).values_list("other__label", "latitude", "longitude")
    found = ((Point(latitude, longitude).distance_m(point), label) for label, latitude, longitude in corners)
    return min((each for each in found if each[0] < within_m), default=(0.0, ""))[1]


def _side(found: Found, points: Sequence[Point]) -> str:
    """Return a place's rank among those with its line, from the north or the west."""
    latitudes, longitudes = [each.latitude for each in points], [each.longitude for each in points]
    width = (max(longitudes) - min(longitudes)) * math.cos(math.radians(found.point.latitude))
    if max(latitudes) - min(latitudes) >= width:
        number = sorted(latitudes, reverse=True).index(found.point.latitude) + 1
        return _("number %(number)d from the north") % {"number": number}
    number = sorted(longitudes).index(found.point.longitude) + 1
    return _("number %(number)d from the west") % {"number": number}
