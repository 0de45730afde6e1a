"""A supervisor's delay of what one owner reads: who may place it, how long it lasts, and what holds it to that."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from registry.access_log import selectors, services
from registry.access_log.models import LookDelay
from registry.canvasses.services import canvasses
from registry.incidents.services import incidents
from registry.people.services import registrants
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, person, registrant_at
from tests.registry.access_log.delays import DELAY_REASON, Case, case_of, delayed, supervisor_on
from tests.registry.entries import entries_of

AGAIN = f"{DELAY_REASON} He has not been found yet."
pytestmark = pytest.mark.django_db


def make_world() -> Case:
    """Return what a supervisor may delay."""
    return case_of()


@pytest.fixture
def case(world: Case) -> Case:
    return world


class TestWhoMayDelay:
    @pytest.mark.parametrize("role", [Role.DEPUTY, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_nobody_but_a_supervisor(self, role: str, case: Case) -> None:
        with pytest.raises(Refused):
            services.delay_looks(
                incident=case.incident, camera=case.camera, by=person(role), days=3, reason=DELAY_REASON
            )

    def test_no_supervisor_who_is_not_on_the_case(self, case: Case) -> None:
        with pytest.raises(Refused, match="assigned"):
            services.delay_looks(
                incident=case.incident, camera=case.camera, by=person(Role.SUPERVISOR), days=3, reason=DELAY_REASON
            )

    def test_not_a_supervisor_who_searched(self, case: Case) -> None:
        draft_of(case.incident, by=case.supervisor)
        with pytest.raises(Refused, match="searched"):
            delayed(case)

    def test_nor_do_they_renew_one(self, case: Case) -> None:
        placed = delayed(case)
        draft_of(case.incident, by=case.supervisor)
        with pytest.raises(Refused, match="searched"):
            services.renew_delay(delay=placed, by=case.supervisor, days=3, reason=AGAIN)

    def test_not_a_supervisor_who_opened_the_incident(self) -> None:
        owner, supervisor = registrant_at(), person(Role.SUPERVISOR)
        incident = incident_at(by=supervisor)
        with pytest.raises(Refused, match="opened"):
            services.delay_looks(
                incident=incident,
                camera=owner.premises.get().cameras.get(),
                by=supervisor,
                days=3,
                reason=DELAY_REASON,
            )

    def test_not_for_a_camera_that_no_canvass_has_shown_to_this_supervisor(self, case: Case) -> None:
        elsewhere = registrant_at(north_of(LINN_PARK, 5000)).premises.get().cameras.get()
        with pytest.raises(NotYours):
            services.delay_looks(
                incident=case.incident, camera=elsewhere, by=case.supervisor, days=3, reason=DELAY_REASON
            )

    def test_not_before_somebody_verified_the_incident(self) -> None:
        owner = registrant_at()
        incident = incident_at(verified=False)
        supervisor = supervisor_on(incident, draft_of(incident))
        with pytest.raises(Refused, match="verify"):
            services.delay_looks(
                incident=incident,
                camera=owner.premises.get().cameras.get(),
                by=supervisor,
                days=3,
                reason=DELAY_REASON,
            )

    def test_not_for_a_closed_incident(self, case: Case) -> None:
        incidents.close(incident=case.incident, by=case.supervisor)
        with pytest.raises(Stale):
            delayed(case)

    def test_not_for_an_owner_who_was_asked(self, case: Case) -> None:
        canvasses.send(canvass=case.canvass, by=case.canvass.created_by)
        with pytest.raises(Stale, match="asked"):
            delayed(case)

    def test_not_with_a_reason_that_says_nothing(self, case: Case) -> None:
        with pytest.raises(ValidationError):
            services.delay_looks(
                incident=case.incident, camera=case.camera, by=case.supervisor, days=3, reason="investigation"
            )


class TestHowLong:
    @pytest.mark.parametrize("days", [0, -1, 31, 10**9])
    def test_the_service_refuses_more_than_30_days_and_less_than_one(self, days: int) -> None:
        with pytest.raises(ValidationError, match="30 days"):
            delayed(case_of(), days=days)

    def test_it_ends_by_itself(self, case: Case) -> None:
        placed = delayed(case, days=30)
        assert selectors.withheld_from(case.registrant).until == {str(case.incident.pk): placed.ends_at}
        with time_machine.travel(placed.ends_at + timedelta(seconds=1)):
            assert selectors.withheld_from(case.registrant).until == {}

    def test_it_ends_when_the_owner_is_asked(self, case: Case) -> None:
        delayed(case)
        canvasses.send(canvass=case.canvass, by=case.canvass.created_by)
        assert selectors.withheld_from(case.registrant).until == {}

    def test_any_supervisor_ends_it_early_and_nobody_else(self, case: Case) -> None:
        placed = delayed(case)
        with pytest.raises(Refused):
            services.end_delay(delay=placed, by=case.incident.opened_by)
        services.end_delay(delay=placed, by=person(Role.SUPERVISOR))
        assert selectors.withheld_from(case.registrant).until == {}
        with pytest.raises(Stale):
            services.end_delay(delay=placed, by=case.supervisor)

    def test_it_is_never_begun_again(self, case: Case) -> None:
        services.end_delay(delay=delayed(case), by=case.supervisor)
        with pytest.raises(Stale, match="before"):
            delayed(case)

    def test_it_is_renewed_once_for_30_days_from_then_on(self, case: Case) -> None:
        first = delayed(case, days=30)
        later = first.ends_at - timedelta(hours=1)
        with time_machine.travel(later, tick=False):
            again = services.renew_delay(delay=first, by=case.supervisor, days=30, reason=AGAIN)
            assert again.ends_at == timezone.now() + timedelta(days=30)
            first.refresh_from_db()
            assert first.ends_at == again.starts_at
            for delay in (first, again):
                with pytest.raises(Stale):
                    services.renew_delay(delay=delay, by=case.supervisor, days=1, reason=f"{AGAIN} Still not.")

    def test_one_that_is_over_is_not_renewed(self, case: Case) -> None:
        first = delayed(case, days=1)
        with time_machine.travel(first.ends_at), pytest.raises(Stale):
            services.renew_delay(delay=first, by=case.supervisor, days=1, reason=AGAIN)

    def test_a_renewal_says_something_new(self, case: Case) -> None:
        with pytest.raises(ValidationError):
            services.renew_delay(delay=delayed(case), by=case.supervisor, days=1, reason=DELAY_REASON)


class TestTheDatabase:
    """It refuses what the service refuses, whatever the code does."""

    def _row(self, placed: LookDelay, **changes: object) -> LookDelay:
        kept = {
            name: getattr(placed, name)
            for name in ("registrant", "incident", "camera", "placed_by", "reason", "starts_at", "ends_at")
        }
        return LookDelay(**{**kept, **changes})

    def test_it_refuses_a_day_too_many(self) -> None:
        placed = delayed(case_of(), days=5)
        wrong = self._row(placed, incident=incident_at(), ends_at=placed.starts_at + timedelta(days=30, seconds=1))
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save(force_insert=True)

    @pytest.mark.parametrize("number", [1, 3])
    def test_it_refuses_a_second_delay_and_a_second_renewal(self, number: int, case: Case) -> None:
        again = services.renew_delay(delay=delayed(case), by=case.supervisor, days=1, reason=AGAIN)
        until = again.ends_at + timedelta(days=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            self._row(again, number=number, starts_at=again.ends_at, ends_at=until).save(force_insert=True)

    def test_it_refuses_a_renewal_that_leaves_a_gap(self) -> None:
        placed = delayed(case_of(), days=1)
        begins = placed.ends_at + timedelta(days=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            self._row(placed, number=2, starts_at=begins, ends_at=begins + timedelta(days=1)).save(force_insert=True)

    def test_it_refuses_to_lengthen_to_move_and_to_drop(self) -> None:
        placed = delayed(case_of(), days=1)
        row = LookDelay.objects.filter(pk=placed.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(ends_at=placed.ends_at + timedelta(minutes=1))
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(incident=incident_at())
        with pytest.raises(IntegrityError), transaction.atomic():
            _drop(row)


def _drop(rows: "QuerySet[LookDelay]") -> None:
    rows.delete()
    connection.check_constraints()


def test_its_entry_stands_with_every_camera_of_the_owner_that_the_incident_names() -> None:
    registrant = registrant_at(cameras=2)
    incident = incident_at()
    canvass = draft_of(incident)
    camera = registrant.premises.get().cameras.first()
    assert camera is not None
    placed = services.delay_looks(
        incident=incident, camera=camera, by=supervisor_on(incident, canvass), days=3, reason=DELAY_REASON
    )
    entries = entries_of(Event.LOOKS_DELAYED)
    assert {entry.camera_id for entry in entries} == {str(one.pk) for one in registrant.premises.get().cameras.all()}
    assert {entry.facts["until"] for entry in entries} == {placed.ends_at.isoformat()}


def test_a_delay_goes_with_its_owner(case: Case) -> None:
    delayed(case)
    registrants.leave(registrant=case.registrant, by=case.registrant.user)
    assert not LookDelay.objects.exists()
    connection.check_constraints()
