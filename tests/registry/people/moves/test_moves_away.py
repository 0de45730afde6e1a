"""Moving out of the boundary: what ends, what is kept, and what is agreed to (promise R7)."""

import pytest
from django.core.exceptions import ValidationError

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.counties import county
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.links import link_actor, request_of_link, token_for
from registry.canvasses.models import FootageRequest, RequestCamera
from registry.footage.models import Evidence, Upload
from registry.footage.services import uploads
from registry.other_counties.models import OutreachLead
from registry.people import locks
from registry.people.services import moves
from registry.people.services.moves import Wish
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from tests.factories import LINN_PARK, person, place_at, registrant_at, request_at
from tests.registry.entries import entries_of, events_after, newest_id
from tests.registry.footage.footage import begun, given, sent, video
from tests.registry.other_counties.elsewhere import (
    BEYOND_THE_LINE,
    IN_PELHAM,
    PELHAM,
    SHELBY,
    found_at,
    home_of,
    inside,
    moved_away,
    outside,
    with_second_place,
)

pytestmark = pytest.mark.django_db


class TestOutsideWithTheLastPlace:
    def test_the_registration_ends_as_in_leaving(self) -> None:
        registrant = registrant_at(cameras=2)
        user = User.objects.get(pk=registrant.user_id)
        left = moves.move_away(premises=home_of(registrant), by=user, place=outside())
        assert (left.county, left.lead) == (county(SHELBY), None)
        assert left.held is not None
        assert (left.held.moved_to, left.held.cameras, left.held.leads) == (SHELBY, 2, "")
        assert not Registrant.objects.exists()
        assert not Premises.objects.exists()
        assert not User.objects.filter(pk=user.pk).exists()
        assert found_at(LINN_PARK) == found_at(IN_PELHAM) == []
        assert [message.kind for message in Message.objects.all()] == [MessageKind.REGISTRATION_ENDED]

    def test_a_request_that_waits_is_withdrawn_in_silence(self) -> None:
        request = request_at("sent")
        registrant, token = request.registrant, token_for(request)
        assert registrant is not None
        moves.move_away(premises=home_of(registrant), by=registrant.user, place=outside())
        request.refresh_from_db()
        assert request.state == "withdrawn"
        with pytest.raises(Stale, match="withdrawn"):
            request_of_link(token)
        assert not Message.objects.filter(kind=MessageKind.REQUEST_WITHDRAWN).exists()

    def test_given_footage_stays_with_its_giver(self) -> None:
        request = request_at("footage")
        registrant = request.registrant
        assert registrant is not None
        file = given(request)
        left = moves.move_away(premises=home_of(registrant), by=registrant.user, place=outside())
        assert Evidence.objects.filter(pk=file.pk).exists()
        assert left.held is not None
        assert left.held.days == ((1, False, file.kept_until),)

    def test_consent_opens_a_lead_that_the_receipt_names(self) -> None:
        registrant = registrant_at()
        email = registrant.user.email
        left = moves.move_away(
            premises=home_of(registrant), by=registrant.user, place=outside(), wish=Wish(with_contact=True)
        )
        lead = OutreachLead.objects.get()
        assert (lead.county_fips, lead.name, lead.email, lead.registrant) == (SHELBY, "Ana Rivera", email, None)
        assert left.held is not None
        assert (left.held.leads, left.held.leads_until) == (lead.reference, lead.delete_after)
        (entry,) = entries_of(Event.LEAD_OPENED, lead)
        assert entry.facts == {"county": SHELBY, "with_contact": 1}

    def test_consent_without_contact_keeps_no_name(self) -> None:
        registrant = registrant_at()
        moves.move_away(premises=home_of(registrant), by=registrant.user, place=outside(), wish=Wish())
        lead = OutreachLead.objects.get()
        assert (lead.name, lead.email) == ("", "")

    def test_without_consent_there_is_no_lead(self) -> None:
        registrant = registrant_at()
        moves.move_away(premises=home_of(registrant), by=registrant.user, place=outside())
        assert not OutreachLead.objects.exists()


class TestOutsideWithOtherPlacesLeft:
    def test_only_this_place_goes(self) -> None:
        registrant = registrant_at(cameras=2)
        second = with_second_place(registrant)
        left = moves.move_away(premises=home_of(registrant), by=registrant.user, place=outside())
        assert left.held is None
        assert list(registrant.premises.registered()) == [second]
        assert Registrant.objects.filter(pk=registrant.pk).exists()
        assert found_at(LINN_PARK) == []
        assert Camera.objects.registered().count() == 0
        assert len(entries_of(Event.CAMERA_REMOVED)) == 2
        (entry,) = entries_of(Event.PREMISES_CLOSED)
        assert entry.facts == {"county": SHELBY}

    def test_the_history_of_the_place_goes_too(self) -> None:
        registrant = registrant_at()
        home = home_of(registrant)
        moved_away(registrant)
        assert "600 20th Street North" not in {row.street for row in Premises.history.filter(id=home.pk)}

    def test_a_request_about_this_place_alone_is_withdrawn_with_its_unfinished_files(self) -> None:
        request = request_at("sent")
        arriving, removed = sent(begun(request), video()[:100]), begun(request)
        uploads.remove(upload=removed, by=link_actor(request))
        moved_away(request.registrant)
        request.refresh_from_db()
        assert request.state == "withdrawn"
        assert request.registrant is not None
        assert not Upload.objects.exists()
        (entry,) = entries_of(Event.UPLOAD_REMOVED, arriving)
        assert entry.facts == {"bytes": 100}
        assert len(entries_of(Event.UPLOAD_REMOVED)) == 2

    def test_a_request_about_another_place_too_goes_on(self) -> None:
        registrant = registrant_at()
        with_second_place(registrant)
        moving_home = home_of(registrant)
        request = request_at("sent", registrant=registrant)
        elsewhere = Camera.objects.create(premises=registrant.premises.latest("added_at"), name="Attic")
        add_camera_to(request, elsewhere)
        moves.move_away(premises=moving_home, by=registrant.user, place=outside())
        request.refresh_from_db()
        assert request.state == "sent"

    def test_an_answer_that_was_given_stays(self) -> None:
        request = request_at("footage")
        given(request)
        moved_away(request.registrant)
        request.refresh_from_db()
        assert request.state == "footage"
        assert Evidence.objects.get().request.registrant == request.registrant


def add_camera_to(request: FootageRequest, camera: Camera) -> None:
    """Ask about one more camera, which stands inside the circle while the database looks."""
    Premises.objects.filter(pk=camera.premises_id).update(latitude=LINN_PARK.latitude, longitude=LINN_PARK.longitude)
    RequestCamera.objects.create(request=request, camera=camera)


class TestWhoAndWhen:
    def test_a_place_inside_ends_nothing(self) -> None:
        registrant = registrant_at()
        with pytest.raises(ValidationError, match="so you stay registered"):
            moves.move_away(premises=home_of(registrant), by=registrant.user, place=inside())
        assert Registrant.objects.filter(pk=registrant.pk).exists()

    def test_beyond_the_line_the_person_confirms_too(self) -> None:
        registrant = registrant_at()
        near = place_at(BEYOND_THE_LINE, address=Address("1 Line Road", "Hoover", "AL", "35244"))
        with pytest.raises(ValidationError) as refused:
            moves.move_away(premises=home_of(registrant), by=registrant.user, place=near)
        assert list(refused.value.message_dict) == ["confirmed"]
        sure = place_at(BEYOND_THE_LINE, address=near.address, confirmed=True)
        assert moves.move_away(premises=home_of(registrant), by=registrant.user, place=sure).county == county(SHELBY)

    def test_without_a_pin_the_zip_code_names_the_county(self) -> None:
        registrant = registrant_at()
        left = moves.move_away(premises=home_of(registrant), by=registrant.user, place=place_at(None, address=PELHAM))
        assert left.county == county(SHELBY)

    def test_it_refuses_anothers_place(self) -> None:
        registrant = registrant_at()
        with pytest.raises(NotYours):
            moves.move_away(premises=home_of(registrant), by=person(), place=outside())
        assert Registrant.objects.filter(pk=registrant.pk).exists()

    def test_moving_away_twice_has_one_effect(self) -> None:
        registrant = registrant_at()
        home = home_of(registrant)
        moved_away(registrant)
        newest = newest_id()
        with pytest.raises(Stale):
            moves.move_away(premises=home, by=registrant.user, place=outside())
        assert events_after(newest) == []

    def test_when_requests_keep_arriving_nothing_is_changed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        request = request_at("sent")
        registrant = request.registrant
        assert registrant is not None
        monkeypatch.setattr(locks, "incidents_asked_about", lambda pk: [])
        with pytest.raises(Stale, match="Nothing was changed"):
            moves.move_away(premises=home_of(registrant), by=registrant.user, place=outside(), wish=Wish())
        assert not OutreachLead.objects.exists()
