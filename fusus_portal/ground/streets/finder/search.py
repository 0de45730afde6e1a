from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import islice
from operator import attrgetter, or_
from typing import Final

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import Abs, RowNumber

from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.streets.finder import matches
from fusus_portal.ground.streets.finder.blocks import LEFT, RIGHT, Piece, holding, middles, point_at, told_apart
from fusus_portal.ground.streets.finder.index import ADDED, CLOSEST, KnownStreet, StreetIndex, current_index, site_key
from fusus_portal.ground.streets.finder.matches import GOOD, ON_RANGE, SAME, Difference, Found, StreetMatch
from fusus_portal.ground.streets.finder.names import StreetName, plain
from fusus_portal.ground.streets.finder.numbers import HouseNumber
from fusus_portal.ground.streets.finder.readings import Numbers, Reading, corner_of
from fusus_portal.ground.streets.models import DERIVED, Corner, House, Segment

MOST: Final = 7

NEAR: Final = 3
"""Closest numbers offered for a missing one, and streets on which they are offered."""


def find_places(text: str, *, city: str = "", zip_code: str = "") -> list[Found]:
    """Return places that a typed text may mean, the likeliest first; [] before the first load.

    city, zip_code: separate fields of a form. A missing address gives the closest numbers of its street, marked
    `is_near`. The first place is marked `is_sure` if it needs no question.
    """
    index = current_index()
    if index is None or not plain(text):
        return []
    corner = corner_of(text)
    found = _corners(index, *corner) if corner else []
    if found:
        return found[:MOST]
    search = _Search(index, city, zip_code)
    meant = search.meant(text, bent=False)
    found = [*search.places(meant), *_sites(index, text)]
    if min((each.cost for each in found), default=GOOD + 1) > GOOD:
        more = search.meant(text, bent=True)
        found += search.places(more)
        meant = sorted([*meant, *more], key=lambda one: one.cost)
    found = matches.decided(matches.distinct(found))
    if not any(each.against <= GOOD for each in found):
        near = search.near([one for one in meant if one.reading.numbers])
        found += [each for each in near if not any(each.is_same(other) for other in found)]
    return told_apart(found[:MOST])


class _Search:
    """One search for places. city, zip_code: separate fields of a form, or ""."""

    def __init__(self, index: StreetIndex, city: str, zip_code: str) -> None:
        self.index, self.zip_code = index, zip_code.strip()[:5]
        words = plain(city).replace(",", " ").split()
        self.cities = (index.cities.known(words) or index.cities.close(words)) if words else frozenset[str]()
        self.unknown = "" if self.cities else " ".join(words)
        self.has_city = bool(words)

    def meant(self, text: str, *, bent: bool) -> list[StreetMatch]:
        meant: dict[tuple[int, Numbers | None], StreetMatch] = {}
        for reading in self.index.reader.read(text, bent=bent):
            told = self._placed(reading)
            for street, difference in _streets(self.index, told, bent=bent):
                one = StreetMatch(street, told, difference + Difference(told.left_out, told.against))
                known = meant.get((street.pk, told.numbers))
                if known is None or one.cost < known.cost:
                    meant[street.pk, told.numbers] = one
        return sorted(meant.values(), key=lambda one: one.cost)[:CLOSEST]

    def _placed(self, reading: Reading) -> Reading:
        if self.has_city:
            reading = replace(reading, cities=self.cities, unknown=self.unknown)
        return replace(reading, zip_code=self.zip_code) if self.zip_code else reading

    def places(self, meant: Sequence[StreetMatch]) -> list[Found]:
        numbered = [one for one in meant if one.reading.numbers is not None]
        whole = [one for one in meant if one.reading.numbers is None][:MOST]
        houses = list(_houses(self.index, numbered))
        there = {each.street for each in houses}
        # A street's ranges may have the number in another city.
        asked = [one for one in numbered if one.difference.against <= matches.SURE or one.street.pk not in there]
        found = [*houses, *_on_pieces(self.index, asked)]
        return [*_doubted(found, numbered), *_whole(self.index, whole)]

    def near(self, asked: Sequence[StreetMatch]) -> list[Found]:
        """Return the closest numbers on the likeliest streets, but no address that staff added for somebody."""
        by_street = {one.street.pk: one for one in reversed(asked) if not one.numbers.is_block}
        found = []
        for one in sorted(by_street.values(), key=lambda one: one.cost)[:NEAR]:
            found += _near_houses(self.index, one) or _near_ends(self.index, one)
        return found


def _streets(index: StreetIndex, reading: Reading, *, bent: bool) -> list[tuple[KnownStreet, Difference]]:
    name: StreetName = reading.street
    if not name.key:
        return []
    found = [(street, SAME) for street in index.streets.get(name.key, ())]
    if bent:
        found += [(street, Difference(against=3.0 * off)) for street, off in index.close(name.key)]
    elif not reading.unknown:
        more = index.beginning(name.key)
        found += [(street, Difference(against=1.2 + 0.05 * (len(street.name.key) - len(name.key)))) for street in more]
    return [(street, difference + matches.of_streets(name, street.name)) for street, difference in found]


def _doubted(found: Sequence[Found], asked: Sequence[StreetMatch]) -> list[Found]:
    """Make places on streets with a longer name costlier if the street exists whose name was typed."""
    named = {one.street.pk for one in asked if one.is_named}
    if not named or any(each.street in named for each in found):
        return list(found)
    cost, against = matches.NUMBER_ELSEWHERE.cost, matches.NUMBER_ELSEWHERE.against
    return [replace(each, cost=each.cost + cost, against=each.against + against) for each in found]


def _houses(index: StreetIndex, asked: Sequence[StreetMatch]) -> Iterator[Found]:
    by_street: dict[int, list[StreetMatch]] = defaultdict(list)
    for one in asked:
        if not one.numbers.is_block:
            by_street[one.street.pk].append(one)
    if not by_street:
        return
    numbers = {one.numbers.first for many in by_street.values() for one in many}
    columns = ("street_id", "number", "letter", "city", "zip_code", "latitude", "longitude")
    rows = House.objects.filter(street__in=list(by_street), number__in=numbers).values_list(*columns)
    for pk, number, letter, city, zip_code, latitude, longitude in rows:
        for one in by_street[pk]:
            if number != one.numbers.first:
                continue
            is_added = (number, letter, zip_code, latitude, longitude) in index.added
            told = one.difference + (ON_RANGE if is_added else SAME)
            told += SAME if letter == one.numbers.house.letter else matches.OTHER_LETTER
            told += matches.of_places(one.reading, index.cities, zip_codes={zip_code}, city=city)
            label = f"{HouseNumber(number, letter)} {one.street.label}"
            place = Found(label, Point(latitude, longitude), "range" if is_added else "rooftop")
            yield _at(place, one.street, told, city or index.city_of(zip_code), zip_code)


def _at(place: Found, street: KnownStreet, told: Difference, city: str, zip_code: str) -> Found:
    return replace(place, city=city, zip_code=zip_code, cost=told.cost, against=told.against, street=street.pk)


def _on_pieces(index: StreetIndex, asked: Sequence[StreetMatch]) -> Iterator[Found]:
    by_numbers: dict[Numbers, list[int]] = defaultdict(list)
    for one in asked:
        by_numbers[one.numbers].append(one.street.pk)
    if not by_numbers:
        return
    wanted = (Q(street__in=streets) & _holding(numbers) for numbers, streets in by_numbers.items())
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for street, *piece in Segment.objects.filter(reduce(or_, wanted)).values_list("street_id", *Piece._fields):
        pieces[street].append(Piece(*piece))
    for one in asked:
        if one.numbers.is_block:
            yield from _blocks(index, one, pieces[one.street.pk])
        else:
            for piece in pieces[one.street.pk]:
                yield from _between(index, one, piece, one.numbers.house)


def _holding(numbers: Numbers) -> Q:
    """Return the filter of pieces with these numbers; for one number without those made of houses, found as such."""
    holds = holding(numbers.first, numbers.last)
    return holds if numbers.is_block else holds & ~Q(road=DERIVED)


def _blocks(index: StreetIndex, one: StreetMatch, pieces: Sequence[Piece]) -> Iterator[Found]:
    """Yield the middle of a block, once for each place where its street has these numbers."""
    first, last = one.numbers.first, one.numbers.last
    held = [piece for piece in pieces if any(max(side) >= first and min(side) <= last for side in piece.sides)]
    for point, parts in middles(held, first, last):
        codes = {code for piece in parts for code in (piece.left_zip, piece.right_zip) if code}
        zip_code = min(codes, default="")
        told = one.difference + matches.of_places(one.reading, index.cities, zip_codes=codes, city="")
        label = f"{first} block of {one.street.label}"
        yield _at(Found(label, point, "street"), one.street, told, index.city_of(zip_code), zip_code)


def _between(index: StreetIndex, one: StreetMatch, piece: Piece, house: HouseNumber) -> Iterator[Found]:
    number = house.number
    sides = (
        (piece.left_from, piece.left_to, piece.left_zip, LEFT),
        (piece.right_from, piece.right_to, piece.right_zip, RIGHT),
    )
    for begin, end, zip_code, side in sides:
        if begin is None or end is None or not min(begin, end) <= number <= max(begin, end):
            continue
        if begin % 2 == end % 2 and number % 2 != begin % 2:
            continue
        share = (number - begin) / (end - begin) if end != begin else 0.5
        told = one.difference + ON_RANGE
        told += matches.of_places(one.reading, index.cities, zip_codes={zip_code}, city="")
        place = Found(f"{house} {one.street.label}", point_at(bytes(piece.line), share, side), "range")
        yield _at(place, one.street, told, index.city_of(zip_code), zip_code)


def _whole(index: StreetIndex, asked: Sequence[StreetMatch]) -> Iterator[Found]:
    """Yield streets typed without a number, each at the middle of its middle piece."""
    by_street = {one.street.pk: one for one in asked}
    if not by_street:
        return
    pieces = Segment.objects.filter(street__in=list(by_street)).annotate(
        place=Window(RowNumber(), partition_by="street_id", order_by="pk"),
        pieces=Window(Count("pk"), partition_by="street_id"),
    )
    middle = pieces.filter(place=F("pieces") / 2 + 1)
    for pk, line, zip_code in middle.values_list("street_id", "line", "left_zip"):
        one = by_street[pk]
        told = one.difference + ON_RANGE
        place = Found(one.street.label, point_at(bytes(line), 0.5), "street")
        yield _at(place, one.street, told, index.city_of(zip_code), zip_code)


def _near_houses(index: StreetIndex, one: StreetMatch) -> list[Found]:
    """Return a street's address points with the closest numbers, those of the typed ZIP code first."""
    elsewhere = Case(When(zip_code=one.reading.zip_code, then=Value(0)), default=Value(1))
    houses = House.objects.filter(street=one.street.pk).order_by(elsewhere, Abs(F("number") - one.numbers.first))
    near = (house for house in houses[: NEAR + len(index.added)] if attrgetter(*ADDED)(house) not in index.added)
    found = []
    for house in islice(near, NEAR):
        label = f"{HouseNumber(house.number, house.letter)} {one.street.label}"
        place = Found(label, Point(house.latitude, house.longitude), "rooftop", is_near=True)
        city = house.city or index.city_of(house.zip_code)
        found.append(_at(place, one.street, one.difference, city, house.zip_code))
    return found


def _near_ends(index: StreetIndex, one: StreetMatch) -> list[Found]:
    """Return the closest numbers at ends of a street's pieces, those of the typed ZIP code first."""
    rows = Segment.objects.filter(street=one.street.pk).values_list(*Piece._fields)
    ends = [(number, piece) for piece in map(Piece._make, rows) for side in piece.sides for number in side]
    number, even = one.numbers.first, one.numbers.first % 2
    found: dict[tuple[str, str], Found] = {}
    for end, piece in sorted(ends, key=lambda each: abs(each[0] - number) + 2 * (each[0] % 2 != even)):
        for each in _between(index, one, piece, HouseNumber(end)):
            found.setdefault((each.label, each.zip_code), replace(each, is_near=True))
        if len(found) >= 4 * NEAR:
            break
    code = one.reading.zip_code
    return sorted(found.values(), key=lambda each: bool(code) and each.zip_code != code)[:NEAR]


def _corners(index: StreetIndex, one: str, other: str) -> list[Found]:
    found: list[Found] = []
    for bent in (False, True):
        first, second = _named(index, one, bent=bent), _named(index, other, bent=bent)
        columns = ("street_id", "other_id", "latitude", "longitude")
        met = Corner.objects.filter(street__in=list(first), other__in=list(second)).values_list(*columns)
        for pk, other_pk, latitude, longitude in met[:20]:
            street, crossed = first[pk], second[other_pk]
            told = street.difference + crossed.difference
            label = f"{street.street.label} & {crossed.street.label}"
            place = Point(latitude, longitude)
            found.append(Found(label, place, "street", cost=told.cost, against=told.against, street=pk))
        if found:
            break
    return matches.decided(matches.distinct(found))


def _named(index: StreetIndex, text: str, *, bent: bool) -> dict[int, StreetMatch]:
    meant = _Search(index, "", "").meant(text, bent=bent)
    return {one.street.pk: one for one in reversed(meant) if one.reading.numbers is None}


def _sites(index: StreetIndex, text: str) -> Iterator[Found]:
    key = site_key(text)
    if not key or key[0].isdigit():
        return
    for site in islice(index.sites_beginning(key), MOST):
        cost, against = (0.5, 0.0) if site.key == key else (1.5, 1.2)
        yield Found(site.name, site.point, "area", cost=cost, against=against)
