"""Addresses of three counties are found in twelve ways of writing them, beside what two libraries find."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from bench.page import Found, Limit, Section, Table
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.streets import services as streets
from fusus_portal.ground.streets.readers import open_source
from tests.peers.usaddress_peer import Peer
from tests.streets.address_figures import Figures, figures
from tests.streets.three_counties import COUNTIES, County, rows
from tests.streets.twelve_ways import WAYS

ASKED = 1_000

FOUND = "found in the worst way, of 100"
WRONG = "taken without a question for another address"
AHEAD = "found beyond the peer, of 100 in all ways"
BEHIND = "found beyond the peer in its best way, of 100 of all counties"
SECTION = Section(
    "Addresses of counties",
    f"""{ASKED:,} addresses of each of three counties that never were are looked for in {len(WAYS)} ways of writing
    them. Valley has address points with cities, some of whose names are alike; hollow has ranges of the Census with ZIP
    codes alone, rural roads, routes and roads with two names; grid has the points of a city in which each street is
    there by two or four directions. An address is found if it is the first of what is offered, or among the first two
    while the portal asks which one is meant, and at most 30 m off (10 m on ranges). Sure are those that it takes
    without a question. The peer reads the same rows with usaddress and rapidfuzz (`tests/peers/usaddress_peer.py`).
    docs/decisions/ground/streets.md says how addresses are read. Of whole addresses without a slip both find all, so
    nobody is ahead there.""",
    {
        FOUND: Limit("Two of 100 may be beyond recognition.", least=98),
        WRONG: Limit("A letter would go there, or a deputy.", most=0),
        BEHIND: Limit("What two libraries do in forty lines is no reason for a finder of our own.", least=0),
        AHEAD: Limit(
            "Each of them is an owner whose place is not on the map, or a call without its incident.", least=3
        ),
    },
)


def main(server: Postgres) -> Found:
    """Load each county into a fresh database, and look for its addresses."""
    told = {county.name: asked(server, county) for county in COUNTIES}
    lines = [
        (way, *(share for each in told.values() for share in (each.of(each.found, way), each.of(each.by_peer, way),
                                                              each.of(each.sure, way))))
        for way in WAYS
    ]  # fmt: skip
    headings = ["way", *(f"{name}: {what}" for name in told for what in ("found", "peer", "sure"))]
    worst = min((each.of(each.found, way), f"{name}, {way}") for name, each in told.items() for way in WAYS)
    ahead = {
        way: sum(each.of(each.found, way) - each.of(each.by_peer, way) for each in told.values()) / len(told)
        for way in WAYS
    }
    least = min((share, way) for way, share in ahead.items())
    wrong = float(sum(len(each.wrong) for each in told.values()))
    return Found(
        ["Of 100 addresses:", Table(headings, lines)],
        {FOUND: worst, WRONG: wrong, BEHIND: least, AHEAD: sum(ahead.values()) / len(WAYS)},
    )


def asked(server: Postgres, county: County) -> Figures:
    """Return what is found of a county."""
    settings.COUNTY_FIPS = county.fips
    with TemporaryDirectory() as folder, fresh(server):
        streets.load_streets(sources=[open_source(file) for file in county.write(Path(folder))])
        return figures(county, county.homes(), ASKED, Peer(rows(county)).find)
