"""Finding an address, a block, a corner or a place by name in what the county loaded."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from django.db.models import F, Q
from django.db.models.functions import Abs

from fusus_portal.ground.geo.points import METERS_PER_DEGREE, Point

from .models import Corner, House, Segment, Site
from .readings import Reading, corner_of, readings
from .street_index import CLOSEST, KnownStreet, StreetIndex, current
from .street_names import StreetName, plain

MOST: Final = 7
"""How many places are offered."""

BESIDE_M: Final = 8.0
"""How far beside the middle of its street a house on a range is shown, in meters."""

GOOD: Final = 2.0
"""A place of at most this cost was surely meant: nothing with wrong letters is looked for."""


Meant = tuple[KnownStreet, Reading, float]
"""A street that a text may mean, how the text was read, and how far both are from it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a text may mean.

    precision: "rooftop" on an address point, "range" between the numbers of a block, "street" for a corner, a block
    or a street alone, "area" for a place by name. cost: how far it is from what was typed, 0 for the same.
    is_near: the number is not there, and this is the closest one that is.
    """

    label: str
    point: Point
    precision: str
    city: str = ""
    zip_code: str = ""
    cost: float = 0.0
    is_near: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether this is surely the address that was typed."""
        return self.precision in {"rooftop", "range"} and self.cost <= GOOD and not self.is_near

    @property
    def address(self) -> str:
        """The whole line: street, city and ZIP code."""
        return ", ".join(filter(None, (self.label, " ".join(filter(None, (self.city, self.zip_code))))))


def find(text: str, *, most: int = MOST) -> list[Found]:
    """Return the places that a text may mean, the likeliest first; none before the first loading.

    An address that is not there gives the closest numbers of its street, marked `is_near`.
    """
    index = current()
    if index is None or not plain(text):
        return []
    corner = corner_of(text)
    found = _corners(index, *corner) if corner else []
    if found:
        return found[:most]
    meant = _meant(index, text, bent=False)
    found = [*_addresses(meant), *_sites(index, text)]
    if not found or min(each.cost for each in found) > GOOD:
        bent = _meant(index, text, bent=True)
        found = [*found, *_addresses(bent)]
        meant = sorted([*meant, *bent], key=lambda one: one[2])
    return _best(found)[:most] or _near(meant)[:most]


def _best(found: Iterable[Found]) -> list[Found]:
    """Return what was found without repeats, the likeliest first. A point is better than the same number on a range."""
    kept: dict[tuple[str, str], Found] = {}
    for each in sorted(found, key=lambda each: (each.cost, each.address)):
        kept.setdefault((each.label, each.zip_code), each)
    return list(kept.values())


def _meant(index: StreetIndex, text: str, *, bent: bool) -> list[Meant]:
    """Return the streets that a text may mean, each by its likeliest reading, the likeliest first."""
    meant: dict[int, Meant] = {}
    for reading in readings(text, index.cities, bent=bent):
        for street, cost in _streets(index, reading.street, bent=bent):
            whole = cost + reading.cost
            if street.pk not in meant or whole < meant[street.pk][2]:
                meant[street.pk] = street, reading, whole
    return sorted(meant.values(), key=lambda one: one[2])[:CLOSEST]


def _addresses(meant: Sequence[Meant]) -> list[Found]:
    numbered = [each for each in meant if each[1].number is not None]
    whole = [each for each in meant if each[1].number is None]
    return [*_houses(numbered), *_on_ranges(numbered), *_whole(whole[:MOST])]


def _streets(index: StreetIndex, name: StreetName, *, bent: bool) -> list[tuple[KnownStreet, float]]:
    """Return the streets that a name may mean, with how far each is from it."""
    if not name.key:
        return []
    found = [(street, _cost(name, street.name)) for street in index.exact(name.key)]
    if not bent:
        more = [(street, 1 + 0.05 * (len(street.name.key) - len(name.key))) for street in index.beginning(name.key)]
    else:
        more = [(street, 3.0 * off) for street, off in index.close(name.key)]
    return found + [(street, cost + _cost(name, street.name)) for street, cost in more]


def _cost(asked: StreetName, there: StreetName) -> float:
    """Return how far the kind and the direction of a street are from those asked for."""
    cost = 0.0
    if asked.kind != there.kind:
        cost += 0.6 if not asked.kind else 2.0 if not there.kind else 4.0
    if asked.direction != there.direction:
        cost += 0.8 if not asked.direction else 2.5 if not there.direction else 5.0
    elif asked.direction and asked.first != there.first:
        cost += 0.1
    return cost


def _houses(asked: Sequence[Meant]) -> list[Found]:
    by_street = {street.pk: (street, reading, cost) for street, reading, cost in asked if not reading.is_block}
    if not by_street:
        return []
    numbers = {reading.number for _street, reading, _cost in by_street.values()}
    columns = ("street_id", "number", "letter", "city", "zip_code", "latitude", "longitude")
    rows = House.objects.filter(street__in=list(by_street), number__in=numbers).values_list(*columns)
    found = []
    for pk, number, letter, city, zip_code, latitude, longitude in rows:
        street, reading, cost = by_street[pk]
        if number == reading.number:
            cost += 0.0 if letter == reading.letter else 0.3
            cost += _elsewhere(reading, zip_codes={zip_code}, city=city)
            label = f"{number}{' ' if '/' in letter else ''}{letter} {street.label}"
            found.append(Found(label, Point(latitude, longitude), "rooftop", city, zip_code, cost))
    return found


def _on_ranges(asked: Sequence[Meant]) -> list[Found]:
    by_number: dict[tuple[int, int], dict[int, Meant]] = defaultdict(dict)
    for street, reading, cost in asked:
        assert reading.number is not None
        last = reading.number + (99 if reading.is_block else 0)
        by_number[reading.number, last][street.pk] = street, reading, cost
    found = []
    for (begin, end), by_street in by_number.items():
        left = Q(left_from__lte=end, left_to__gte=begin) | Q(left_to__lte=end, left_from__gte=begin)
        right = Q(right_from__lte=end, right_to__gte=begin) | Q(right_to__lte=end, right_from__gte=begin)
        blocks: dict[int, list[Segment]] = defaultdict(list)
        for segment in Segment.objects.filter(left | right, street__in=list(by_street)):
            assert segment.street_id is not None
            street, reading, cost = by_street[segment.street_id]
            if reading.is_block:
                blocks[segment.street_id].append(segment)
            else:
                found.extend(_on_segment(segment, street, reading, cost))
        for pk, segments in blocks.items():
            found.append(_block(segments, *by_street[pk]))
    return found


def _on_segment(segment: Segment, street: KnownStreet, reading: Reading, cost: float) -> Iterable[Found]:
    assert reading.number is not None
    sides = (
        (segment.left_from, segment.left_to, segment.left_zip, 1),
        (segment.right_from, segment.right_to, segment.right_zip, -1),
    )
    for begin, end, zip_code, side in sides:
        if begin is None or end is None or not min(begin, end) <= reading.number <= max(begin, end):
            continue
        if begin % 2 == end % 2 and reading.number % 2 != begin % 2:
            continue
        share = (reading.number - begin) / (end - begin) if end != begin else 0.5
        point = _beside(bytes(segment.line), share, side)
        more = 0.5 + _elsewhere(reading, zip_codes={zip_code}, city="")
        yield Found(f"{reading.number} {street.label}", point, "range", "", zip_code, cost + more)


def _block(segments: Sequence[Segment], street: KnownStreet, reading: Reading, cost: float) -> Found:
    longest = max(segments, key=lambda segment: shapely.from_wkb(bytes(segment.line)).length)
    codes = {code for segment in segments for code in (segment.left_zip, segment.right_zip) if code}
    cost += _elsewhere(reading, zip_codes=codes, city="")
    point = _beside(bytes(longest.line), 0.5, 0)
    label = f"{reading.number} block of {street.label}"
    return Found(label, point, "street", "", min(codes, default=""), cost)


def _whole(asked: Sequence[Meant]) -> list[Found]:
    """Return streets without a number, each at the middle of its middle piece."""
    by_street = {street.pk: (street, cost) for street, _reading, cost in asked}
    pieces: dict[int, list[Segment]] = defaultdict(list)
    for segment in Segment.objects.filter(street__in=by_street).order_by("pk"):
        pieces[segment.street_id or 0].append(segment)
    found = []
    for pk, segments in pieces.items():
        street, cost = by_street[pk]
        middle = segments[len(segments) // 2]
        found.append(
            Found(street.label, _beside(bytes(middle.line), 0.5, 0), "street", "", middle.left_zip, cost + 0.5)
        )
    return found


def _near(meant: Sequence[Meant]) -> list[Found]:
    """Return the closest numbers that are there, of the three likeliest streets."""
    found = []
    for street, reading, cost in [each for each in meant if each[1].number is not None][:3]:
        for house in House.objects.filter(street=street.pk).order_by(Abs(F("number") - reading.number))[:3]:
            label, point = f"{house.number}{house.letter} {street.label}", Point(house.latitude, house.longitude)
            found.append(Found(label, point, "rooftop", house.city, house.zip_code, cost, is_near=True))
    return found


def _corners(index: StreetIndex, one: str, other: str) -> list[Found]:
    found = []
    for bent in (False, True):
        first, second = _named(index, one, bent=bent), _named(index, other, bent=bent)
        for corner in Corner.objects.filter(street__in=first, other__in=second)[:20]:
            (street, cost), (crossed, more) = first[corner.street_id], second[corner.other_id]
            point = Point(corner.latitude, corner.longitude)
            found.append(Found(f"{street.label} & {crossed.label}", point, "street", cost=cost + more))
        if found:
            break
    return _best(found)


def _named(index: StreetIndex, text: str, *, bent: bool) -> dict[int, tuple[KnownStreet, float]]:
    named: dict[int, tuple[KnownStreet, float]] = {}
    for reading in readings(text, index.cities, bent=bent):
        if reading.number is not None:
            continue
        for street, cost in _streets(index, reading.street, bent=bent):
            if street.pk not in named or named[street.pk][1] > cost + reading.cost:
                named[street.pk] = street, cost + reading.cost
    return named


def _sites(index: StreetIndex, text: str) -> list[Found]:
    key = plain(text).replace(" ", "")[:120]
    if key[:1].isdigit():
        return []
    found = []
    for site in Site.objects.filter(data=index.data, key__startswith=key).exclude(key="")[:MOST]:
        cost = 0.5 if site.key == key else 1.5
        found.append(Found(site.name, Point(site.latitude, site.longitude), "area", cost=cost))
    return found


def _elsewhere(reading: Reading, *, zip_codes: Collection[str], city: str) -> float:
    cost = 0.0
    if reading.zip_code and any(zip_codes) and reading.zip_code not in zip_codes:
        cost += 1.5
    if reading.city and city and reading.city != city:
        cost += 1.2
    return cost


def _beside(line: bytes, share: float, side: int) -> Point:
    """Return the point at a share of a line, beside it. side: 1 left, -1 right, 0 on it."""
    shape = shapely.from_wkb(line)
    middle = shapely.line_interpolate_point(shape, share, normalized=True)
    if not side:
        return Point(middle.y, middle.x)
    along = max(shape.length * 0.01, 1e-7)
    at = shape.length * share
    before = shapely.line_interpolate_point(shape, max(at - along, 0))
    after = shapely.line_interpolate_point(shape, min(at + along, shape.length))
    narrow = math.cos(math.radians(middle.y))
    east, north = (after.x - before.x) * narrow, after.y - before.y
    length = math.hypot(east, north) or 1.0
    off = BESIDE_M / METERS_PER_DEGREE * side
    return Point(middle.y + off * east / length, middle.x - off * north / length / narrow)
