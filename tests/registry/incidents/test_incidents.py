"""Incidents: opened, verified by a second person, worked on by those assigned, closed, lapsed."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale, why_not
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.models import FootageRequest
from registry.canvasses.states import RequestState
from registry.incidents import locks, selectors
from registry.incidents.models import Assignment, Incident, IncidentType
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.services import incidents as incident_services
from registry.incidents.states import IncidentState
from registry.incidents.tasks import close_unverified
from tests.factories import LINN_PARK, canvass_at, closed_for_good, incident_at, person, registrant_at
from tests.registry.entries import entries_of, events_after, newest_id

pytestmark = pytest.mark.django_db

NUMBER_LIKE = f"Write the incident number like {timezone.localdate().year}-000123."


def hours_ago(hours: float) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def open_by(by: User, **changes: Any) -> Incident:
    described: dict[str, Any] = {
        "number": "2026-000123",
        "type": IncidentType.objects.get(code="robbery"),
        "place": "Linn Park,  20th Street North",
        "point": LINN_PARK,
        "starts_at": hours_ago(2),
        "ends_at": hours_ago(1),
    }
    return incident_services.open(by=by, **described | changes)


def test_a_deputy_opens_an_incident_and_works_on_it(deputy: User) -> None:
    incident = open_by(deputy)
    incident.refresh_from_db()
    assert (incident.state, incident.is_verified, incident.place) == ("open", False, "Linn Park, 20th Street North")
    assert list(selectors.people_on(incident)) == [deputy]
    assert list(selectors.incidents_of(deputy)) == [incident]
    (entry,) = entries_of(Event.INCIDENT_OPENED, incident)
    assert (entry.incident_id, entry.offence_type, entry.actor_pseudonym) == (
        str(incident.pk),
        "robbery",
        deputy.pseudonym,
    )


@pytest.mark.parametrize("role", ["resident", "business", "auditor", "clerk", "administrator"])
def test_nobody_else_opens_one(role: str) -> None:
    with pytest.raises(Refused, match="Deputies and supervisors open incidents"):
        open_by(person(role))
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"number": "26-123"}, "number", NUMBER_LIKE),
        ({"number": "2026-00012\N{ARABIC-INDIC DIGIT THREE}"}, "number", NUMBER_LIKE),
        ({"number": ""}, "number", NUMBER_LIKE),
        ({"place": "  "}, "place", "This field cannot be blank."),
        (
            {"place": "Protest at Linn Park"},
            "place",
            "Footage is never asked for because of a protest, an assembly or other lawful activity.",
        ),
        (
            {"point": Point(33.28, -86.66)},
            "point",
            "This place is in Shelby County, Alabama. This registry is for Jefferson County, Alabama.",
        ),
        ({"starts_at": hours_ago(-1)}, "starts_at", "This is in the future. An incident has already begun."),
        ({"ends_at": hours_ago(30)}, "ends_at", "The end must come after the start."),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field(
    deputy: User, changes: dict[str, Any], field: str, sentence: str
) -> None:
    before = newest_id()
    with pytest.raises(ValidationError) as error:
        open_by(deputy, **changes)
    assert error.value.message_dict == {field: [sentence]}
    assert not Incident.objects.exists()
    assert not events_after(before)


def test_a_number_is_used_once(deputy: User, other_deputy: User) -> None:
    open_by(deputy)
    with pytest.raises(ValidationError) as error:
        open_by(other_deputy, number=" 2026-000123 ")
    assert error.value.message_dict == {
        "number": ["Incident 2026-000123 already exists, and you are not on it. Ask a supervisor to assign you."]
    }


def test_a_number_taken_in_the_same_moment_is_said_as_well(deputy: User, monkeypatch: pytest.MonkeyPatch) -> None:
    open_by(deputy)
    monkeypatch.setattr(incident_policies, "check_number", lambda number, *, by: number)
    with pytest.raises(ValidationError, match="already exists"):
        open_by(deputy)


def test_what_else_the_database_refuses_is_not_taken_for_a_number(
    deputy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_policies, "check_window", lambda starts_at, ends_at: None)
    with pytest.raises(IntegrityError, match="incident_window"):
        open_by(deputy, ends_at=hours_ago(30))


def test_the_agency_s_own_boundary_wins_over_the_county_s(deputy: User, settings: Any, tmp_path: Path) -> None:
    corners = [[-86.9, 33.6], [-86.8, 33.6], [-86.8, 33.7], [-86.9, 33.7], [-86.9, 33.6]]
    boundary = tmp_path / "boundary.json"
    boundary.write_text(json.dumps({"type": "Polygon", "coordinates": [corners]}))
    settings.AGENCY_BOUNDARY = str(boundary)
    with pytest.raises(ValidationError, match="This place is outside the area that this office serves"):
        open_by(deputy)
    assert open_by(deputy, point=Point(33.65, -86.85)).number


def test_a_second_supervisor_verifies_it(supervisor: User, deputy: User) -> None:
    incident = incident_services.verify(incident=open_by(deputy), by=supervisor)
    incident.refresh_from_db()
    assert (incident.is_verified, incident.verified_by) == (True, supervisor)
    (entry,) = entries_of(Event.INCIDENT_VERIFIED, incident)
    assert entry.actor_id == str(supervisor.pk)


def test_the_supervisor_who_opened_it_can_t_verify_it(supervisor: User) -> None:
    incident = open_by(supervisor)
    with pytest.raises(Refused, match="You opened this incident, so you can't verify it"):
        incident_services.verify(incident=incident, by=supervisor)
    assert not entries_of(Event.INCIDENT_VERIFIED)


def test_a_deputy_verifies_nothing(deputy: User, other_deputy: User) -> None:
    with pytest.raises(Refused, match="Supervisors verify incidents"):
        incident_services.verify(incident=open_by(deputy), by=other_deputy)


def test_it_is_verified_once(deputy: User, supervisor: User, other_supervisor: User) -> None:
    incident = incident_services.verify(incident=open_by(deputy), by=supervisor)
    with pytest.raises(Stale, match="This incident is already verified"):
        incident_services.verify(incident=incident, by=other_supervisor)
    assert len(entries_of(Event.INCIDENT_VERIFIED, incident)) == 1


def test_a_closed_incident_is_not_verified_or_assigned(deputy: User, other_deputy: User, supervisor: User) -> None:
    incident = open_by(deputy)
    incident_services.close(incident=incident, by=deputy)
    with pytest.raises(Stale, match="Incident 2026-000123 is closed"):
        incident_services.verify(incident=incident, by=supervisor)
    with pytest.raises(Stale, match="Incident 2026-000123 is closed"):
        incident_services.assign(incident=incident, user=other_deputy, by=supervisor)


def test_a_supervisor_assigns_and_takes_off_each_once(deputy: User, other_deputy: User, supervisor: User) -> None:
    incident = open_by(deputy)
    for _ in range(2):
        incident_services.assign(incident=incident, user=other_deputy, by=supervisor)
    assert set(selectors.people_on(incident)) == {deputy, other_deputy}
    for _ in range(2):
        incident_services.unassign(incident=incident, user=other_deputy, by=supervisor)
    assert set(selectors.people_on(incident)) == {deputy}
    for event in (Event.INCIDENT_ASSIGNED, Event.INCIDENT_UNASSIGNED):
        (entry,) = entries_of(event, incident)
        assert entry.facts == {"person": str(other_deputy.pk)}


def test_a_deputy_assigns_nobody(deputy: User, other_deputy: User) -> None:
    incident = open_by(deputy)
    for act in (incident_services.assign, incident_services.unassign):
        with pytest.raises(Refused, match="Supervisors verify incidents, assign people"):
            act(incident=incident, user=other_deputy, by=deputy)
    assert Assignment.objects.count() == 1


def test_only_those_who_may_work_are_assigned(deputy: User, auditor: User, supervisor: User) -> None:
    with pytest.raises(Refused, match="Deputies and supervisors open incidents and work on them"):
        incident_services.assign(incident=open_by(deputy), user=auditor, by=supervisor)


def test_a_deputy_who_is_not_assigned_neither_sees_nor_closes_it(deputy: User, other_deputy: User) -> None:
    incident = open_by(deputy)
    assert list(selectors.visible_to(other_deputy)) == []
    with pytest.raises(NotYours):
        selectors.incident(other_deputy, incident.pk)
    for act in (incident_services.view, incident_services.close):
        with pytest.raises(Refused, match="Only people assigned to this incident can do this"):
            act(incident=incident, by=other_deputy)


def test_a_supervisor_sees_all_and_what_waits_for_them(
    deputy: User, supervisor: User, other_supervisor: User, auditor: User
) -> None:
    theirs, own = open_by(deputy), open_by(supervisor, number="2026-000124")
    assert set(selectors.visible_to(supervisor)) == {theirs, own}
    assert list(selectors.incidents_to_verify(supervisor)) == [theirs]
    assert list(selectors.incidents_to_verify(other_supervisor)) == [theirs, own]
    assert not selectors.incidents_to_verify(deputy)
    assert not selectors.visible_to(auditor)


def test_looking_at_an_incident_is_an_entry(deputy: User) -> None:
    incident = open_by(deputy)
    incident_services.view(incident=incident, by=deputy)
    (entry,) = entries_of(Event.INCIDENT_VIEWED, incident)
    assert entry.actor_id == str(deputy.pk)


def test_a_closing_for_good_withdraws_what_waits_and_tells_the_owners() -> None:
    canvass = canvass_at("sent", cameras=2)
    Message.objects.all().delete()
    incident = closed_for_good(canvass.incident, by=canvass.created_by)
    assert (incident.state, incident.closed_by, incident.lapsed_at) == ("closed", canvass.created_by, None)
    requests = FootageRequest.objects.filter(incident=incident)
    assert set(requests.values_list("state", "version")) == {(RequestState.WITHDRAWN, 2)}
    assert len(entries_of(Event.REQUEST_WITHDRAWN)) == 2
    assert set(Message.objects.values_list("kind", flat=True)) == {MessageKind.REQUEST_WITHDRAWN}
    assert Message.objects.count() == 2


def test_an_unverified_incident_closes_after_a_day_and_is_flagged(deputy: User) -> None:
    registrant_at()
    with time_machine.travel(timezone.now() - timedelta(hours=24, minutes=1), tick=False):
        overdue = incident_at(verified=False)
        verified = incident_at(verified=True)
    with time_machine.travel(timezone.now() - timedelta(hours=23), tick=False):
        young = incident_at(verified=False)
    assert close_unverified() == 1
    assert close_unverified() == 0
    overdue.refresh_from_db()
    assert overdue.state == IncidentState.CLOSED
    assert overdue.lapsed_at is not None
    assert overdue.closed_by is None
    (entry,) = entries_of(Event.INCIDENT_CLOSED)
    assert (entry.subject_id, entry.actor_kind, entry.facts) == (str(overdue.pk), "task", {"flag": "unverified"})
    assert set(Incident.objects.filter(state=IncidentState.OPEN)) == {verified, young}
    auditor = person("auditor")
    assert list(selectors.flagged_incidents(auditor)) == [overdue]
    assert not selectors.flagged_incidents(deputy)
    with time_machine.travel(timezone.now() + selectors.FLAGGED_FOR + timedelta(minutes=1)):
        assert not selectors.flagged_incidents(auditor)


def test_an_incident_verified_in_the_last_moment_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=25), tick=False):
        incident = incident_at(verified=False)
    read = locks.incident

    def verified_meanwhile(pk: UUID) -> Incident:
        Incident.objects.filter(pk=pk).update(verified_by=person("supervisor"), verified_at=timezone.now())
        return read(pk)

    monkeypatch.setattr(locks, "incident", verified_meanwhile)
    assert close_unverified() == 0
    incident.refresh_from_db()
    assert incident.state == IncidentState.OPEN


def test_the_button_says_the_sentence_of_the_refusal(deputy: User) -> None:
    incident = open_by(deputy)
    said = why_not(lambda: incident_policies.may_verify(deputy, incident))
    assert said == "Supervisors verify incidents, assign people to them, and settle what dispatch reports."
    assert why_not(lambda: incident_policies.check_number("7", by=deputy)) == NUMBER_LIKE
    assert why_not(lambda: incident_policies.may_work_on(deputy, incident)) == ""
