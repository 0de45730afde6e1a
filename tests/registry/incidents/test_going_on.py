"""An incident that goes on lasts up to now, for a day; closing it, or saying when it ended, ends it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.incidents.models import Incident, IncidentType
from registry.incidents.services import incidents
from registry.rules import GOES_ON_FOR, UNVERIFIED_LIFE
from tests.factories import LINN_PARK

pytestmark = pytest.mark.django_db
BEGAN = timedelta(hours=1)


@pytest.fixture
def going(deputy: User) -> Incident:
    """Return an incident that began an hour ago and has not ended."""
    kind = IncidentType.objects.get(code="burglary")
    said: dict[str, Any] = {"type": kind, "place": "Linn Park", "point": LINN_PARK}
    return incidents.open(by=deputy, number="2026-004711", starts_at=timezone.now() - BEGAN, ends_at=None, **said)


def changed(incident: Incident, **changes: Any) -> Incident:
    said = {name: getattr(incident, name) for name in ("type", "place", "point", "starts_at")}
    return incidents.change(incident=incident, by=incident.opened_by, **{**said, "ends_at": None, **changes})


def test_it_lasts_up_to_now_for_a_day(going: Incident, time_machine: TimeMachineFixture) -> None:
    for later in (timedelta(minutes=5), timedelta(hours=20)):
        time_machine.move_to(going.ends_at + later, tick=False)
        assert going.until == timezone.now()
    time_machine.move_to(going.ends_at + 2 * GOES_ON_FOR, tick=False)
    assert going.until == going.ends_at + GOES_ON_FOR


def test_saying_again_that_it_goes_on_is_no_change_within_the_day(going: Incident) -> None:
    with pytest.raises(Stale, match="Nothing is different"):
        changed(going)


def test_after_the_day_it_counts_from_now(going: Incident, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(going.ends_at + 2 * GOES_ON_FOR, tick=False)
    again = changed(going)
    assert again.goes_on
    assert again.until == timezone.now()


def test_saying_when_it_ended_ends_it(going: Incident) -> None:
    ended = timezone.now() - BEGAN / 2
    over = changed(going, ends_at=ended)
    assert (over.goes_on, over.until) == (False, ended)


def test_closing_it_ends_it(going: Incident, deputy: User, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(going.ends_at + timedelta(hours=2), tick=False)
    closed = incidents.close(incident=going, by=deputy)
    closed.refresh_from_db()
    assert (closed.goes_on, closed.ends_at) == (False, timezone.now())


@pytest.mark.parametrize("ran", [timedelta(hours=2), 2 * GOES_ON_FOR], ids=["within the day", "after it"])
def test_a_closing_taken_back_lets_it_go_on_as_before(
    going: Incident, deputy: User, time_machine: TimeMachineFixture, ran: timedelta
) -> None:
    said = going.ends_at
    time_machine.move_to(said + ran, tick=False)
    closed = incidents.close(incident=going, by=deputy)
    time_machine.shift(timedelta(minutes=9))
    incidents.reopen(incident=closed, by=deputy)
    going.refresh_from_db()
    assert (going.goes_on, going.ends_at) == (True, said)
    assert going.until == min(timezone.now(), said + GOES_ON_FOR)


def test_taken_back_twice_it_still_goes_on_and_one_that_had_ended_does_not(going: Incident, deputy: User) -> None:
    for _each in range(2):
        going = incidents.reopen(incident=incidents.close(incident=going, by=deputy), by=deputy)
    assert going.goes_on
    ended = changed(going, ends_at=timezone.now() - BEGAN / 2)
    over = incidents.reopen(incident=incidents.close(incident=ended, by=deputy), by=deputy)
    assert (over.goes_on, over.ends_at) == (False, ended.ends_at)


def test_lapsing_ends_it(going: Incident, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(going.opened_at + UNVERIFIED_LIFE, tick=False)
    incidents.close_unverified()
    going.refresh_from_db()
    assert (going.goes_on, going.until) == (False, going.ends_at)
