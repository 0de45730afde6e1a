"""Declarations: a supervisor's word, never the opener's, for a time and around a place."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused, Stale
from integration.critical import services
from integration.critical.models import Declaration, DeclarationEnd
from integration.critical.policies import is_in_force
from integration.critical.states import DeclarationState
from integration.live.states import GrantState
from registry.incidents.models import IncidentType
from registry.incidents.services import incidents
from tests.factories import LINN_PARK, incident_at, north_of, person
from tests.integration.critical.from_dispatch import Dispatched
from tests.integration.critical.scenes import AGAIN, FURTHER, REASON, THIRD, Scene, broken, checked, scene
from tests.registry.entries import entries_of
from tests.registry.incidents.dispatching import Sender, deliver, item

pytestmark = pytest.mark.django_db


def make_world() -> Scene:
    return scene(critical=False, verified=False)


HOUR = timedelta(hours=1)
LARGE_M = 900.0


def after(span: timedelta) -> time_machine.travel:
    return time_machine.travel(timezone.now() + span, tick=False)


class TestDeclare:
    def test_it_lasts_four_hours_around_the_incident(self, world: Scene) -> None:
        world.verify()
        world.declare()
        declaration = world.declaration
        assert declaration is not None
        assert declaration.starts_at is not None
        assert declaration.ends_at == declaration.starts_at + 4 * HOUR
        assert (declaration.point, declaration.radius_m) == (LINN_PARK, 500.0)
        [entry] = entries_of(Event.CRITICAL_DECLARED, declaration)
        assert entry.facts["radius_m"] == 500
        assert entry.incident_id == str(world.incident.pk)

    @pytest.mark.parametrize("role", [Role.DEPUTY, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_only_a_supervisor_declares(self, world: Scene, role: str) -> None:
        world.verify()
        world.supervisor = person(role)
        with pytest.raises(Refused, match="Supervisors declare"):
            world.declare()

    def test_the_opener_does_not(self, world: Scene) -> None:
        world.verify()
        opener = person(Role.SUPERVISOR)
        world.incident, world.supervisor = incident_at(by=opener), opener
        with pytest.raises(Refused, match="You opened this incident"):
            world.declare()

    def test_nobody_declares_what_nobody_verified_or_what_is_closed(self, world: Scene) -> None:
        with pytest.raises(Refused, match="verify this incident first"):
            world.declare()
        world.verify()
        incidents.close(incident=world.incident, by=world.supervisor)
        with pytest.raises(Stale, match="closed"):
            world.declare()

    def test_a_reason_needs_content(self, world: Scene) -> None:
        world.verify()
        for reason in ("", "n/a", world.incident.place):
            with pytest.raises(ValidationError) as error:
                world.declare(reason=reason)
            assert "reason" in error.value.message_dict

    @pytest.mark.parametrize(
        ("circle", "field"),
        [
            ({"radius_m": 2001.0}, "radius_m"),
            ({"radius_m": 1.0}, "radius_m"),
            ({"radius_m": float("nan")}, "radius_m"),
            ({"point": north_of(LINN_PARK, 600)}, "point"),
            ({"point": north_of(LINN_PARK, 300_000)}, "point"),
        ],
    )
    def test_the_circle_holds_the_incident_and_is_bounded(
        self, world: Scene, circle: dict[str, Any], field: str
    ) -> None:
        world.verify()
        with pytest.raises(ValidationError) as error:
            services.declare_critical(incident=world.incident, by=world.supervisor, reason=REASON, **circle)
        assert field in error.value.message_dict

    def test_once_is_enough(self, world: Scene) -> None:
        world.verify()
        world.declare()
        with pytest.raises(Stale, match="already"):
            world.declare(reason=AGAIN)


class TestBeyondTheLimits:
    def proposal(self, made: Scene) -> Declaration:
        return made.declare(radius_m=LARGE_M)

    def test_a_larger_circle_waits_and_shows_nothing(self, world: Scene) -> None:
        world.verify()
        waits = self.proposal(world)
        assert waits.state == DeclarationState.PROPOSED
        assert len(entries_of(Event.CRITICAL_PROPOSED, waits)) == 1
        assert not is_in_force(waits, timezone.now())

    def test_another_supervisor_confirms_it(self, world: Scene) -> None:
        world.verify()
        waits = self.proposal(world)
        with pytest.raises(Refused, match="Somebody else"):
            services.second_declaration(declaration=waits, by=world.supervisor)
        with pytest.raises(Refused, match="Supervisors declare"):
            services.second_declaration(declaration=waits, by=world.deputy)
        confirmed = services.second_declaration(declaration=waits, by=person(Role.SUPERVISOR))
        assert is_in_force(confirmed, timezone.now())
        for act in (services.second_declaration, services.decline_declaration):
            with pytest.raises(Stale, match="confirmed this already"):
                act(declaration=waits, by=person(Role.SUPERVISOR))
        assert len(entries_of(Event.CRITICAL_SECONDED)) == 1

    @pytest.mark.usefixtures("as_committed")
    def test_it_takes_the_place_of_a_smaller_one_whose_views_end(self, world: Scene) -> None:
        world.verify()
        world.declare()
        view = world.view()
        waits = self.proposal(world)
        assert checked(view)
        services.second_declaration(declaration=waits, by=person(Role.SUPERVISOR))
        assert not checked(view)
        before = Declaration.objects.get(end=DeclarationEnd.REPLACED)
        assert before == view.declaration
        assert Declaration.objects.get(pk=waits.pk).first_at == before.first_at

    def test_one_waits_at_a_time(self, world: Scene) -> None:
        world.verify()
        self.proposal(world)
        with pytest.raises(Stale, match="waits"):
            world.declare(reason=AGAIN, radius_m=LARGE_M)

    def test_it_is_dropped_by_a_supervisor_the_asker_or_the_clock(self, world: Scene) -> None:
        world.verify()
        for by in (world.supervisor, person(Role.SUPERVISOR)):
            dropped = services.decline_declaration(declaration=self.proposal(world), by=by)
            assert (dropped.state, dropped.end) == (DeclarationState.ENDED, DeclarationEnd.DECLINED)
        waits = self.proposal(world)
        with pytest.raises(Refused):
            services.decline_declaration(declaration=waits, by=world.deputy)
        with after(timedelta(minutes=29)):
            assert services.end_due_declarations() == 0
        with after(timedelta(minutes=30)):
            assert services.end_due_declarations() == 1
        assert len(entries_of(Event.CRITICAL_NOT_SECONDED)) == 3


class TestItsEnd:
    def test_it_counts_no_more_from_the_moment_itself_though_the_task_is_late(self, world: Scene) -> None:
        world.verify()
        world.declare()
        with after(4 * HOUR - timedelta(minutes=1)):
            view = world.view()
            assert checked(view)
        with after(4 * HOUR):
            assert checked(view).name in {"", "declared critical"}
        with after(4 * HOUR + timedelta(seconds=2)):
            assert not world.declaration or not is_in_force(world.declaration, timezone.now())
            assert services.end_due_declarations() == 1
            assert services.end_due_declarations() == 0
        view.refresh_from_db()
        assert view.state == GrantState.ENDED
        assert Declaration.objects.get().end == DeclarationEnd.OVER

    def test_it_is_renewed_with_a_reason_for_four_hours_from_then(self, world: Scene) -> None:
        world.verify()
        world.declare()
        declaration = world.declaration
        assert declaration is not None
        with after(3 * HOUR):
            with pytest.raises(ValidationError):
                services.renew_declaration(declaration=declaration, by=world.supervisor, reason=REASON)
            renewed = services.renew_declaration(declaration=declaration, by=world.supervisor, reason=AGAIN)
            assert renewed.ends_at == timezone.now() + 4 * HOUR
            for said in (REASON, AGAIN, AGAIN.upper()):
                with pytest.raises(ValidationError, match="repeats what is known"):
                    services.renew_declaration(declaration=declaration, by=world.supervisor, reason=said)
        assert renewed.renewals == 1
        with pytest.raises(Refused, match="Supervisors declare"):
            services.renew_declaration(declaration=declaration, by=world.deputy, reason=THIRD)

    def test_it_is_over_a_day_after_the_first_view_of_anyone(self, world: Scene) -> None:
        world.verify()
        world.declare()
        declaration = world.declaration
        assert declaration is not None
        begun = declaration.starts_at or timezone.now()
        for hour, reason in zip(range(3, 24, 3), (AGAIN, *FURTHER), strict=True):
            with time_machine.travel(begun + hour * HOUR, tick=False):
                services.renew_declaration(declaration=declaration, by=world.supervisor, reason=reason)
        declaration.refresh_from_db()
        assert declaration.ends_at == begun + 24 * HOUR
        with time_machine.travel(begun + 23 * HOUR, tick=False):
            services.end_declaration(declaration=declaration, by=world.supervisor)
            again = world.declare(reason=THIRD)
            assert again.ends_at == begun + 24 * HOUR
        with time_machine.travel(begun + 24 * HOUR, tick=False):
            services.end_due_declarations()
            for radius_m in (None, LARGE_M):
                with pytest.raises(Stale, match="24 hours"):
                    world.declare(reason=AGAIN, radius_m=radius_m)

    def test_everybody_who_works_on_it_ends_it_and_its_views(self, world: Scene) -> None:
        world.verify()
        world.declare()
        view = world.view()
        assert world.declaration is not None
        with pytest.raises(Refused):
            services.end_declaration(declaration=world.declaration, by=person(Role.DEPUTY))
        services.end_declaration(declaration=world.declaration, by=world.deputy)
        assert checked(view).name == "declared critical"
        for other in (world.declaration, world.declare(reason=AGAIN, radius_m=LARGE_M)):
            with pytest.raises(Stale, match="not declared critical any more"):
                services.end_declaration(declaration=other, by=world.deputy)

    @pytest.mark.parametrize("what", ["type", "place", "point", "window"])
    def test_a_change_of_the_incident_ends_it_and_every_view(self, world: Scene, what: str) -> None:
        world.verify()
        world.declare()
        view = world.view()
        incident = world.incident
        wanted: dict[str, Any] = {
            "type": incident.type,
            "place": incident.place,
            "point": incident.point,
            "starts_at": incident.starts_at,
            "ends_at": incident.ends_at,
        }
        changes: dict[str, dict[str, Any]] = {
            "type": {"type": IncidentType.objects.exclude(pk=incident.type_id).filter(retired_at=None)[0]},
            "place": {"place": "Kelly Ingram Park, 16th Street North"},
            "point": {"point": north_of(LINN_PARK, 50)},
            "window": {"ends_at": incident.ends_at + timedelta(minutes=5)},
        }
        incidents.change(incident=incident, by=world.deputy, **wanted | changes[what])
        declaration = Declaration.objects.get()
        assert (declaration.state, declaration.end) == (DeclarationState.ENDED, DeclarationEnd.CHANGED)
        view.refresh_from_db()
        assert view.state == GrantState.ENDED
        assert not checked(view)

    def test_closing_the_incident_ends_it_and_what_waits(self, world: Scene) -> None:
        world.verify()
        world.declare()
        world.declare(reason=AGAIN, radius_m=LARGE_M)
        incidents.close(incident=world.incident, by=world.supervisor)
        assert set(Declaration.objects.values_list("end", flat=True)) == {DeclarationEnd.CLOSED}


class TestByType:
    def declaring(self, code: str = "burglary") -> None:
        IncidentType.objects.filter(code=code).update(declares=True)

    def test_only_an_incident_from_dispatch_is_critical_by_its_type(self) -> None:
        self.declaring()
        incident_at()
        assert not Declaration.objects.exists()
        deliver(Sender().token(item()))
        declaration = Declaration.objects.get()
        assert declaration.kind == "type"
        assert declaration.declared_by is None
        assert is_in_force(declaration, timezone.now())
        assert len(entries_of(Event.CRITICAL_DECLARED)) == 1

    def test_one_that_moves_is_declared_anew(self) -> None:
        self.declaring()
        sent = Dispatched()
        sent.opens()
        sent.moves()
        before, now = Declaration.objects.order_by("declared_at")
        assert before.end == DeclarationEnd.CHANGED
        assert is_in_force(now, timezone.now())

    def test_a_type_that_does_not_declare_declares_nothing(self) -> None:
        deliver(Sender().token(item()))
        assert not Declaration.objects.exists()


def test_a_declaration_takes_the_place_of_broken_glass(world: Scene) -> None:
    world.verify()
    glass = broken(world)
    assert is_in_force(glass, timezone.now())
    world.declare(reason=AGAIN)
    glass.refresh_from_db()
    assert glass.end == DeclarationEnd.REPLACED
