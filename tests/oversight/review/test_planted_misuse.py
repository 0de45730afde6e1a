"""Four scandals with their real numbers, found in their first week among the honest work of 400 people.

Some two minutes on two cores that do little else. The database's own clock is led through them. How few cards an honest
year asks for is measured by the benchmark `oversight.flags`.
"""

from collections.abc import Iterator
from random import Random

import pytest

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.oversight.review import flags, week as weeks
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind
from tests.oversight.review.simulation import county, scandals
from tests.oversight.review.simulation.clock import LedClock, fresh_portal, led_server
from tests.oversight.review.simulation.scandals import Kansas
from tests.oversight.review.simulation.work import DAY, Work
from tests.oversight.review.simulation.year import first_monday

pytestmark = pytest.mark.long

SEED = 7
AUSTIN = 80
"""Searches without a call, so that they are a fifth of the week's with those of the others."""


@pytest.fixture(scope="module")
def server(django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[Postgres, LedClock]]:
    """Return a database server whose clock is led."""
    with django_db_blocker.unblock(), led_server(first_monday()) as led:  # type: ignore[attr-defined]
        yield led


@pytest.fixture
def work(server: tuple[Postgres, LedClock], empty_cache: None) -> Iterator[Work]:
    """Return a county at the beginning of its first week, in a database of its own."""
    postgres, clock = server
    random = Random(SEED)  # noqa: S311 (a run that can be had again)
    clock.lead_to(first_monday())
    with fresh_portal(postgres):
        yield Work(county.build(random), clock, random)
        clock.let_go()


def found_of(found: list[Flag], person: str) -> set[FlagKind]:
    return {flag.kind for flag in found if flag.person == person}


def test_four_scandals_are_found_in_the_first_week(work: Work) -> None:
    begin = first_monday()
    week = weeks.of(begin)
    kansas, toledo, *chicago = work.random.sample(work.county.officers, 2 + scandals.ROOMS)
    work.plan(week)
    days = Kansas(work, kansas).plan(begin)
    scandals.austin(work, week, searches=AUSTIN)
    scandals.toledo(work, week, toledo)
    scandals.chicago(work, week, chicago)
    work.let_pass(week.end)
    found = flags.found(week)

    seen = AuditEntry.objects.filter(event=Event.CAMERA_FOUND, actor_id__in=[each.actor.id for each in chicago])
    assert seen.count() >= scandals.CAMERAS
    watched = AuditEntry.objects.filter(event=Event.VIEW_WATCHED, actor_id=toledo.actor.id).count()
    assert abs(watched / 60 - scandals.HOURS_A_YEAR / 52) < 1

    assert found_of(found, kansas.account.pseudonym) >= {FlagKind.NO_CALL, FlagKind.UNVERIFIED, FlagKind.SAME_OWNER}
    [office] = [flag for flag in found if flag.kind == FlagKind.NO_CALL and not flag.person]
    assert int(office.facts["percent"]) >= 20
    assert FlagKind.LONG_VIEWS in found_of(found, toledo.account.pseudonym)
    hours = {str(flag.facts["about"]) for flag in found if flag.kind == FlagKind.WATCH_HOURS}
    assert {"camera", "kind"} <= hours
    for room in chicago:
        assert FlagKind.SHARED_ACCOUNT in found_of(found, room.account.pseudonym)
    worst = {flag.person for flag in found[:10]}
    assert {kansas.account.pseudonym, toledo.account.pseudonym} <= worst

    work.let_pass(begin + (days + 2) * DAY)
    own = AuditEntry.objects.filter(event__in=[Event.CANVASS_DRAFTED, Event.CANVASS_CHANGED], actor_id=kansas.actor.id)
    assert own.exclude(subject_id="").filter(facts__has_key="radius_m").count() == scandals.SEARCHES
