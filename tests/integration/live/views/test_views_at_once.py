"""A view that begins while something else is being done: the later of the two acts sees what the first one did."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial

import pytest
from django.db import connection, transaction

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from integration.live import locks, policies
from integration.live.models import LiveStream, ViewGrant
from integration.live.services import gate, views
from integration.live.services.gate import ViewRefused
from integration.live.states import GrantState
from integration.sharing import services as sharing
from integration.sharing.models import SharingPause, SharingRule
from registry.incidents.services import incidents
from tests.integration.clips import clipping
from tests.integration.critical.scenes import NETWORK, SESSION, Scene, checked, scene
from tests.integration.live import streaming
from tests.registry.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_view_that_begins_while_its_owner_pauses_is_seen_by_nobody() -> None:
    made = scene()
    view, pause = at_once(made.view, lambda: sharing.pause_sharing(registrant=made.registrant, by=made.owner))
    assert isinstance(pause, SharingPause)
    assert isinstance(view, ViewRefused) or not checked(view)
    assert not ViewGrant.objects.filter(state=GrantState.RUNNING).exists()


@pytest.mark.parametrize("act", [Scene.view, clipping.asked])
def test_what_is_asked_of_a_camera_waits_for_what_its_owner_does(act: Callable[[Scene], object]) -> None:
    made = scene()

    def ask() -> object:
        try:
            return act(made)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            sharing.pause_sharing(registrant=made.registrant, by=made.owner)
            answer = pool.submit(ask)
            assert not wait([answer], timeout=0.5).done
        with pytest.raises(ViewRefused):
            answer.result()


def test_two_walls_of_the_same_cameras_do_not_wait_for_each_other() -> None:
    seen = streaming.scene(cameras=3)
    begin = partial(views.start_wall, incident=seen.incident, reason=streaming.REASON, network=NETWORK, session=SESSION)
    answers = at_once(
        partial(begin, by=seen.deputy, cameras=seen.cameras),
        partial(begin, by=seen.colleague(), cameras=seen.cameras[::-1]),
    )
    assert [len(each) for each in answers if isinstance(each, list)] == [3, 3]
    assert ViewGrant.objects.filter(state=GrantState.RUNNING).count() == 6


def test_a_minute_of_a_view_and_its_owner_s_press_do_not_wait_for_each_other() -> None:
    made = scene(mode="ask")
    sharing.share_now(camera=made.camera, by=made.owner, hours=1)
    view = made.view()

    def stop() -> SharingRule:
        try:
            return sharing.stop_sharing(camera=made.camera, by=made.owner)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locks.running_views([view.pk])
            stopped = pool.submit(stop)
            assert not wait([stopped], timeout=0.5).done
            assert views.watch(grant=view).minutes == 1
        assert stopped.result().shared_until is None
    assert checked(view).name == "shared now"


@dataclass(frozen=True)
class Watched:
    """A camera that two deputies view, the first one since longer, and a third who may begin to."""

    seen: streaming.Scene
    third: User
    first: ViewGrant
    newest: ViewGrant

    def begin(self) -> ViewGrant:
        return self.seen.begin(by=self.third, session="third")

    def end(self) -> ViewGrant:
        return views.end(grant=self.first, by=self.seen.deputy)

    def stop(self) -> ViewGrant:
        reason = "The suspect is in custody, and nobody else is inside the building."
        return views.stop(grant=self.first, by=self.seen.supervisor, reason=reason)

    def end_refused(self) -> None:
        with transaction.atomic():
            views.end_refused_views(actor=self.seen.supervisor.actor, deputy=self.seen.deputy.pk)


def watched() -> Watched:
    """Return a camera with two views, neither of them recorded for a minute yet."""
    seen = streaming.scene()
    other, third = seen.colleague(), seen.colleague()
    return Watched(seen, third, seen.begin(), seen.begin(by=other, session="other"))


ACTS: dict[str, Callable[[Watched], object]] = {
    "begin": Watched.begin,
    "end": Watched.end,
    "stop": Watched.stop,
    "end refused": Watched.end_refused,
    "sweep": lambda _made: views.sweep(),
    "end newest": lambda _made: views.end_newest(),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_waits_for_the_stream_before_it_takes_a_number_of_the_camera(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another act holds the stream and writes an entry of the camera: the other way round each would wait."""
    made, act = watched(), ACTS[name]
    if name in {"end refused", "sweep"}:
        monkeypatch.setattr(gate, "of_grant", lambda _view, _now: policies.failed_decision("mode"))

    def act_elsewhere() -> None:
        try:
            act(made)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            LiveStream.objects.select_for_update(no_key=True).get(pk=streaming.stream_of(made.first).pk)
            acted = pool.submit(act_elsewhere)
            assert not wait([acted], timeout=0.5).done
            assert views.watch(grant=made.first if name == "end newest" else made.newest).minutes == 1
        acted.result()
    written = list(AuditEntry.objects.order_by("id").values_list("event", flat=True))
    kind, before = (Event.VIEW_STARTED, 2) if name == "begin" else (Event.VIEW_ENDED, 0)
    assert written[: written.index(Event.VIEW_WATCHED)].count(kind) == before
    assert kind in written[written.index(Event.VIEW_WATCHED) :]


def test_a_view_that_begins_while_the_incident_closes_is_seen_by_nobody() -> None:
    made = scene()
    close = partial(incidents.close, incident=made.incident, by=made.supervisor)
    view, _closed = at_once(made.view, close)
    assert isinstance(view, ViewRefused) or not checked(view)
    assert not ViewGrant.objects.filter(state=GrantState.RUNNING).exists()


def test_of_two_presses_one_view_begins() -> None:
    made = scene()
    first, second = at_once(made.view, made.view)
    assert first == second == ViewGrant.objects.get()
