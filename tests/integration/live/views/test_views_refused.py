"""Each condition refuses a view at its start and in the middle of it, with its sentence and its entry."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours
from integration.cores.services import cameras as camera_services, cores
from integration.critical import services as critical
from integration.critical.selectors import cameras_nearby
from integration.live.models import GrantEnd, LiveStream, ViewGrant
from integration.live.policies import BY_NAME
from integration.live.services import views
from integration.live.services.gate import ViewRefused, look
from integration.live.states import GrantState
from integration.live.video import decisions
from integration.live.video.connection import live
from integration.sharing import services as sharing
from integration.sharing.models import SharingRule
from registry.incidents.services import incidents
from registry.people.services import moves as move_services, registrants
from registry.places.models import Premises
from registry.places.services import cameras, premises
from tests.factories import LINN_PARK, north_of, person, place_at
from tests.integration.cores.devices import business_at, core_at
from tests.integration.critical.scenes import NETWORK, SESSION, Scene, checked, scene
from tests.integration.sharing.consent import connected, set_mode, signed
from tests.registry.entries import entries_of
from tests.registry.other_counties.elsewhere import AVONDALE, IN_AVONDALE

pytestmark = pytest.mark.usefixtures("as_committed")

make_world = scene

MINUTE = timedelta(minutes=1)


def later(minutes: float) -> time_machine.travel:
    """Let so many minutes pass, for the portal and for what it keeps."""
    live().flushdb()
    return time_machine.travel(timezone.now() + minutes * MINUTE, tick=False)


def keeps_asking() -> None:
    """Let the pages of all running views ask."""
    for view in ViewGrant.objects.filter(state=GrantState.RUNNING):
        decisions.note_asked(live(), view.pk)


def end_it(made: Scene) -> None:
    assert made.declaration is not None
    critical.end_declaration(declaration=made.declaration, by=made.supervisor)


def moved(made: Scene) -> None:
    place = Premises.objects.filter(pk=made.camera.camera.premises_id)
    place.update(latitude=north_of(LINN_PARK, 510).latitude)


REFUSALS: dict[str, Callable[[Scene], object]] = {
    "incident open": lambda made: incidents.close(incident=made.incident, by=made.supervisor),
    "declared critical": end_it,
    "place": lambda made: Premises.objects.filter(pk=made.camera.camera.premises_id).update(precision="area"),
    "radius": moved,
    "connected": lambda made: camera_services.disconnect(behind=made.camera, by=made.owner),
    "core": lambda made: cores.suspend(core=made.camera.core, by=person(Role.CLERK)),
    "pause": lambda made: sharing.pause_sharing(registrant=made.registrant, by=made.owner),
    "mode": lambda made: set_mode(made.camera, "never"),
    "shared now": lambda made: set_mode(made.camera, "ask"),
    "assigned": lambda made: incidents.unassign(incident=made.incident, user=made.deputy, by=made.supervisor),
}


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_each_condition_refuses_with_its_sentence_and_its_entry(world: Scene, name: str) -> None:
    REFUSALS[name](world)
    with pytest.raises(ViewRefused) as refused:
        world.view()
    assert refused.value.condition == name
    assert refused.value.sentence == str(BY_NAME[name].sentence)
    assert [entry.facts["condition"] for entry in entries_of(Event.VIEW_REFUSED)] == [name]
    assert not ViewGrant.objects.exists()
    assert not LiveStream.objects.exists()


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_view_that_runs_ends_in_the_same_act_and_is_refused_at_once(world: Scene, name: str) -> None:
    view = world.view()
    assert checked(view)
    REFUSALS[name](world)
    if name in {"place", "radius"}:
        # Written past the service of the place, which would have ended it.
        views.sweep()
    answer = checked(view)
    view.refresh_from_db()
    assert (view.state, view.end, view.condition) == (GrantState.ENDED, GrantEnd.REFUSED, name)
    assert answer.name == name
    assert LiveStream.objects.get().ended_at is not None
    assert entries_of(Event.VIEW_ENDED)[-1].facts["condition"] == name
    checked(view)
    assert [entry.facts["condition"] for entry in entries_of(Event.VIEW_REFUSED)] == [name]


def test_a_camera_that_is_paused_in_the_registry_is_refused_by_the_same_sentence_as_a_pause_of_all(
    world: Scene,
) -> None:
    view = world.view()
    cameras.pause_all(registrant=world.registrant, by=world.owner)
    assert checked(view).name == "pause"
    with pytest.raises(ViewRefused, match="until the owner resumes"):
        world.view()
    cameras.resume_all(registrant=world.registrant, by=world.owner)
    assert checked(world.view())


def test_a_circle_reaches_a_meter_beyond_its_radius(world: Scene) -> None:
    Premises.objects.update(latitude=north_of(LINN_PARK, 500.5).latitude)
    assert world.declaration is not None
    assert cameras_nearby(world.declaration) == [world.camera]
    assert checked(world.view())


@pytest.mark.parametrize(
    "act",
    [
        lambda made: set_mode(made.camera, "incident"),
        lambda made: sharing.share_now(camera=made.camera, by=made.owner, hours=1),
    ],
)
def test_what_an_owner_allows_again_counts_at_once(world: Scene, act: Callable[[Scene], object]) -> None:
    view = world.view()
    SharingRule.objects.update(mode="ask")
    assert checked(view).name == "shared now"
    act(world)
    assert checked(view)


def test_what_an_owner_forbids_for_one_camera_leaves_the_others_alone(world: Scene) -> None:
    other = scene()
    view, elsewhere = world.view(), other.view()
    sharing.pause_sharing(registrant=world.registrant, by=world.owner)
    assert not checked(view)
    assert checked(elsewhere)


def test_a_disconnected_camera_is_seen_by_nobody(world: Scene) -> None:
    view = world.view()
    camera_services.disconnect(behind=world.camera, by=world.owner)
    assert checked(view).name == "connected"


class TestCheck:
    def test_from_another_address_or_sign_in_it_opens_nothing_and_leaves_an_entry(self, world: Scene) -> None:
        view = world.view()
        for elsewhere in ({"network": "198.51.100.4"}, {"session": bytes(32)}):
            assert checked(view, **elsewhere).name == "viewer"
        assert checked(view)
        assert [entry.facts["condition"] for entry in entries_of(Event.VIEW_REFUSED)] == ["viewer"]

    def test_another_persons_view_is_not_there(self, world: Scene, deputy: User) -> None:
        view = world.view()
        with pytest.raises(NotYours):
            checked(view, user=deputy)

    def test_a_view_that_there_is_not(self, world: Scene) -> None:
        view = world.view()
        view.pk = world.incident.pk
        with pytest.raises(NotYours):
            checked(view)

    def test_without_its_memory_nobody_sees_anything(self, world: Scene, settings: Settings) -> None:
        view = world.view()
        settings.LIVE_REDIS_URL = "redis://127.0.0.1:1/0"
        assert checked(view).name == "live store"
        settings.LIVE_REDIS_URL = ""
        assert checked(view).name == "live store"
        with pytest.raises(ViewRefused, match="not available"):
            scene().view()

    def test_a_kept_decision_is_asked_for_nothing(
        self, world: Scene, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        view = world.view()
        assert checked(view)
        with django_assert_num_queries(0):
            assert look(grant=view.pk, user=view.deputy, network=NETWORK, session=SESSION).decision

    def test_a_decision_is_kept_for_less_than_two_seconds_from_before_its_facts(self, world: Scene) -> None:
        view = world.view()
        assert checked(view)
        assert 0 < live().pttl(f"gate:{view.pk}") <= 1500
        read_at = decisions.now_ms(live()) - 2000
        decisions.keep(live(), decisions.get_all(live(), [view.pk]), read_at_ms=read_at)
        assert decisions.get_all(live(), [view.pk]) == {}


def test_views_end_in_the_order_of_their_cameras(world: Scene) -> None:
    for _camera in range(4):
        world.view()
        world.camera = connected(business_at(LINN_PARK), mode="incident")
        signed(world.registrant)
    incidents.close(incident=world.incident, by=world.supervisor)
    ended = [entry.camera_id for entry in entries_of(Event.VIEW_ENDED)]
    assert len(ended) == 4
    assert ended == sorted(ended)


def test_a_core_that_was_replaced_shows_nothing_until_the_new_one_works(world: Scene) -> None:
    view = world.view()
    by = person(Role.CLERK)
    cores.replace(old=world.camera.core, new=core_at("in_stock"), by=by)
    assert checked(view).name == "core"
    assert [entry.actor_id for entry in entries_of(Event.VIEW_ENDED)] == [str(by.pk)]


def gives_back(made: Scene) -> None:
    cores.begin_return(core=made.camera.core, by=made.owner)


def takes_the_agreement_back(made: Scene) -> None:
    agreement = made.registrant.sharing_agreements.get(revoked_at=None)
    sharing.revoke_agreement(agreement=agreement, by=made.owner)


def moves_the_pin(made: Scene) -> None:
    premises.move_pin(premises=made.camera.camera.premises, by=made.owner, pin=north_of(LINN_PARK, 700))


def moves(made: Scene) -> None:
    place = place_at(IN_AVONDALE, kind="business", address=AVONDALE)
    move_services.move(premises=made.camera.camera.premises, by=made.owner, place=place)


def removes_the_camera(made: Scene) -> None:
    cameras.remove(camera=made.camera.camera, by=made.owner)


def removes_the_place(made: Scene) -> None:
    premises.remove(premises=made.camera.camera.premises, by=made.owner)


def leaves(made: Scene) -> None:
    registrants.leave(registrant=made.registrant, by=made.owner)


ACTS: dict[str, tuple[Callable[[Scene], None], str]] = {
    "gives the CORE back": (gives_back, "connected"),
    "takes the agreement back": (takes_the_agreement_back, "agreement"),
    "moves the pin": (moves_the_pin, "radius"),
    "moves": (moves, "radius"),
    "removes the camera": (removes_the_camera, "connected"),
    "removes the place": (removes_the_place, "connected"),
    "leaves": (leaves, "agreement"),
}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_whatever_an_owner_does_ends_the_view_in_the_same_act(world: Scene, name: str) -> None:
    view = world.view()
    act, condition = ACTS[name]
    act(world)
    view.refresh_from_db()
    assert (view.state, view.end) == (GrantState.ENDED, GrantEnd.REFUSED)
    assert view.condition == condition
    assert not checked(view)
    assert len(entries_of(Event.VIEW_ENDED)) == 1
