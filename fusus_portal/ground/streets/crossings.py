"""Which street crosses beside a place, where another one has the same line."""

from collections.abc import Sequence
from dataclasses import replace

from fusus_portal.ground.geo.points import Point

from .found_places import Found
from .models import Corner


def told_apart(found: Sequence[Found]) -> list[Found]:
    """Name a street that crosses beside each of those places that have the same line."""
    lines = [each.address for each in found]
    return [
        replace(each, beside=_beside(each)) if lines.count(each.address) > 1 and each.street else each for each in found
    ]


def _beside(found: Found) -> str:
    corners = Corner.objects.filter(street=found.street).values_list("other__label", "latitude", "longitude")
    told = [(Point(latitude, longitude).distance_m(found.point), label) for label, latitude, longitude in corners]
    return min(told, default=(0.0, f"{found.point.latitude:.4f}, {found.point.longitude:.4f}"))[1]
