"""The limits of a canvass: its area, its window, its reason, and what an unverified incident allows."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.lifecycle import Refused
from registry.canvasses.models import Canvass, FootageRequest, UnverifiedSight
from registry.canvasses.presenters.console import map_initial
from registry.canvasses.services import canvasses
from registry.canvasses.services.searches import note_sights
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.rules import LARGEST_RADIUS_M, SMALLEST_RADIUS_M, UNVERIFIED_OWNERS
from tests.factories import LINN_PARK, draft_of, incident_at, north_of, person, registrant_at
from tests.registry.canvasses.many import register_many
from tests.registry.entries import events_after, newest_id

pytestmark = pytest.mark.django_db

TELLS_NOTHING = "This does not say why. Say it in a few words of your own."
REPEATS = "This only repeats what is known. Say why, in a few words of your own."
LAWFUL = "Footage is never asked for because of a protest, an assembly or other lawful activity."


NO_NAMES = "Leave out the names of victims. Write “the victim” instead."
NO_NUMBERS = "Leave out e-mail addresses, phone numbers and Social Security numbers."


def make_world() -> Incident:
    """Return an incident that is verified."""
    return incident_at(number="2026-777777")


def sentence_at(incident: Incident, field: str, **changes: Any) -> str:
    """Return the sentence with which a draft is refused at `field`; nothing may be left behind."""
    before = newest_id()
    with pytest.raises(ValidationError) as error:
        draft_of(incident, **changes)
    assert not Canvass.objects.exists()
    assert not events_after(before)
    assert set(error.value.message_dict) == {field}
    return " ".join(error.value.messages)


@pytest.mark.parametrize("radius_m", [SMALLEST_RADIUS_M, round(SMALLEST_RADIUS_M), LARGEST_RADIUS_M, 642])
def test_an_area_within_the_limits_is_taken(world: Incident, radius_m: float) -> None:
    canvass = draft_of(world, radius_m=radius_m)
    assert (canvass.radius_m, canvass.beyond_limits) == (radius_m, False)


@pytest.mark.parametrize("radius_m", [644, 1000, 1284])
def test_a_larger_area_needs_a_supervisor(world: Incident, radius_m: float) -> None:
    assert draft_of(world, radius_m=radius_m).beyond_limits


@pytest.mark.parametrize("hours", [12, 12.1, 47])
def test_a_longer_window_needs_a_supervisor(world: Incident, hours: float) -> None:
    ends_at = timezone.now() - timedelta(hours=1)
    canvass = draft_of(world, starts_at=ends_at - timedelta(hours=hours), ends_at=ends_at)
    assert canvass.beyond_limits == (hours > 12)


def test_an_area_beyond_the_limits_is_refused(world: Incident, subtests: pytest.Subtests) -> None:
    for radius_m, sentence in (
        (0, "This area is too small. The smallest is 0.025 square miles (a radius of 471 ft)."),
        (-5, "This area is too small. The smallest is 0.025 square miles (a radius of 471 ft)."),
        (140, "This area is too small. The smallest is 0.025 square miles (a radius of 471 ft)."),
        (float("nan"), "This area is too small. The smallest is 0.025 square miles (a radius of 471 ft)."),
        (1285, "This area is too large. The largest is 2 square miles (a radius of 4,212 ft)."),
        (9000, "This area is too large. The largest is 2 square miles (a radius of 4,212 ft)."),
    ):
        with subtests.test(radius_m=radius_m):
            assert sentence_at(world, "radius_m", radius_m=radius_m) == sentence


def test_an_area_elsewhere_is_refused(world: Incident) -> None:
    sentence = "This area is more than a mile from the incident."
    assert sentence_at(world, "center", center=north_of(LINN_PARK, 1700)) == sentence


def test_a_window_beyond_the_limits_is_refused(world: Incident, subtests: pytest.Subtests) -> None:
    now = timezone.now()
    for begins, ends, field, sentence in (
        (2, 2, "ends_at", "The end must come after the start."),
        (2, 3, "ends_at", "The end must come after the start."),
        (1, -1, "ends_at", "This is in the future. Only recordings that exist can be asked for."),
        (2, 1.8, "ends_at", "Ask for at least 15 minutes."),
        (50, 1, "ends_at", "Ask for at most 48 hours."),
        (90, 2, "ends_at", "Ask for at most 48 hours."),
        (40, 30, "starts_at", "This is more than a day away from the time of the incident."),
    ):
        with subtests.test(begins=begins, ends=ends):
            window = {"starts_at": now - timedelta(hours=begins), "ends_at": now - timedelta(hours=ends)}
            assert sentence_at(world, field, **window) == sentence


def test_a_reason_without_content_is_refused(world: Incident, subtests: pytest.Subtests) -> None:
    for reason, sentence in (
        ("", "Write why."),
        (" \n\t ", "Write why."),
        ("Investigation", TELLS_NOTHING),
        ("test", TELLS_NOTHING),
        ("n/a", TELLS_NOTHING),
        ("asdf", TELLS_NOTHING),
        ("asdf asdf asdf asdf asdf", TELLS_NOTHING),
        ("aaaaaaaaaaaaaaaaaaaaaaaaa", TELLS_NOTHING),
        ("!!! ... ??? --- +++ ((( )))", TELLS_NOTHING),
        ("Official business, law enforcement, under investigation.", TELLS_NOTHING),
        ("Burglary, 2026-777777", REPEATS),
        ("2026-777777 Burglary Linn Park, 20th Street North", REPEATS),
        ("Burglary at Linn Park, 20th Street North", REPEATS),
        ("Who came to the protest at the courthouse and with whom", LAWFUL),
        ("People leaving the RALLY walked north on 20th Street", LAWFUL),
        ("The victim Jane Doe was followed by a car", NO_NAMES),
        ("Victim's name: Ana María López, seen leaving the store", NO_NAMES),
        ("The victim, named Robert B. Smith, was followed to the corner", NO_NAMES),
        ("La víctima se llama Juana Pérez y salió por la puerta", NO_NAMES),
        ("Call 205-555-0117 for the man who saw the van leave", NO_NUMBERS),
        ("The caller at (205) 555 0117 saw a van leave the alley", NO_NUMBERS),
        ("Write to ana@people.example about the van in the alley", NO_NUMBERS),
        ("The van belongs to 123-45-6789 who left through the alley", NO_NUMBERS),
        ("x" * 501, "Use at most 500 characters. These are 501."),
    ):
        with subtests.test(reason=reason):
            assert sentence_at(world, "reason", reason=reason) == sentence


def test_a_reason_without_a_person_is_taken(world: Incident, subtests: pytest.Subtests) -> None:
    for reason in (
        "The victim saw a grey Ford Transit leave the alley",
        "Victims on Morris Avenue heard glass break at 3 in the morning",
        "A van with plate 4A 5512 left north after case 2026-000123",
        "Which way the white van went after it hit the cyclist",
        "Which way the white van went after it hit the cyclist".ljust(500, "."),
    ):
        with subtests.test(reason=reason):
            assert draft_of(world, reason=reason).reason == reason


def unverified(owners: int) -> Incident:
    register_many(owners)
    return incident_at(verified=False)


def test_an_unverified_incident_asks_up_to_25_owners_in_one_canvass() -> None:
    incident = unverified(UNVERIFIED_OWNERS)
    first = draft_of(incident)
    canvasses.send(canvass=first, by=first.created_by)
    assert FootageRequest.objects.count() == UNVERIFIED_OWNERS
    registrant_at()
    before = newest_id()
    with pytest.raises(Refused, match="A supervisor must verify this incident before another area is searched"):
        draft_of(incident)
    assert not events_after(before)
    incidents.verify(incident=incident, by=person("supervisor"))
    second = draft_of(incident)
    canvasses.send(canvass=second, by=second.created_by)
    assert FootageRequest.objects.count() == UNVERIFIED_OWNERS + 1


def test_a_discarded_search_of_an_unverified_incident_counts_too() -> None:
    incident = unverified(1)
    first = draft_of(incident)
    canvasses.close(canvass=first, by=first.created_by)
    with pytest.raises(Refused, match="before another area is searched"):
        draft_of(incident)


def test_an_unverified_incident_shows_no_address_of_more_than_25_owners() -> None:
    canvass = draft_of(unverified(UNVERIFIED_OWNERS + 1))
    before = newest_id()
    findings = canvasses.show(canvass=canvass, by=canvass.created_by)
    assert (findings.owners, findings.already_asked, findings.cameras) == (None, 0, None)
    assert events_after(before) == ["registry:canvass:view"]
    incidents.verify(incident=canvass.incident, by=person("supervisor"))
    verified = canvasses.show(canvass=canvass, by=canvass.created_by).cameras
    assert verified is not None
    assert len(verified) == UNVERIFIED_OWNERS + 1


def test_an_unverified_incident_asks_no_26th_owner() -> None:
    canvass = draft_of(unverified(UNVERIFIED_OWNERS + 1))
    before = newest_id()
    with pytest.raises(Refused, match="A supervisor must verify this incident before more than 25 owners are asked"):
        canvasses.send(canvass=canvass, by=canvass.created_by)
    assert not FootageRequest.objects.exists()
    assert not events_after(before)


def test_whom_one_person_was_shown_counts_for_a_week() -> None:
    deputy, incident = person("deputy"), incident_at(verified=False)
    shown = [registrant_at() for _owner in range(3)]
    now = timezone.now()
    for owner, days in zip(shown, (7, 6, 0), strict=True):
        with time_machine.travel(now - timedelta(days=days), tick=False):
            note_sights(incident, deputy, [owner.pk])
    assert {sight.registrant for sight in UnverifiedSight.objects.all()} == set(shown[1:])


@pytest.mark.parametrize(("hours", "proposed"), [(3, 3), (12, 12), (20, 12)])
def test_the_form_proposes_the_incident_s_time_as_far_as_it_may_be_asked_for(hours: int, proposed: int) -> None:
    now = timezone.now()
    incident = Incident(starts_at=now - timedelta(hours=hours), ends_at=now, latitude=33.5, longitude=-86.8)
    assert now - map_initial(incident)["starts_at"] == timedelta(hours=proposed)
