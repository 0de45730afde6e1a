"""Wrong acts that the portal's own services write into the log are found, and right ones are not."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from audit.log.actors import Source, Subject, acting_from
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Line, record, record_at_once, record_many, record_refusal
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.homes import services as homes
from fusus_portal.oversight.review import flags, rules, week
from fusus_portal.oversight.review.flags.kinds import Flag, FlagKind
from integration.rules import WATCHED_LONG
from integration.watch_hours import services as watch_hours
from integration.watch_hours.models import WatchedDay
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from tests.factories import draft_of, incident_at, registrant_at, request_at

pytestmark = pytest.mark.django_db

CAMERA = "3f0e0c6e-6d0a-4c52-8a53-0d1f6d0f7c11"
INCIDENT = "9a7be8d5-52a0-4d0e-a4ce-0e5f6cb1d2a7"


def found() -> list[Flag]:
    return flags.found(week.of(timezone.now()))


def kinds_of(person: User) -> set[FlagKind]:
    return {flag.kind for flag in found() if flag.person == person.pseudonym}


def searched(deputy: User, *, verified: bool, times: int = rules.SAME_REASON_INCIDENTS) -> None:
    """Let a deputy open incidents at one place, and search around each for the same reason."""
    registrant_at()
    for _each in range(times):
        draft_of(incident_at(by=deputy, verified=verified), by=deputy)


def let_lapse() -> None:
    """Let a day pass in which nobody verifies anything."""
    Incident.objects.update(opened_at=timezone.now() - timedelta(days=2))
    incidents.close_unverified()


def test_one_home_searched_for_what_never_was_is_found_by_five_rules(deputy: User, administrator: User) -> None:
    homes.note(account=deputy, by=administrator, zip_code="35203")
    searched(deputy, verified=False)
    waiting = {FlagKind.SAME_OWNER, FlagKind.SAME_REASON, FlagKind.NEAR_HOME}
    assert kinds_of(deputy) == waiting
    let_lapse()
    assert kinds_of(deputy) == waiting | {FlagKind.NO_CALL, FlagKind.UNVERIFIED}
    for flag in found():
        assert list(flag.entries) == sorted(flag.entries)
        assert AuditEntry.objects.filter(pk__in=flag.entries).count() == len(flag.entries) > 0


def test_the_same_for_incidents_that_a_supervisor_verified_is_found_by_fewer(deputy: User) -> None:
    searched(deputy, verified=True)
    let_lapse()
    assert kinds_of(deputy) == {FlagKind.SAME_OWNER, FlagKind.SAME_REASON}


def test_a_search_or_two_is_nothing(deputy: User, administrator: User) -> None:
    homes.note(account=deputy, by=administrator, zip_code="35210")
    searched(deputy, verified=True, times=2)
    assert found() == []


def test_an_owner_s_answer_changes_no_flag(deputy: User) -> None:
    searched(deputy, verified=True)
    asked = request_at("sent", by=deputy)
    before = found()
    requests.decline(request=asked, by=link_actor(asked))
    assert found() == before != []
    other = draft_of(incident_at(by=deputy), by=deputy)
    canvasses.send(canvass=other, by=deputy)
    before = found()
    for request in FootageRequest.objects.filter(canvass=other):
        requests.decline(request=request, by=link_actor(request))
    assert found() == before


def test_live_views_that_last_and_are_extended_are_found(deputy: User) -> None:
    camera = Subject("camera", CAMERA)
    line = Line(camera, CAMERA)
    with transaction.atomic():
        for event, times in ((Event.VIEW_WATCHED, rules.LONG_VIEW_MINUTES), (Event.VIEW_EXTENDED, 3)):
            record_many(event=event, actor=deputy.actor, lines=[line] * times, incident=INCIDENT)
    assert kinds_of(deputy) == set()
    with transaction.atomic():
        for event in (Event.VIEW_WATCHED, Event.VIEW_EXTENDED):
            record(event=event, actor=deputy.actor, subject=camera, camera=CAMERA, incident=INCIDENT)
    assert kinds_of(deputy) == {FlagKind.LONG_VIEWS, FlagKind.EXTENSIONS}


def test_a_declaration_renewed_by_several_supervisors_is_found(supervisor: User, other_supervisor: User) -> None:
    by = (supervisor, other_supervisor, supervisor)
    with transaction.atomic():
        for number, each in enumerate(by):
            subject = Subject("declaration", str(number))
            record(event=Event.CRITICAL_RENEWED, actor=each.actor, subject=subject, incident=INCIDENT)
    [flag] = found()
    assert (flag.kind, flag.facts["times"]) == (FlagKind.EXTENSIONS, rules.RENEWED_TIMES)


def test_broken_glass_is_found_with_its_story_about_who_asked(deputy: User, other_deputy: User) -> None:
    subject = Subject("declaration", INCIDENT)
    with transaction.atomic():
        asked = record_at_once(event=Event.GLASS_ASKED, actor=deputy.actor, subject=subject)
        assert found() == []
        broken = record_at_once(event=Event.GLASS_BROKEN, actor=other_deputy.actor, subject=subject)
    [flag] = found()
    assert (flag.person, flag.entries) == (deputy.pseudonym, (asked.pk, broken.pk))
    assert flag.facts == {"justification": "waiting"}
    with transaction.atomic():
        record(event=Event.GLASS_JUSTIFIED, actor=deputy.actor, subject=subject)
    assert found()[0].facts == {"justification": "justified"}
    with transaction.atomic():
        record(event=Event.GLASS_OVERDUE, actor=deputy.actor, subject=subject)
    [flag] = found()
    assert (flag.facts, flag.weight) == ({"justification": "overdue"}, 2)


def test_what_the_alarm_of_watch_hours_found_is_one_flag_for_each_kind_of_thing() -> None:
    seconds = int(WATCHED_LONG.total_seconds()) + 60
    for number in (1, 2):
        camera = f"{CAMERA[:-1]}{number}"
        WatchedDay.objects.create(
            day=timezone.localdate(),
            camera=camera,
            premises_kind="home",
            zip_code="35203",
            deputy="Deputy K7Q2",
            seconds=seconds * number,
        )
    watch_hours.flag()
    [flag] = [each for each in found() if each.facts.get("about") == "camera"]
    assert (flag.kind, flag.person, len(flag.entries)) == (FlagKind.WATCH_HOURS, "", 2)
    assert (flag.facts["found"], flag.facts["seconds"]) == (2, 2 * seconds)


@pytest.mark.parametrize(
    ("times", "kinds"), [(rules.REFUSED_TIMES, {FlagKind.REFUSED}), (rules.REFUSED_TIMES - 1, set())]
)
def test_tried_doors_are_found(times: int, kinds: set[FlagKind], deputy: User, resident: User) -> None:
    for number in range(times):
        for person in (deputy, resident):
            subject = Subject("incident", str(number))
            record_refusal(event=Event.ACT_NOT_FOUND, actor=person.actor, subject=subject, facts={})
    for number in range(times):
        subject = Subject("canvass", str(number))
        record_refusal(event=Event.ACT_STALE, actor=deputy.actor, subject=subject, facts={})
    assert {flag.kind for flag in found()} == kinds


@pytest.mark.parametrize(("desks", "kinds"), [(3, {FlagKind.SHARED_ACCOUNT}), (2, set())])
def test_an_account_at_three_desks_is_found(desks: int, kinds: set[FlagKind], deputy: User, resident: User) -> None:
    for desk in range(desks):
        for person in (deputy, resident):
            source = Source(f"10.{desk}.0.7", f"Browser {desk}", f"{person.pk}-{desk}")
            with acting_from(source), transaction.atomic():
                record(event=Event.SIGNED_IN, actor=person.actor, subject=person.subject)
    assert kinds_of(deputy) == kinds
    assert {flag.person for flag in found()} <= {deputy.pseudonym}
