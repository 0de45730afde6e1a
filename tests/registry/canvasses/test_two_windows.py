"""One person in two windows at once searches and sees no more than in one."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import TypeVar

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from fusus_portal.ground.geo.points import Area
from registry.canvasses.models import Canvass, UnverifiedSearch
from registry.canvasses.services import canvasses
from registry.canvasses.services.canvasses import CanvassArea
from registry.incidents.models import Incident, IncidentType
from registry.limits.models import Limits
from registry.rules import UNVERIFIED_INCIDENTS_A_DAY
from tests.factories import (
    LINN_PARK,
    RADIUS_M,
    REASON,
    draft_of,
    incident_at,
    north_of,
    person,
    purpose,
    registrant_at,
)
from tests.registry.canvasses.many import register_at

T = TypeVar("T")
pytestmark = pytest.mark.django_db(transaction=True)


def beside(pool: ThreadPoolExecutor, act: Callable[[], T]) -> Future[T]:
    """Begin an act in the other window."""
    begun = threading.Event()

    def acting() -> T:
        begun.set()
        try:
            return act()
        finally:
            connection.close()

    future = pool.submit(acting)
    begun.wait()
    return future


def test_two_searches_at_once_are_one_and_one_that_a_supervisor_approves() -> None:
    deputy = person("deputy")
    for _earlier in range(UNVERIFIED_INCIDENTS_A_DAY - 1):
        draft_of(incident_at(verified=False, by=deputy))
    first, second = (incident_at(verified=False, by=deputy) for _ in range(2))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert not draft_of(first).beyond_limits
            other = beside(pool, lambda: draft_of(second))
            assert not wait([other], timeout=0.5).done
        assert other.result().beyond_limits
    assert UnverifiedSearch.objects.filter(by=deputy).count() == UNVERIFIED_INCIDENTS_A_DAY + 1


def test_two_pages_at_once_show_no_more_than_a_week_allows() -> None:
    Limits.objects.update(unverified_incidents_a_day=5, unverified_owners_a_week=25)
    deputy = person("deputy")
    near, far = LINN_PARK, north_of(LINN_PARK, 2000)
    incidents: list[Incident] = [incident_at(point, verified=False, by=deputy) for point in (near, far)]
    first, second = (draft_of(incident) for incident in incidents)
    register_at([north_of(point, number) for number in range(20) for point in (near, far)])
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert canvasses.show(canvass=first, by=deputy).cameras
            other = beside(pool, lambda: canvasses.show(canvass=second, by=deputy).cameras)
            assert not wait([other], timeout=0.5).done
        assert other.result() is None


def test_one_number_in_two_windows_opens_and_searches_once() -> None:
    registrant_at()
    deputy, now = person("deputy"), timezone.now()
    kind = IncidentType.objects.get(code="burglary")
    hours = {"starts_at": now - timedelta(hours=2), "ends_at": now - timedelta(hours=1)}
    wanted = CanvassArea(area=Area(LINN_PARK, RADIUS_M), purpose=purpose(), reason=REASON, **hours)

    def begins() -> Canvass:
        said = {"number": "2026-004711", "type": kind, "place": "Linn Park", "point": LINN_PARK}
        return canvasses.draft_from_call(by=deputy, wanted=wanted, **said, **hours)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            begins()
            other = beside(pool, begins)
            assert not wait([other], timeout=0.5).done
        with pytest.raises(ValidationError, match="2026-004711 already exists"):
            other.result()
    assert Incident.objects.count() == Canvass.objects.count() == 1
    assert UnverifiedSearch.objects.filter(by=deputy).count() == 1
