"""The page of a canvass of a dense quarter, beside that of a canvass of 30 cameras."""

from collections.abc import Callable
from functools import partial

from django.urls import reverse

from audit.log.models import AuditEntry
from bench.clock import FIGURES, beside
from bench.county.owners import register_owners, spread
from bench.page import Found, Limit, Section, Table
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from registry.canvasses.models import Canvass
from registry.canvasses.services import canvasses
from registry.canvasses.services.searches import CAMERAS_A_PAGE
from tests.factories import LINN_PARK, draft_of, incident_at, person
from tests.people import sign_in

FEW, MANY = 30, 3_000
WARM_UP, ROUNDS = 2, 15
ELSEWHERE = Point(LINN_PARK.latitude + 0.03, LINN_PARK.longitude)
COST = f"the page of a canvass of {MANY:,}, of one of {FEW}"
SIZE = "kilobytes of a page, at most"
SIGHTINGS = "sightings that a look at it writes"
SECTION = Section(
    "The page of a large canvass",
    f"""{MANY:,} cameras within 250 m, and {FEW} elsewhere in the same county, as a draft and once they were sent;
    {ROUNDS} looks at each page after {WARM_UP}, by Django's test client, in turn with the page of the same state with
    {FEW}. The list is drawn by {CAMERAS_A_PAGE} cameras; the others are counted, on the map too.""",
    {
        COST: Limit(
            "A page that read each address would take as many times as long as there are more cameras.",
            most=3,
        ),
        SIZE: Limit("A tablet in a car reads it over a telephone network.", most=200),
        SIGHTINGS: Limit("Owners read of what was shown, and of nothing else.", most=CAMERAS_A_PAGE),
    },
)


def main(server: Postgres) -> Found:
    """Measure the page in both states."""
    rows, ratios, sizes, sightings = [], [], [], []
    with fresh(server) as portal:
        register_owners(portal, [*spread(LINN_PARK, FEW), *spread(ELSEWHERE, MANY)])
        deputy = person("deputy")
        few, many = (draft_of(incident_at(point, by=deputy)) for point in (LINN_PARK, ELSEWHERE))
        for state in ("draft", "sent"):
            if state == "sent":
                for canvass in (few, many):
                    canvasses.send(canvass=canvass, by=deputy)
            size, seen = once(deputy, many)
            pair = beside(look(deputy, many), look(deputy, few), warm_up=WARM_UP, rounds=ROUNDS)
            rows.append((state, *pair.figures, round(size / 1000)))
            ratios.append(pair.ratio)
            sizes.append(size / 1000)
            sightings.append(seen)
    return Found(
        [Table(["page", *FIGURES, f"of one of {FEW}", "kilobytes"], rows)],
        {COST: max(ratios), SIZE: max(sizes), SIGHTINGS: max(sightings)},
    )


def look(deputy: User, canvass: Canvass) -> Callable[[], object]:
    """Return a look at the page of a canvass, from a sign-in of its own."""
    return partial(sign_in(deputy).get, reverse("canvass", args=[canvass.pk]))


def once(deputy: User, canvass: Canvass) -> tuple[int, int]:
    """Return how many bytes a page has, and how many sightings a first look at it writes."""
    shown = AuditEntry.objects.filter(event="registry:camera:show")
    before = shown.count()
    page = sign_in(deputy).get(reverse("canvass", args=[canvass.pk]))
    return len(page.content), shown.count() - before
