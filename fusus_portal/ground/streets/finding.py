"""Finding an address, a block, a corner or a place by name in what the county loaded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice
from operator import attrgetter, or_
from typing import Final, NamedTuple

from django.db.models import Count, F, Q, Window
from django.db.models.functions import Abs, RowNumber

from fusus_portal.ground.geo.points import Point

from .blocks import middles
from .found_places import GOOD, Found
from .house_numbers import HouseNumber
from .lines import LEFT, RIGHT, point_at
from .models import Corner, House, Segment
from .readings import Numbers, Reading, corner_of, readings
from .street_index import ADDED, CLOSEST, KnownStreet, StreetIndex, current
from .street_names import StreetName, compact, plain

MOST: Final = 7
"""How many places are offered."""

RANGE_COST: Final = 0.5
"""A number between those of a block's ends is less sure than an address point."""


class Meant(NamedTuple):
    """A street that a text may mean. cost: how far the street and the reading are from the text."""

    street: KnownStreet
    reading: Reading
    cost: float


class Numbered(NamedTuple):
    """The same with the numbers that the text asks for."""

    street: KnownStreet
    reading: Reading
    cost: float
    numbers: Numbers


class Block(NamedTuple):
    """A piece of a street with numbers, as the database has it."""

    line: bytes
    left_from: int | None
    left_to: int | None
    left_zip: str
    right_from: int | None
    right_to: int | None
    right_zip: str


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
    found = [*_places(index, meant), *_sites(index, text)]
    if min((each.cost for each in found), default=GOOD + 1) > GOOD:
        more = _meant(index, text, bent=True)
        found += _places(index, more)
        meant = sorted([*meant, *more], key=lambda one: one.cost)
    return _best(found)[:most] or _near(index, _numbered(meant))[:most]


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
            if street.pk not in meant or whole < meant[street.pk].cost:
                meant[street.pk] = Meant(street, reading, whole)
    return sorted(meant.values(), key=lambda one: one.cost)[:CLOSEST]


def _places(index: StreetIndex, meant: Sequence[Meant]) -> list[Found]:
    numbered = _numbered(meant)
    whole = [each for each in meant if each.reading.numbers is None]
    houses = dict(_houses(index, numbered))
    blocks = _blocks([each for each in numbered if each.street.pk not in houses])
    between = [each for asked, pieces in blocks for each in _on_blocks(index, asked, pieces)]
    return [*(each for many in houses.values() for each in many), *between, *_whole(index, whole[:MOST])]


def _numbered(meant: Iterable[Meant]) -> list[Numbered]:
    return [Numbered(*each, each.reading.numbers) for each in meant if each.reading.numbers is not None]


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
        is_part = not asked.direction or asked.direction in there.direction.split()
        cost += 0.8 if is_part else 2.5 if not there.direction else 5.0
    elif asked.direction and asked.first != there.first:
        cost += 0.1
    return cost


def _houses(index: StreetIndex, asked: Sequence[Numbered]) -> Iterator[tuple[int, list[Found]]]:
    """Give the address points of each street that has the number."""
    by_street = {each.street.pk: each for each in asked if not each.numbers.is_block}
    if not by_street:
        return
    numbers = {each.numbers.first for each in by_street.values()}
    columns = ("street_id", "number", "letter", "city", "zip_code", "latitude", "longitude")
    rows = House.objects.filter(street__in=list(by_street), number__in=numbers).values_list(*columns)
    found: dict[int, list[Found]] = defaultdict(list)
    for pk, number, letter, city, zip_code, latitude, longitude in rows:
        street, reading, cost, wanted = by_street[pk]
        if number == wanted.first:
            is_added = (number, letter, zip_code, latitude, longitude) in index.added
            cost += RANGE_COST if is_added else 0.0
            cost += 0.0 if letter == wanted.house.letter else 0.3
            cost += _elsewhere(reading, zip_codes={zip_code}, city=city)
            label = f"{HouseNumber(number, letter)} {street.label}"
            precision = "range" if is_added else "rooftop"
            found[pk].append(Found(label, Point(latitude, longitude), precision, city, zip_code, cost))
    yield from found.items()


def _blocks(asked: Sequence[Numbered]) -> list[tuple[Numbered, list[Block]]]:
    """Return the pieces of each street whose numbers hold one that is asked for."""
    by_numbers: dict[tuple[int, int], list[int]] = defaultdict(list)
    for each in asked:
        by_numbers[each.numbers.first, each.numbers.last].append(each.street.pk)
    if not by_numbers:
        return []
    wanted = (Q(street__in=streets) & _holds(*numbers) for numbers, streets in by_numbers.items())
    pieces: dict[int, list[Block]] = defaultdict(list)
    for street, *block in Segment.objects.filter(reduce(or_, wanted)).values_list("street_id", *Block._fields):
        pieces[street].append(Block(*block))
    return [(each, pieces[each.street.pk]) for each in asked if each.street.pk in pieces]


def _holds(begin: int, end: int) -> Q:
    """Return that a piece has one of some numbers on a side, whichever way they run."""
    sides = (("left_from", "left_to"), ("right_from", "right_to"))
    ways = [way for side in sides for way in (side, side[::-1])]
    return reduce(or_, (Q(**{f"{low}__lte": end, f"{high}__gte": begin}) for low, high in ways))


def _on_blocks(index: StreetIndex, asked: Numbered, blocks: Sequence[Block]) -> Iterator[Found]:
    if not asked.numbers.is_block:
        for block in blocks:
            yield from _between(index, asked, block)
        return
    label = f"{asked.numbers.first} block of {asked.street.label}"
    for point, held in middles(blocks, asked.numbers.first, asked.numbers.last):
        codes = {code for block in held for code in (block.left_zip, block.right_zip) if code}
        zip_code = min(codes, default="")
        cost = asked.cost + _elsewhere(asked.reading, zip_codes=codes, city="")
        yield Found(label, point, "street", index.city_of(zip_code), zip_code, cost)


def _between(index: StreetIndex, asked: Numbered, block: Block) -> Iterator[Found]:
    """Give where a number is on a piece of street, on the side that has it."""
    number = asked.numbers.first
    sides = (
        (block.left_from, block.left_to, block.left_zip, LEFT),
        (block.right_from, block.right_to, block.right_zip, RIGHT),
    )
    for begin, end, zip_code, side in sides:
        if begin is None or end is None or not min(begin, end) <= number <= max(begin, end):
            continue
        if begin % 2 == end % 2 and number % 2 != begin % 2:
            continue
        share = (number - begin) / (end - begin) if end != begin else 0.5
        city = index.city_of(zip_code)
        cost = asked.cost + RANGE_COST + _elsewhere(asked.reading, zip_codes={zip_code}, city=city)
        label = f"{asked.numbers.house} {asked.street.label}"
        yield Found(label, point_at(bytes(block.line), share, side), "range", city, zip_code, cost)


def _whole(index: StreetIndex, asked: Sequence[Meant]) -> Iterator[Found]:
    """Give streets without a number, each at the middle of its middle piece."""
    by_street = {each.street.pk: each for each in asked}
    if not by_street:
        return
    pieces = Segment.objects.filter(street__in=list(by_street)).annotate(
        place=Window(RowNumber(), partition_by="street_id", order_by="pk"),
        pieces=Window(Count("pk"), partition_by="street_id"),
    )
    middle = pieces.filter(place=F("pieces") / 2 + 1)
    for pk, line, zip_code in middle.values_list("street_id", "line", "left_zip"):
        each, city = by_street[pk], index.city_of(zip_code)
        cost = each.cost + RANGE_COST
        yield Found(each.street.label, point_at(bytes(line), 0.5), "street", city, zip_code, cost)


def _near(index: StreetIndex, asked: Sequence[Numbered]) -> list[Found]:
    """Return the closest numbers that are there, of the three likeliest streets.

    Addresses that staff added are left out: in a county with ranges alone they would be those of registered people.
    """
    found = []
    by_street = {one.street.pk: one for one in reversed(asked)}
    for street, _reading, cost, numbers in sorted(by_street.values(), key=lambda one: one.cost)[:3]:
        houses = House.objects.filter(street=street.pk).order_by(Abs(F("number") - numbers.first))
        near = (house for house in houses[: 3 + len(index.added)] if attrgetter(*ADDED)(house) not in index.added)
        for house in islice(near, 3):
            label = f"{HouseNumber(house.number, house.letter)} {street.label}"
            point = Point(house.latitude, house.longitude)
            found.append(Found(label, point, "rooftop", house.city, house.zip_code, cost, is_near=True))
    return found


def _corners(index: StreetIndex, one: str, other: str) -> list[Found]:
    found: list[Found] = []
    for bent in (False, True):
        first, second = _named(index, one, bent=bent), _named(index, other, bent=bent)
        columns = ("street_id", "other_id", "latitude", "longitude")
        met = Corner.objects.filter(street__in=list(first), other__in=list(second)).values_list(*columns)
        for pk, other_pk, latitude, longitude in met[:20]:
            (street, cost), (crossed, more) = first[pk], second[other_pk]
            label = f"{street.label} & {crossed.label}"
            found.append(Found(label, Point(latitude, longitude), "street", cost=cost + more))
        if found:
            break
    return _best(found)


def _named(index: StreetIndex, text: str, *, bent: bool) -> dict[int, tuple[KnownStreet, float]]:
    """Return the streets that a text without a number may mean, with how far each is from it."""
    named: dict[int, tuple[KnownStreet, float]] = {}
    for street, reading, cost in _meant(index, text, bent=bent):
        if reading.numbers is None:
            named[street.pk] = street, cost
    return named


def _sites(index: StreetIndex, text: str) -> Iterator[Found]:
    key = compact(text)
    if not key or key[0].isdigit():
        return
    for _offered, site in zip(range(MOST), index.sites_beginning(key), strict=False):
        yield Found(site.name, site.point, "area", cost=0.5 if site.key == key else 1.5)


def _elsewhere(reading: Reading, *, zip_codes: Collection[str], city: str) -> float:
    """Return what it costs to be in another ZIP code or city than the text says."""
    cost = 0.0
    if reading.zip_code and any(zip_codes) and reading.zip_code not in zip_codes:
        cost += 1.5
    if reading.city and city and reading.city != city:
        cost += 1.2
    return cost
