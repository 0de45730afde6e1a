"""A deputy at the door: one press that each row of the sheet has alike, and that tells nothing of answers (R4)."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from registry.access_log import selectors as access_log
from registry.canvasses import selectors
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.people.services import moves
from registry.places.models import Camera, Confirmation, ConfirmedBy, Premises
from registry.places.selectors import is_confirmed
from registry.places.services import premises
from tests.factories import (
    CAPITOL,
    LINN_PARK,
    canvass_at,
    draft_of,
    incident_at,
    north_of,
    person,
    place_at,
    registrant_at,
)
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db


def make_world() -> Canvass:
    """Return a canvass of two owners."""
    return canvass_at("sent", cameras=2, by=person("deputy"))


@pytest.fixture
def canvass(world: Canvass) -> Canvass:
    return world


@pytest.fixture
def deputy(world: Canvass) -> User:
    """The deputy who works on it."""
    return world.created_by


@pytest.fixture
def place(canvass: Canvass) -> Premises:
    return Premises.objects.order_by("pk")[0]


def press(canvass: Canvass, place: Premises) -> str:
    return reverse("canvass_door", args=[canvass.pk, place.pk])


def main_of(client: Client, address: str) -> str:
    """Return what the answer to a press says between header and footer, without the token of its form."""
    said = client.post(address, follow=True).content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r'value="\w{64}"', "", said)


def said_by(canvass: Canvass) -> dict[UUID, bool]:
    """Return of each place that a draft finds whether it is confirmed."""
    return {
        found.camera.premises_id: found.camera.premises.is_confirmed for found in selectors.camera_candidates(canvass)
    }


def sheet_of(canvass: Canvass, client: Client) -> list[tuple[str, bool]]:
    """Return the rows of the sheet: address, and whether it was confirmed."""
    page = client.get(reverse("canvass_sheet", args=[canvass.pk]))
    return [(door["address"], door["is_confirmed"]) for door in page.context["doors"]]


class TestThePress:
    def test_each_row_has_it_whatever_is_known(self, canvass: Canvass, place: Premises, deputy_client: Client) -> None:
        premises.confirm(premises=place, way=ConfirmedBy.CORE, actor=canvass.asker.actor)
        page = deputy_client.get(reverse("canvass_sheet", args=[canvass.pk])).content.decode()
        for each in Premises.objects.all():
            assert page.count(f'action="{press(canvass, each)}"') == 1
        assert page.count("Confirmed at the door") == 2

    def test_it_confirms_the_place_and_its_owner_reads_who_pressed(
        self, canvass: Canvass, place: Premises, deputy: User, deputy_client: Client
    ) -> None:
        page = deputy_client.post(press(canvass, place), follow=True).content.decode()
        assert "Written down" in page
        assert str(place.address) not in page
        assert Confirmation.objects.get(premises=place).way == ConfirmedBy.DOOR
        own = access_log.entries_of_owner(Camera.objects.filter(premises=place))
        assert own.filter(event=Event.DOOR_CONFIRMED, actor_pseudonym=deputy.pseudonym).count() == 1
        confirmed = AuditEntry.objects.filter(event__in=[Event.DOOR_CONFIRMED, Event.PREMISES_CONFIRMED])
        assert set(confirmed.values_list("incident_id", flat=True)) == {str(canvass.incident_id)}

    def test_it_is_an_entry_for_a_confirmed_place_too(self, canvass: Canvass, place: Premises, deputy: User) -> None:
        premises.confirm(premises=place, way=ConfirmedBy.CORE, actor=deputy.actor)
        requests.confirm_door(canvass=canvass, by=deputy, premises=place.pk)
        assert entries_of(Event.DOOR_CONFIRMED, place)
        assert Confirmation.objects.get(premises=place).way == ConfirmedBy.CORE

    def test_it_shows_no_address_so_no_owner_is_shown_again(
        self, canvass: Canvass, place: Premises, deputy_client: Client
    ) -> None:
        deputy_client.post(press(canvass, place))
        assert not AuditEntry.objects.filter(event=Event.CAMERA_SHOWN).exists()

    def test_a_place_that_is_elsewhere_by_now_is_not_confirmed_and_the_answer_is_the_same(
        self, canvass: Canvass, place: Premises, deputy_client: Client
    ) -> None:
        owner, other = place.registrant.user, Premises.objects.exclude(pk=place.pk).get()
        moves.move(premises=place, by=owner, place=place_at(LINN_PARK, address=CAPITOL))
        same, answer = (main_of(deputy_client, press(canvass, each)) for each in (other, place))
        assert "Written down" in same
        assert answer.replace(str(place.pk), str(other.pk)) == same
        assert not is_confirmed(place)
        assert is_confirmed(other)
        assert entries_of(Event.DOOR_CONFIRMED, place)


class TestItIsRefused:
    def test_for_a_place_that_is_not_on_the_sheet(self, canvass: Canvass, deputy: User) -> None:
        elsewhere = registrant_at(north_of(LINN_PARK, 5000)).premises.get()
        with pytest.raises(NotYours):
            requests.confirm_door(canvass=canvass, by=deputy, premises=elsewhere.pk)
        assert not is_confirmed(elsewhere)

    def test_for_one_that_was_left_out(self, deputy: User) -> None:
        camera = registrant_at().premises.get().cameras.get()
        canvass = draft_of(incident_at(by=deputy))
        canvasses.leave_out(canvass=canvass, by=deputy, cameras=[camera.pk], why="view")
        with pytest.raises(NotYours):
            requests.confirm_door(canvass=canvass, by=deputy, premises=camera.premises_id)

    def test_for_a_place_that_was_removed(self, canvass: Canvass, place: Premises, deputy: User) -> None:
        premises.remove(premises=place, by=place.registrant.user)
        with pytest.raises(NotYours):
            requests.confirm_door(canvass=canvass, by=deputy, premises=place.pk)

    def test_for_a_deputy_who_is_not_assigned(self, canvass: Canvass, place: Premises, other_deputy: User) -> None:
        with pytest.raises(Refused):
            requests.confirm_door(canvass=canvass, by=other_deputy, premises=place.pk)
        assert not entries_of(Event.DOOR_CONFIRMED)

    def test_once_the_canvass_is_closed(self, canvass: Canvass, place: Premises, deputy: User) -> None:
        canvasses.close(canvass=canvass, by=deputy)
        with pytest.raises(Stale):
            requests.confirm_door(canvass=canvass, by=deputy, premises=place.pk)


ANSWERS: list[Callable[[FootageRequest], object]] = [
    lambda request: requests.decline(request=request, by=link_actor(request)),
    lambda _request: None,
]


class TestNothingIsToldOfAnswers:
    @pytest.mark.parametrize("answer", ANSWERS, ids=["declined", "never opened"])
    def test_the_sheet_and_the_list_stay_when_an_owner_confirms(
        self, canvass: Canvass, place: Premises, deputy_client: Client, answer: Callable[[FootageRequest], object]
    ) -> None:
        before = sheet_of(canvass, deputy_client)
        answer(FootageRequest.objects.get(registrant=place.registrant))
        premises.confirm(premises=place, way=ConfirmedBy.LETTER, actor=place.registrant.user.actor)
        assert sheet_of(canvass, deputy_client) == before
        page = deputy_client.get(reverse("canvass", args=[canvass.pk]))
        assert [row["is_confirmed"] for row in page.context["rows"]] == [False, False]

    def test_a_second_search_of_the_incident_says_of_those_who_were_asked_what_the_first_said(
        self, canvass: Canvass, place: Premises, deputy: User
    ) -> None:
        premises.confirm(premises=place, way=ConfirmedBy.LETTER, actor=deputy.actor)
        newcomer = registrant_at().premises.get()
        premises.confirm(premises=newcomer, way=ConfirmedBy.LETTER, actor=deputy.actor)
        other = Premises.objects.exclude(pk__in=[place.pk, newcomer.pk]).get()
        assert said_by(draft_of(canvass.incident)) == {place.pk: False, other.pk: False, newcomer.pk: True}

    def test_a_search_for_another_incident_says_what_is_known_by_then(
        self, canvass: Canvass, place: Premises, deputy: User
    ) -> None:
        premises.confirm(premises=place, way=ConfirmedBy.LETTER, actor=deputy.actor)
        said = said_by(draft_of(incident_at(by=deputy)))
        assert said[place.pk]
        assert sorted(said.values()) == [False, True]

    def test_redrawing_it_before_it_is_sent_searches_again(self, deputy: User) -> None:
        there = north_of(LINN_PARK, 5000)
        place = registrant_at(there).premises.get()
        canvass = draft_of(incident_at(there, by=deputy))
        premises.confirm(premises=place, way=ConfirmedBy.LETTER, actor=deputy.actor)
        wanted = canvasses.CanvassArea(
            canvass.area, canvass.starts_at, canvass.ends_at, canvass.purpose, canvass.reason
        )
        changed = canvasses.change(canvass=canvass, by=deputy, wanted=wanted)
        assert said_by(changed) == {place.pk: True}
