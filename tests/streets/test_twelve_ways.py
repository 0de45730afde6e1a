"""Addresses of three counties are found in twelve ways of writing them, and none is taken for another one."""

import random
from collections.abc import Iterator

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point, Precision
from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.geocoding import AddressUnclear, geocode
from fusus_portal.ground.streets.readers import open_source
from tests.peers.usaddress_peer import Peer
from tests.worlds import made_for_a_while

from .address_figures import RIGHT_M, figures
from .three_counties import COUNTIES, County, rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize(
        "county",
        [COUNTIES[0], *(pytest.param(each, marks=pytest.mark.long) for each in COUNTIES[1:])],
        ids=[each.name for each in COUNTIES],
        scope="module",
    ),
]


@pytest.fixture(scope="module", autouse=True)
def loaded(
    county: County,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Load a county as its portal would, once for all of its tests."""
    files = county.write(tmp_path_factory.mktemp(county.name))
    with override_settings(COUNTY_FIPS=county.fips):
        yield from made_for_a_while(
            lambda: services.load_streets(sources=[open_source(file) for file in files]), django_db_blocker
        )


def test_an_address_is_found_in_twelve_ways_and_none_is_taken_for_another(county: County) -> None:
    """The benchmark `county.addresses` does the same for a thousand of each."""
    told = figures(county, county.homes(), 50, Peer(rows(county)).find)
    assert not told.wrong
    assert all(told.of(told.found, way) >= 98 for way in told.asked), told.missed
    assert all(told.found[way] >= told.by_peer[way] for way in told.asked), (told.found, told.by_peer)
    assert told.found.total() >= told.by_peer.total() + 0.02 * told.asked.total()


def test_a_zip_code_at_the_county_line_leads_to_the_house(county: County) -> None:
    """The middle of it is in the next county."""
    border = [home for home in county.homes() if home.zip_code in county.border]
    unclear = 0
    for home in random.Random(2).sample(border, 40):  # noqa: S311
        try:
            found = geocode(Address(f"{home.number} {home.street}", home.said, home.state, home.zip_code))
        except AddressUnclear:
            unclear += 1
            continue
        assert found.precision == Precision.ROOFTOP, home
        assert found.point.distance_m(Point(home.place[1], home.place[0])) <= RIGHT_M[county.has_points], home
    assert unclear <= 4


def test_a_number_that_is_not_there_gets_its_neighbors_and_no_pin(county: County) -> None:
    homes = random.Random(3).sample(county.homes(), 50)  # noqa: S311
    for home in homes:
        near = finder.find_places(f"99999 {home.street}, {home.said}, {home.state} {home.zip_code}")
        assert near, home
        assert not any(each.is_exact for each in near), (home, near[0])
        assert any(each.is_near and each.label.endswith(home.street) for each in near), (home, near)
