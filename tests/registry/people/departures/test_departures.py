"""Leaving: what ends, what is kept, who may, and what happens meanwhile."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Area
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses import selectors
from registry.canvasses.links import link_actor, request_of_link, token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.footage.models import Evidence, Giver
from registry.footage.selectors import giver_of
from registry.footage.services import uploads
from registry.people import locks
from registry.people.services import registrants
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from tests.factories import (
    LINN_PARK,
    RADIUS_M,
    canvass_at,
    draft_of,
    incident_at,
    north_of,
    person,
    registrant_at,
    request_at,
)
from tests.people import make_person, sign_in
from tests.registry.entries import entries_of, events_after, newest_id
from tests.registry.footage.footage import given


@pytest.mark.django_db
class TestWhatEnds:
    def test_no_search_finds_the_cameras(self) -> None:
        registrant = registrant_at(cameras=2)
        registrants.leave(registrant=registrant, by=registrant.user)
        assert selectors.premises_with_cameras(Area(LINN_PARK, RADIUS_M)) == []
        assert not Premises.objects.exists()

    def test_each_camera_has_its_entry(self) -> None:
        registrant = registrant_at(cameras=2)
        of_cameras = {str(pk) for pk in Camera.objects.values_list("pk", flat=True)}
        registrants.leave(registrant=registrant, by=registrant.user)
        assert {entry.camera_id for entry in entries_of(Event.CAMERA_REMOVED)} == of_cameras
        (entry,) = entries_of(Event.REGISTRANT_LEFT, registrant)
        assert entry.facts == {"places": 1, "cameras": 2, "files": 0}

    @pytest.mark.parametrize("state", ["sent", "footage", "none", "declined"])
    def test_links_die_whatever_was_answered(self, state: str) -> None:
        registrant = registrant_at()
        token = token_for(request_at(state, registrant=registrant))
        registrants.leave(registrant=registrant, by=registrant.user)
        with pytest.raises(Stale, match="withdrawn"):
            request_of_link(token)

    def test_a_request_that_waits_is_withdrawn_in_silence(self) -> None:
        registrant = registrant_at()
        request = request_at("sent", registrant=registrant)
        registrants.leave(registrant=registrant, by=registrant.user)
        request.refresh_from_db()
        assert (request.state, request.registrant) == ("withdrawn", None)
        assert [message.kind for message in Message.objects.all()] == [MessageKind.REGISTRATION_ENDED]

    def test_an_answer_given_before_stays_what_it_was(self) -> None:
        registrant = registrant_at()
        request = request_at("none", registrant=registrant)
        registrants.leave(registrant=registrant, by=registrant.user)
        request.refresh_from_db()
        assert request.state == "none"

    def test_nobody_answers_for_somebody_who_left(self) -> None:
        registrant = registrant_at()
        request = request_at("footage", registrant=registrant)
        registrants.leave(registrant=registrant, by=registrant.user)
        request.refresh_from_db()
        with pytest.raises(NotYours):
            uploads.create(request=request, name="late.mp4", size=5, by=link_actor(request))
        with pytest.raises(NotYours):
            requests.decline(request=request, by=link_actor(request))

    def test_the_account_and_its_sign_ins_are_gone(self) -> None:
        registrant = registrant_at()
        sign_in(registrant.user)
        registrants.leave(registrant=registrant, by=registrant.user)
        assert not User.objects.filter(pk=registrant.user_id).exists()
        assert not EmailAddress.objects.filter(user_id=registrant.user_id).exists()
        assert not UserSession.objects.filter(user_id=registrant.user_id).exists()

    def test_others_keep_everything(self) -> None:
        other = registrant_at(north_of(LINN_PARK, 50))
        registrant = registrant_at()
        asked = request_at("sent", registrant=registrant)
        of_other = FootageRequest.objects.get(canvass=asked.canvass, registrant=other)
        messages = Message.objects.filter(to=other.user.email).count()
        registrants.leave(registrant=registrant, by=registrant.user)
        of_other.refresh_from_db()
        assert (of_other.state, of_other.version) == ("sent", 1)
        asked.refresh_from_db()
        assert (asked.state, asked.version) == ("withdrawn", 3)  # withdrawn, then nobody's
        assert Message.objects.filter(to=other.user.email).count() == messages
        assert Camera.objects.registered().filter(premises__registrant=other).count() == 1
        assert other.history.count() == 1


@pytest.mark.django_db
class TestWhatIsKept:
    def test_given_footage_keeps_its_giver(self) -> None:
        registrant = registrant_at()
        file = given(request_at("footage", registrant=registrant))
        registrants.leave(registrant=registrant, by=registrant.user)
        file = Evidence.objects.select_related("request__incident__type").get(pk=file.pk)
        giver = Giver.objects.get()
        assert (giver.request_id, giver.name, giver.reference) == (file.request_id, "Ana Rivera", registrant.reference)
        assert giver_of(file.request) == "Ana Rivera"

    def test_footage_that_stays_says_nothing_of_earlier_answers(self) -> None:
        registrant, now = registrant_at(), timezone.now()
        request = request_at("footage", registrant=registrant)
        FootageRequest.objects.filter(pk=request.pk).update(turned_down_at=now, asked_after_all_at=now)
        registrants.leave(registrant=registrant, by=registrant.user)
        request.refresh_from_db()
        assert (request.state, request.turned_down_at, request.asked_after_all_at) == ("footage", None, None)

    def test_who_gave_nothing_is_in_no_such_list(self) -> None:
        registrant = registrant_at()
        request_at("none", registrant=registrant)
        registrants.leave(registrant=registrant, by=registrant.user)
        assert not Giver.objects.exists()

    def test_the_receipt_says_until_when(self) -> None:
        registrant = registrant_at()
        file = given(request_at("footage", registrant=registrant))
        held = registrants.leave(registrant=registrant, by=registrant.user)
        assert (held.places, held.cameras, held.files, held.days) == (1, 1, 1, ((1, False, file.kept_until),))
        receipt = Message.objects.get(kind=MessageKind.REGISTRATION_ENDED)
        assert (receipt.to, receipt.context) == (registrant.user.email, held.facts())


@pytest.mark.django_db
class TestWhoAndWhen:
    def test_it_refuses_anothers_registration(self) -> None:
        registrant = registrant_at()
        with pytest.raises(NotYours):
            registrants.leave(registrant=registrant, by=person())
        assert Registrant.objects.filter(pk=registrant.pk).exists()

    def test_leaving_twice_has_one_effect(self) -> None:
        registrant = registrant_at()
        owner = User.objects.get(pk=registrant.user_id)
        registrants.leave(registrant=registrant, by=owner)
        newest = newest_id()
        with pytest.raises(NotYours):
            registrants.leave(registrant=registrant, by=owner)
        assert events_after(newest) == []
        assert Message.objects.filter(kind=MessageKind.REGISTRATION_ENDED).count() == 1

    def test_a_request_that_arrives_in_the_same_moment_is_withdrawn_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        registrant = registrant_at()
        request = request_at("sent", registrant=registrant)
        lock, tries = locks.incidents_asked_about, iter([True, False])
        monkeypatch.setattr(locks, "incidents_asked_about", lambda pk: [] if next(tries) else lock(pk))
        registrants.leave(registrant=registrant, by=registrant.user)
        request.refresh_from_db()
        assert request.state == "withdrawn"

    def test_when_requests_keep_arriving_nothing_is_changed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        registrant = registrant_at()
        request_at("sent", registrant=registrant)
        monkeypatch.setattr(locks, "incidents_asked_about", lambda pk: [])
        with pytest.raises(Stale, match="Nothing was changed"):
            registrants.leave(registrant=registrant, by=registrant.user)
        assert Registrant.objects.filter(pk=registrant.pk).exists()
        assert not AuditEntry.objects.filter(event=Event.REGISTRANT_LEFT).exists()

    def test_a_canvass_on_its_way_does_not_ask_an_owner_who_has_just_left(self) -> None:
        registrant, other = registrant_at(), registrant_at(north_of(LINN_PARK, 50))
        canvass = draft_of(incident_at())
        found = selectors.premises_with_cameras(Area(LINN_PARK, RADIUS_M))
        registrants.leave(registrant=registrant, by=registrant.user)
        with transaction.atomic():
            actor = canvass.created_by.actor
            requests.ask_owners(
                canvass=canvass, cameras=selectors.cameras_of(found), actor=actor, sent_at=timezone.now()
            )
        assert [request.registrant for request in FootageRequest.objects.filter(canvass=canvass)] == [other]

    def test_it_works_once_the_incident_is_closed(self) -> None:
        canvass = canvass_at("closed")
        request = FootageRequest.objects.get(canvass=canvass)
        registrant = request.registrant
        assert registrant is not None
        registrants.leave(registrant=registrant, by=registrant.user)
        request.refresh_from_db()
        assert request.registrant is None

    def test_who_left_may_register_again(self) -> None:
        registrant = registrant_at()
        email = registrant.user.email
        registrants.leave(registrant=registrant, by=registrant.user)
        again = registrant_at(user=make_person("resident", email))
        assert again.registered_at > timezone.now() - timedelta(minutes=5)
        canvass = draft_of(incident_at())
        canvasses.send(canvass=canvass, by=canvass.created_by)
        assert FootageRequest.objects.get(canvass=canvass).registrant == again
