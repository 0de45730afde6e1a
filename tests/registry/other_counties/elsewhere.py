"""Places beyond the county line, and leads that somebody opened by moving there."""

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Area, Point
from registry.canvasses import selectors as canvasses
from registry.other_counties import services
from registry.other_counties.models import OutreachLead
from registry.other_counties.states import LeadState
from registry.people.services import moves
from registry.people.services.moves import Departure, Wish
from registry.places.models import Premises
from registry.places.services import premises
from registry.places.services.premises import NewPremises
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, RADIUS_M, north_of, person, place_at, registrant_at

SHELBY = "01117"
PELHAM = Address("3162 Pelham Parkway", "Pelham", "AL", "35124")
IN_PELHAM = Point(33.2856, -86.8100)
"""In Shelby County, Alabama, some five miles beyond the line."""

AVONDALE = Address("4101 5th Avenue South", "Birmingham", "AL", "35222")
IN_AVONDALE = Point(33.5259, -86.7719)
"""In Jefferson County, some two miles from Linn Park."""

BEYOND_THE_LINE = Point(33.3669, -86.79)
"""In Shelby County, less than 200 m beyond the line of Jefferson County."""


def inside(**changes: object) -> NewPremises:
    """Return a new place inside the county, as a person describes it."""
    return place_at(IN_AVONDALE, **{"address": AVONDALE, **changes})


def outside(**changes: object) -> NewPremises:
    """Return a new place in Shelby County, as a person describes it."""
    return place_at(IN_PELHAM, **{"address": PELHAM, **changes})


def home_of(registrant: Registrant) -> Premises:
    """Return a registrant's first place."""
    return registrant.premises.select_related("registrant__user").earliest("added_at")


def with_second_place(registrant: Registrant) -> Premises:
    """Give a registrant a second place, a mile north of the first; return it."""
    second = place_at(north_of(LINN_PARK, 1_600), address=Address("1 Capitol Way", "Birmingham", "AL", "35203"))
    return premises.add(registrant=registrant, by=registrant.user, place=second)


def moved_away(registrant: Registrant | None = None, *, wish: Wish | None = None) -> Departure:
    """Let somebody who has two places move away from the first of them, with consent to be written to."""
    mover = registrant or registrant_at()
    with_second_place(mover)
    return moves.move_away(premises=home_of(mover), by=mover.user, place=outside(), wish=wish or Wish(True))


def lead_at(state: str = LeadState.OPEN, *, registrant: Registrant | None = None, named: bool = True) -> OutreachLead:
    """Return a lead at "open", "contacted", "answered", "joined", "declined" or "closed"."""
    lead = moved_away(registrant, wish=Wish(named)).lead
    assert lead is not None
    by = person("administrator")
    walk = {LeadState.OPEN: [], LeadState.CONTACTED: [LeadState.CONTACTED], LeadState.CLOSED: [LeadState.CLOSED]}
    for step in walk.get(LeadState(state), [LeadState.CONTACTED, LeadState(state)]):
        lead = services.advance_lead(lead=lead, by=by, target=step)
    return lead


def mover_of(lead: OutreachLead) -> User:
    """Return whose lead it is."""
    assert lead.registrant is not None
    return lead.registrant.user


def found_at(point: Point) -> list[Premises]:
    """Return what a search around a point finds."""
    return canvasses.premises_with_cameras(Area(point, RADIUS_M))
