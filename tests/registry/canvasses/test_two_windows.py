"""One person in two windows at once searches and sees no more than in one."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import pytest
from django.db import connection, transaction

from registry.canvasses.models.unverified_searches import UnverifiedSearch
from registry.canvasses.services import canvasses
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, person, registrant_at

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
    first, second = (incident_at(verified=False, by=deputy) for _ in range(2))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert not draft_of(first).beyond_limits
            other = beside(pool, lambda: draft_of(second))
            assert not wait([other], timeout=0.5).done
        assert other.result().beyond_limits
    assert UnverifiedSearch.objects.filter(by=deputy).count() == 2


def test_two_pages_at_once_show_no_more_than_a_week_allows() -> None:
    Limits.objects.update(unverified_incidents_a_day=5, unverified_owners_a_week=25)
    deputy = person("deputy")
    near, far = LINN_PARK, north_of(LINN_PARK, 2000)
    incidents: list[Incident] = [incident_at(point, verified=False, by=deputy) for point in (near, far)]
    first, second = (draft_of(incident) for incident in incidents)
    for number in range(20):
        registrant_at(north_of(near, number))
        registrant_at(north_of(far, number))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert canvasses.show(canvass=first, by=deputy).cameras
            other = beside(pool, lambda: canvasses.show(canvass=second, by=deputy).cameras)
            assert not wait([other], timeout=0.5).done
        assert other.result() is None
