"""Views: begun with a reason, watched by the minute, extended, ended; each refusal with its sentence and its entry."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import accounts, role_changes
from fusus_portal.ground.lifecycle import NotYours, Stale
from integration.cores.services import cameras
from integration.live.models import GrantEnd, LiveStream, ViewGrant
from integration.live.services import gate, views
from integration.live.services.gate import ViewRefused
from integration.live.states import GrantState
from integration.live.video import decisions
from integration.live.video.connection import live
from registry.places.models import Premises
from tests.accounts.suspending import suspended
from tests.factories import LINN_PARK, north_of, person
from tests.integration.cores.devices import business_at, device_camera_at
from tests.integration.critical.scenes import (
    AGAIN,
    FURTHER,
    NETWORK,
    REASON,
    SESSION,
    Scene,
    checked,
    lasting_sign_in,
    scene,
)
from tests.integration.sharing.consent import connected, set_mode, signed
from tests.registry.entries import entries_of

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


class TestStart:
    def test_it_says_what_it_is_for_and_orders_one_stream(self, world: Scene) -> None:
        view = world.view()
        assert view.declaration == world.declaration
        assert view.ends_at - view.began_at == timedelta(minutes=30)
        assert (view.network, bytes(view.session), view.premises_kind) == (NETWORK, SESSION, "business")
        assert view.stream == LiveStream.objects.get(camera=world.camera)
        entry = entries_of(Event.VIEW_STARTED, world.camera.camera)[-1]
        assert entry.facts["view"] == str(view.pk)
        assert entry.camera_number > 0
        assert entry.reason_digest

    def test_two_people_share_a_stream_until_the_last_one_ends(self, world: Scene) -> None:
        first, second = world.view(), world.view(by=world.colleague())
        assert first.stream == second.stream
        views.end(grant=first, by=world.deputy)
        assert LiveStream.objects.get().ended_at is None
        views.end(grant=second, by=world.others[0])
        assert LiveStream.objects.get().ended_at is not None

    def test_begun_twice_it_is_one_view(self, world: Scene) -> None:
        assert world.view() == world.view()
        assert len(entries_of(Event.VIEW_STARTED)) == 1

    def test_from_elsewhere_it_is_not_begun_beside_the_first(self, world: Scene) -> None:
        world.view()
        with pytest.raises(Stale, match="already"):
            views.start(
                incident=world.incident,
                camera=world.camera,
                by=world.deputy,
                reason=REASON,
                network="198.51.100.4",
                session=SESSION,
            )

    def test_a_reason_without_content_begins_nothing(self, world: Scene) -> None:
        for reason in ("", "investigation", "test", world.incident.number):
            with pytest.raises(ValidationError) as error:
                world.view(reason=reason)
            assert "reason" in error.value.message_dict
        assert not ViewGrant.objects.exists()
        assert entries_of(Event.VIEW_REFUSED)[0].facts["condition"] == "reason"

    def test_it_ends_with_the_declaration(self, world: Scene) -> None:
        assert world.declaration is not None
        with later(225):
            view = world.view()
        assert view.ends_at == world.declaration.ends_at

    def test_nobody_sees_more_cameras_than_a_page_shows(self, world: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(views, "GRID", 1)
        world.view()
        world.camera = connected(business_at(north_of(LINN_PARK, 9)), mode="incident")
        signed(world.registrant)
        with pytest.raises(Stale, match="End one of these views first"):
            world.view()

    def test_a_protest_is_no_reason(self, world: Scene) -> None:
        with pytest.raises(ValidationError, match="never viewed because of a protest"):
            world.view(reason="The protest march moves along the avenue toward the park.")


class TestTime:
    def test_it_counts_for_all_together(self, world: Scene) -> None:
        first = world.view()
        with later(10):
            second = world.view(by=world.colleague())
            assert checked(second)
        with later(19):
            assert checked(first)
        with later(21):
            assert checked(first).name == "time"
            assert checked(second).name == "time"
            views.extend(grant=second, by=world.others[0], reason=AGAIN)
            assert checked(first)

    def test_used_up_it_wants_another_reason(self, world: Scene) -> None:
        world.view()
        with later(31):
            views.sweep()
            assert ViewGrant.objects.get().end == GrantEnd.OVER
            with pytest.raises(ViewRefused, match="used up") as refused:
                world.view(reason=AGAIN)
            assert refused.value.change == "Say why you need more."
            again = world.view(reason=AGAIN, more=True)
            assert again.ends_at - again.began_at == timedelta(minutes=30)
        assert len(entries_of(Event.VIEW_EXTENDED)) == 1

    def test_more_time_is_not_taken_before_it_is_needed(self, world: Scene) -> None:
        world.view(more=True)
        assert not entries_of(Event.VIEW_EXTENDED)

    def test_a_camera_that_is_connected_anew_has_no_new_time(self, world: Scene) -> None:
        world.view()
        with later(31):
            views.sweep()
            core = world.camera.core
            cameras.disconnect(behind=world.camera, by=world.owner)
            world.camera = device_camera_at(core)
            set_mode(world.camera, "incident")
            with pytest.raises(ViewRefused, match="used up"):
                world.view(reason=AGAIN)

    def test_it_is_extended_with_another_reason_to_the_end_of_the_declaration(self, world: Scene) -> None:
        view = world.view()
        with pytest.raises(ValidationError):
            views.extend(grant=view, by=world.deputy, reason=REASON)
        longer = views.extend(grant=view, by=world.deputy, reason=AGAIN)
        assert longer.ends_at == view.ends_at + timedelta(minutes=30)
        with later(45):
            keeps_asking()
            assert views.sweep() == 0
            assert checked(longer)
        for reason in FURTHER:
            longer = views.extend(grant=view, by=world.deputy, reason=reason)
        assert world.declaration is not None
        assert longer.ends_at == world.declaration.ends_at
        with pytest.raises(Stale, match="renewed first"):
            views.extend(grant=view, by=world.deputy, reason="Firefighters open the roof with a ladder.")

    def test_only_the_viewer_extends_and_only_while_it_runs(self, world: Scene) -> None:
        view = world.view()
        with pytest.raises(NotYours):
            views.extend(grant=view, by=world.colleague(), reason=AGAIN)
        views.end(grant=view, by=world.deputy)
        with pytest.raises(Stale, match="has ended"):
            views.extend(grant=view, by=world.deputy, reason=AGAIN)

    def test_an_extension_that_the_gate_refuses_leaves_its_entry(self, world: Scene) -> None:
        view = world.view()
        Premises.objects.filter(pk=world.camera.camera.premises_id).update(precision="area")
        with pytest.raises(ViewRefused):
            views.extend(grant=view, by=world.deputy, reason=AGAIN)
        assert [entry.facts["condition"] for entry in entries_of(Event.VIEW_REFUSED)] == ["place"]
        view.refresh_from_db()
        assert view.extensions == 0


class TestEnd:
    def test_each_minute_is_one_entry(self, world: Scene) -> None:
        view = world.view()
        for _time in range(2):
            views.watch(grant=view)
        with later(1.5):
            views.watch(grant=view)
        assert [entry.facts["minute"] for entry in entries_of(Event.VIEW_WATCHED)] == [1, 2]
        view.refresh_from_db()
        assert view.minutes == 2

    @pytest.mark.parametrize(("seconds", "begins"), [(0, False), (59, False), (61, True)])
    def test_the_next_piece_of_a_minute_asks_for_no_entry(self, world: Scene, seconds: int, begins: bool) -> None:
        view = world.view()
        views.watch(grant=view)
        lasting_sign_in(view.deputy)
        with time_machine.travel(view.began_at + timedelta(seconds=seconds), tick=False):
            assert gate.look(grant=view.pk, user=view.deputy, session=SESSION, network=NETWORK).begins_minute is begins

    def test_a_minute_of_a_view_that_is_over_is_refused(self, world: Scene) -> None:
        view = world.view()
        views.end(grant=view, by=world.deputy)
        with pytest.raises(Stale):
            views.watch(grant=view)
        assert not entries_of(Event.VIEW_WATCHED)

    def test_it_says_how_long_it_was(self, world: Scene) -> None:
        view = world.view()
        with later(7):
            ended = views.end(grant=view, by=world.deputy)
        assert ended.end == GrantEnd.STOPPED
        facts = entries_of(Event.VIEW_ENDED)[-1].facts
        assert (facts["seconds"], facts["end"]) == (420, "stopped")
        views.end(grant=view, by=world.deputy)
        assert len(entries_of(Event.VIEW_ENDED)) == 1
        assert checked(view).name == "running"
        assert not entries_of(Event.VIEW_REFUSED)

    def test_everybody_ends_only_their_own(self, world: Scene) -> None:
        view = world.view()
        for other in (world.colleague(), world.supervisor):
            with pytest.raises(NotYours):
                views.end(grant=view, by=other)
        assert views.end(grant=view, by=world.deputy).state == GrantState.ENDED

    def test_a_page_that_is_gone_ends_it(self, world: Scene) -> None:
        view = world.view()
        assert views.sweep() == 0
        live().delete(f"asked:{view.pk}")
        assert views.sweep() == 1
        view.refresh_from_db()
        assert view.end == GrantEnd.LEFT

    def test_its_mark_lasts_fifteen_seconds(self, world: Scene) -> None:
        view = world.view()
        assert checked(view)
        assert 14_000 < live().pttl(f"asked:{view.pk}") <= 15_000

    def test_somebody_elses_cookie_does_not_keep_it_open(self, world: Scene) -> None:
        view = world.view()
        for asks, ended in ((True, 0), (False, 1)):
            live().flushdb()
            checked(view, network="198.51.100.4")
            assert not asks or checked(view)
            assert views.sweep() == ended

    def test_a_person_who_is_no_deputy_any_more_sees_nothing(self, world: Scene) -> None:
        view = world.view()
        proposal = role_changes.propose(
            kind="change_role",
            account=world.deputy,
            reason="Moves to the auditors.",
            by=person("administrator"),
            role="auditor",
        )
        role_changes.approve(change=proposal, by=person("administrator"))
        view.refresh_from_db()
        assert (view.end, view.condition) == (GrantEnd.REFUSED, "assigned")

    def test_a_locked_account_sees_nothing(self, world: Scene) -> None:
        view = world.view()
        User.objects.filter(pk=world.deputy.pk).update(locked_at=timezone.now())
        assert checked(view).name == "assigned"

    def test_a_running_view_ends_when_the_account_is_suspended(self, world: Scene) -> None:
        view = world.view()
        suspended(world.deputy)
        view.refresh_from_db()
        assert (view.end, view.condition) == (GrantEnd.REFUSED, "assigned")

    def test_an_account_that_is_disabled_sees_nothing_any_more(self, world: Scene) -> None:
        view = world.view()
        accounts.disable(account=world.deputy, by=person(Role.ADMINISTRATOR).actor, why="administrators")
        view.refresh_from_db()
        assert (view.end, view.condition) == (GrantEnd.REFUSED, "assigned")
