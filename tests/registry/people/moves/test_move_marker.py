"""A marker in every field of a person who begins, registers and moves away: it stays only where R12 and R7 allow."""

import psycopg

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from registry.other_counties import services as other_counties
from registry.other_counties.models import OutreachLead
from registry.other_counties.states import LeadState
from registry.people.services import moves, registrants
from registry.people.services.moves import Wish
from registry.places.services import premises
from registry.registrants.models import Registrant
from tests.factories import person, place_at
from tests.registry.other_counties.elsewhere import IN_AVONDALE, IN_PELHAM, home_of
from tests.registry.people.departures.test_departure_marker import (
    MARKER,
    deliver_all,
    marked_registrant,
    superuser,
    tables_with_marker,
)

__all__ = ["superuser"]

BEYOND = place_at(IN_PELHAM, address=Address(f"9 {MARKER} Lane", f"{MARKER} Town", "AL", "35124"))


def move_away_from_everywhere(registrant: Registrant, *, wish: Wish | None) -> None:
    """Move away from each place; only the last one is said to be worth a lead."""
    places = list(registrant.premises.registered())
    for place in places[:-1]:
        moves.move_away(premises=place, by=registrant.user, place=BEYOND)
    moves.move_away(premises=places[-1], by=registrant.user, place=BEYOND, wish=wish)


def leads_named(registrant_user: User) -> bool:
    return OutreachLead.objects.filter(email=registrant_user.email).exists()


class TestADraft:
    def test_it_holds_the_marker_until_it_ends(self, superuser: psycopg.Connection) -> None:
        by = person()
        registrants.keep_draft(by=by, step="you", typed={"name": f"{MARKER} name", "phone": f"{MARKER} phone"})
        registrants.keep_draft(by=by, step="place", typed={"street": f"1 {MARKER} Street"})
        assert tables_with_marker(superuser) == {"registry_registrationdraft"}
        registrants.discard_draft(by=by)
        assert tables_with_marker(superuser) == set()


class TestALead:
    def test_it_alone_is_left_of_who_moved_away_until_it_is_closed(self, superuser: psycopg.Connection) -> None:
        registrant = marked_registrant()
        move_away_from_everywhere(registrant, wish=Wish(with_contact=True))
        deliver_all()
        assert tables_with_marker(superuser) == {"registry_outreachlead"}
        lead, by = OutreachLead.objects.get(), person("administrator")
        other_counties.note_lead(lead=lead, by=by, text=f"{MARKER} was written to.")
        assert tables_with_marker(superuser) == {"registry_outreachlead", "registry_outreachnote"}
        other_counties.advance_lead(lead=lead, by=by, target=LeadState.CLOSED)
        assert tables_with_marker(superuser) == set()

    def test_without_consent_nothing_at_all_is_left(self, superuser: psycopg.Connection) -> None:
        registrant = marked_registrant()
        move_away_from_everywhere(registrant, wish=None)
        deliver_all()
        assert tables_with_marker(superuser) == set()

    def test_who_leaves_later_takes_everything_but_the_lead_along(self, superuser: psycopg.Connection) -> None:
        registrant = marked_registrant()
        inside = place_at(IN_AVONDALE, address=Address(f"2 {MARKER} Street", f"{MARKER} City", "AL", "35222"))
        home = home_of(registrant)
        moves.move(premises=home, by=registrant.user, place=inside)
        second = place_at(IN_AVONDALE, address=Address(f"3 {MARKER} Street", f"{MARKER} City", "AL", "35222"))
        premises.add(registrant=registrant, by=registrant.user, place=second)
        moves.move_away(premises=home_of(registrant), by=registrant.user, place=BEYOND, wish=Wish(with_contact=True))
        assert leads_named(registrant.user)
        registrants.leave(registrant=registrant, by=registrant.user)
        deliver_all()
        assert tables_with_marker(superuser) == {"registry_outreachlead"}
