"""Moving inside the boundary: what stays, and what deputies go on seeing (promise R6)."""

import pytest
from django.core.exceptions import ValidationError

from audit.log.events import Event
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.canvasses.links import link_actor, request_of_link, token_for
from registry.canvasses.models import RequestCamera
from registry.canvasses.services import canvasses, requests
from registry.people.services import moves
from registry.places.models import Premises
from registry.places.services import premises
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, place_at, registrant_at, request_at
from tests.registry.entries import entries_of, events_after, newest_id
from tests.registry.other_counties.elsewhere import IN_AVONDALE, found_at, home_of, inside, outside, with_second_place

pytestmark = pytest.mark.django_db


class TestInside:
    def test_the_place_keeps_its_id_and_cameras_and_takes_the_new_address(self) -> None:
        registrant = registrant_at(cameras=2)
        home = home_of(registrant)
        cameras = set(home.cameras.values_list("pk", flat=True))
        moves.move(premises=home, by=registrant.user, place=inside(kind="other"))
        (moved,) = Premises.objects.filter(registrant=registrant)
        assert (moved.pk, moved.street, moved.zip_code, moved.kind) == (
            home.pk,
            "4101 5th Avenue South",
            "35222",
            "other",
        )
        assert (moved.point, moved.county_fips, moved.precision) == (IN_AVONDALE, "01073", "pinned")
        assert moved.moved_at == moved.placed_at != home.placed_at
        assert set(moved.cameras.values_list("pk", flat=True)) == cameras

    def test_searches_find_the_new_place_and_not_the_old_one(self) -> None:
        registrant = registrant_at()
        moves.move(premises=home_of(registrant), by=registrant.user, place=inside())
        assert found_at(LINN_PARK) == []
        assert len(found_at(IN_AVONDALE)) == 1

    def test_the_old_address_stays_in_the_person_s_own_history(self) -> None:
        registrant = registrant_at()
        moves.move(premises=home_of(registrant), by=registrant.user, place=inside())
        streets = {version.street for version in Premises.history.filter(registrant_id=registrant.pk)}
        assert streets == {"600 20th Street North", "4101 5th Avenue South"}

    def test_one_entry_tells_of_the_place_and_one_of_each_camera(self) -> None:
        registrant = registrant_at(cameras=2)
        home, newest = home_of(registrant), newest_id()
        moves.move(premises=home, by=registrant.user, place=inside())
        assert events_after(newest) == [Event.PREMISES_MOVED, Event.CAMERA_MOVED, Event.CAMERA_MOVED]
        (entry,) = entries_of(Event.PREMISES_MOVED, home)
        assert (entry.area, entry.facts) == ("35222", {"precision": "pinned"})

    def test_a_request_that_waits_stays_answerable_by_its_link(self) -> None:
        request = request_at("sent")
        registrant = request.registrant
        assert registrant is not None
        token = token_for(request)
        moves.move(premises=home_of(registrant), by=registrant.user, place=inside())
        assert request_of_link(token).pk == request.pk
        assert RequestCamera.objects.filter(request=request).count() == 1
        requests.give(request=request, by=link_actor(request))
        request.refresh_from_db()
        assert request.state == "footage"

    def test_a_canvass_shows_where_the_camera_stood_when_it_was_asked_for(self) -> None:
        request = request_at("sent")
        registrant, canvass = request.registrant, request.canvass
        assert registrant is not None
        moves.move(premises=home_of(registrant), by=registrant.user, place=inside())
        (shown,) = canvasses.show(canvass=canvass, by=canvass.created_by).cameras or ()
        assert (shown.address.street, shown.point) == ("600 20th Street North", LINN_PARK)
        (entry,) = entries_of(Event.CAMERA_SHOWN)
        assert entry.area == "35203"

    def test_a_canvass_of_the_new_place_shows_the_new_place(self) -> None:
        registrant = registrant_at()
        moves.move(premises=home_of(registrant), by=registrant.user, place=inside())
        canvass = draft_of(incident_at(IN_AVONDALE))
        canvasses.send(canvass=canvass, by=canvass.created_by)
        (shown,) = canvasses.show(canvass=canvass, by=canvass.created_by).cameras or ()
        assert shown.point == IN_AVONDALE

    def test_it_refuses_a_place_outside(self) -> None:
        registrant = registrant_at()
        with pytest.raises(ValidationError, match="Shelby County, Alabama"):
            moves.move(premises=home_of(registrant), by=registrant.user, place=outside())
        assert home_of(registrant).moved_at is None

    def test_it_refuses_what_a_place_can_t_be(self) -> None:
        registrant = registrant_at()
        with pytest.raises(ValidationError, match="Value 'boat' is not a valid choice"):
            moves.move(premises=home_of(registrant), by=registrant.user, place=inside(kind="boat"))
        assert home_of(registrant).kind == "home"

    def test_at_the_county_line_the_person_confirms(self) -> None:
        registrant = registrant_at()
        at_the_line = place_at(
            type(LINN_PARK)(33.3677, -86.79), address=Address("1 Line Road", "Hoover", "AL", "35244")
        )
        with pytest.raises(ValidationError) as refused:
            moves.move(premises=home_of(registrant), by=registrant.user, place=at_the_line)
        assert list(refused.value.message_dict) == ["confirmed"]

    @pytest.mark.parametrize("street", ["600 20th Street North", " 600  20TH street north "])
    def test_the_address_that_is_known_is_no_move(self, street: str) -> None:
        registrant = registrant_at()
        same = place_at(IN_AVONDALE, address=Address(street, "Birmingham", "al", "35203"))
        with pytest.raises(ValidationError, match="the address that we have"):
            moves.move(premises=home_of(registrant), by=registrant.user, place=same)

    def test_it_refuses_the_address_of_another_own_place(self) -> None:
        registrant = registrant_at()
        second = with_second_place(registrant)
        there = place_at(LINN_PARK, address=second.address)
        with pytest.raises(ValidationError, match="one of your places already"):
            moves.move(premises=home_of(registrant), by=registrant.user, place=there)

    def test_it_refuses_anothers_place(self) -> None:
        with pytest.raises(NotYours):
            moves.move(premises=home_of(registrant_at()), by=registrant_at(IN_AVONDALE).user, place=inside())

    def test_it_refuses_a_place_that_was_removed(self) -> None:
        registrant = registrant_at()
        home = home_of(registrant)
        premises.remove(premises=home, by=registrant.user)
        with pytest.raises(Stale):
            moves.move(premises=home, by=registrant.user, place=inside())

    def test_a_pin_of_the_old_address_is_not_put_on_the_new_one(self) -> None:
        registrant = registrant_at()
        in_another_tab = home_of(registrant)
        moves.move(premises=home_of(registrant), by=registrant.user, place=inside())
        with pytest.raises(Stale, match="has moved meanwhile"):
            premises.move_pin(premises=in_another_tab, by=registrant.user, pin=north_of(LINN_PARK, 20))
        assert home_of(registrant).point == IN_AVONDALE
