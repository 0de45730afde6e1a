"""A place is confirmed until it is somewhere else; nobody has to do anything for one that is not."""

import pytest
from django.core.exceptions import ValidationError

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Area
from registry.access_log import selectors as access_log
from registry.canvasses import selectors as canvasses
from registry.canvasses.models import Canvass
from registry.imports.services import imports
from registry.limits.models import Limits
from registry.limits.services import change as change_limits
from registry.people.services import moves
from registry.places.models import Camera, Confirmation, ConfirmedBy, Premises
from registry.places.selectors import is_confirmed
from registry.places.services import premises
from registry.rules import CONFIRMED_WITHIN_M
from tests.factories import CAPITOL, LINN_PARK, RADIUS_M, draft_of, incident_at, north_of, place_at, registrant_at
from tests.integration.cores.devices import allocated, business_at
from tests.registry.entries import entries_of
from tests.registry.imports.import_files import line, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(resident: User) -> Premises:
    return registrant_at(user=resident, cameras=2).premises.get()


@pytest.fixture
def confirmed(place: Premises, deputy: User) -> Premises:
    assert premises.confirm(premises=place, way=ConfirmedBy.DOOR, actor=deputy.actor)
    return place


def found_by(canvass: Canvass) -> list[bool]:
    """Return what a canvass says of the places that it finds."""
    return [candidate.camera.premises.is_confirmed for candidate in canvasses.camera_candidates(canvass)]


class TestItIsConfirmed:
    def test_registering_confirms_nothing(self, place: Premises) -> None:
        assert not is_confirmed(place)

    def test_it_is_confirmed_once_and_each_camera_of_it_has_the_entry(self, confirmed: Premises, deputy: User) -> None:
        assert is_confirmed(confirmed)
        assert not premises.confirm(premises=confirmed, way=ConfirmedBy.CARD, actor=deputy.actor)
        assert Confirmation.objects.get().way == ConfirmedBy.DOOR
        entries = entries_of(Event.PREMISES_CONFIRMED, confirmed)
        assert len(entries) == 2
        own = access_log.entries_of_owner(Camera.objects.filter(premises=confirmed))
        assert {entry.pk for entry in entries} <= {entry.pk for entry in own}

    def test_a_core_that_is_activated_there_confirms_it(self) -> None:
        registrant = business_at()
        device = allocated(registrant=registrant)
        place = registrant.premises.get()
        assert not is_confirmed(place)
        device.activate()
        assert Confirmation.objects.get(premises=place).way == ConfirmedBy.CORE

    def test_an_import_with_its_source_confirms_what_it_brings(self) -> None:
        imports.work(pk=started([line(1)]).pk)
        place = Premises.objects.get()
        row = Confirmation.objects.get(premises=place)
        assert (row.way, row.point) == (ConfirmedBy.IMPORT, place.point)
        (entry,) = entries_of(Event.PREMISES_ADDED, place)
        assert entry.facts["confirmed"] == ConfirmedBy.IMPORT


class TestItIsNoLonger:
    def test_a_pin_that_moves_a_few_steps_shows_the_same_building(self, confirmed: Premises, resident: User) -> None:
        premises.move_pin(premises=confirmed, by=resident, pin=north_of(LINN_PARK, CONFIRMED_WITHIN_M - 1))
        assert is_confirmed(confirmed)
        assert not entries_of(Event.PREMISES_UNCONFIRMED)

    def test_a_pin_that_moves_farther_shows_another(self, confirmed: Premises, resident: User) -> None:
        premises.move_pin(premises=confirmed, by=resident, pin=north_of(LINN_PARK, CONFIRMED_WITHIN_M + 1))
        assert not is_confirmed(confirmed)
        assert len(entries_of(Event.PREMISES_UNCONFIRMED, confirmed)) == 2

    def test_small_steps_add_up(self, confirmed: Premises, resident: User) -> None:
        for meters in (20, 40):
            premises.move_pin(premises=confirmed, by=resident, pin=north_of(LINN_PARK, meters))
        assert not is_confirmed(confirmed)

    def test_another_address_is_another_place(self, confirmed: Premises, resident: User) -> None:
        moves.move(premises=confirmed, by=resident, place=place_at(LINN_PARK, address=CAPITOL))
        assert not is_confirmed(confirmed)

    def test_the_first_pin_of_a_place_confirmed_by_its_address_moves_nothing(self, resident: User) -> None:
        vague = registrant_at(None, user=resident).premises.get()
        premises.confirm(premises=vague, way=ConfirmedBy.CORE, actor=resident.actor)
        premises.move_pin(premises=vague, by=resident, pin=LINN_PARK)
        assert is_confirmed(vague)
        premises.move_pin(premises=vague, by=resident, pin=north_of(LINN_PARK, CONFIRMED_WITHIN_M + 1))
        assert not is_confirmed(vague)

    def test_nothing_of_it_is_left_at_a_removed_place(self, confirmed: Premises, resident: User) -> None:
        premises.remove(premises=confirmed, by=resident)
        assert not Confirmation.objects.exists()
        assert not premises.confirm(premises=Premises.objects.get(), way=ConfirmedBy.DOOR, actor=resident.actor)


class TestASearch:
    def test_it_finds_both_and_says_which_is_which(self, confirmed: Premises, deputy: User) -> None:
        registrant_at(north_of(LINN_PARK, 50))
        assert found_by(draft_of(incident_at(by=deputy))) == [True, True, False]

    def test_it_says_what_was_known_when_it_searched(self, place: Premises, deputy: User) -> None:
        canvass = draft_of(incident_at(by=deputy))
        premises.confirm(premises=place, way=ConfirmedBy.LETTER, actor=deputy.actor)
        assert found_by(canvass) == [False, False]
        premises.end_confirmation(premises=place, actor=deputy.actor)
        assert found_by(canvass) == [False, False]

    def test_the_agency_may_leave_places_out_that_are_not_confirmed(
        self, confirmed: Premises, deputy: User, administrator: User
    ) -> None:
        registrant_at(north_of(LINN_PARK, 50))
        change_limits(by=administrator, revision=Limits.current().revision, leaves_out_unconfirmed=True)
        canvass = draft_of(incident_at(by=deputy))
        assert found_by(canvass) == [True, True]
        (first, *_others) = entries_of(Event.CANVASS_DRAFTED, canvass)
        assert first.facts["cameras"] == 2

    def test_without_a_canvass_nothing_is_left_out(self, place: Premises) -> None:
        assert [found.pk for found in canvasses.premises_with_cameras(Area(LINN_PARK, RADIUS_M))] == [place.pk]


def test_a_place_can_not_be_confirmed_twice_at_once_by_the_database(confirmed: Premises) -> None:
    again = Confirmation(premises=confirmed, way=ConfirmedBy.CARD, latitude=0, longitude=0, precision="pinned")
    with pytest.raises(ValidationError):
        again.full_clean()
