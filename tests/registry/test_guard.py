"""Rows that the database itself refuses from anybody: who may be asked (R3), and where footage is (R5)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg.errors import (
    CheckViolation,
    ForeignKeyViolation,
    InsufficientPrivilege,
    RestrictViolation,
    UniqueViolation,
)

from audit.log.actors import Source, Subject, acting_from
from audit.log.events import Event
from audit.log.services import Ticket, open_ticket, record_at_once
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point, Precision, square_miles
from registry.canvasses.models import Canvass, FootageRequest, RequestCamera
from registry.footage.models import Evidence
from registry.incidents.models import Incident, IncidentType
from registry.incidents.services import incidents
from registry.places.models import Camera, Premises
from registry.rules import LINK_LIFE
from tests.database.clone import Clone
from tests.factories import LINN_PARK, RADIUS_M, camera_at, canvass_at, draft_of, incident_at, north_of, request_at
from tests.registry.footage.footage import evidence_of

SIGN_IN = "sign-in of a test"
LOCATION = "SELECT registry_footage_location_of(%s, %s, %s, %s, %s, %s)"


def refused_with(code: type[Exception], error: pytest.ExceptionInfo[Exception]) -> bool:
    return isinstance(error.value.__cause__, code)


def request_row(canvass: Canvass, camera: Camera, **changes: Any) -> FootageRequest:
    now = timezone.now()
    fields: dict[str, Any] = {
        "canvass": canvass,
        "incident_id": canvass.incident_id,
        "registrant_id": camera.premises.registrant_id,
        "sent_at": now,
        "expires_at": now + LINK_LIFE,
    }
    return FootageRequest.objects.create(**fields | changes)


def ask_about(canvass: Canvass, camera: Camera) -> RequestCamera:
    return RequestCamera.objects.create(request=request_row(canvass, camera), camera=camera)


@pytest.mark.django_db
@pytest.mark.parametrize("meters", [0.0, RADIUS_M - 1, RADIUS_M + 0.5])
def test_it_takes_a_camera_inside_the_circle(meters: float) -> None:
    camera = camera_at(north_of(LINN_PARK, meters))
    assert ask_about(draft_of(incident_at()), camera).pk


@pytest.mark.django_db
@pytest.mark.parametrize("meters", [RADIUS_M + 2, RADIUS_M + 400])
def test_it_refuses_a_camera_outside_the_circle(meters: float) -> None:
    camera, canvass = camera_at(north_of(LINN_PARK, meters)), draft_of(incident_at())
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        ask_about(canvass, camera)
    assert refused_with(RestrictViolation, error)


@pytest.mark.django_db
def test_it_refuses_a_camera_whose_point_is_only_its_zip_code() -> None:
    camera, canvass = camera_at(), draft_of(incident_at())
    Premises.objects.filter(pk=camera.premises_id).update(precision=Precision.AREA)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        ask_about(canvass, camera)
    assert refused_with(RestrictViolation, error)


@pytest.mark.django_db
def test_it_refuses_a_camera_that_left_the_registry() -> None:
    camera, canvass = camera_at(), draft_of(incident_at())
    Camera.objects.filter(pk=camera.pk).update(removed_at=timezone.now())
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        ask_about(canvass, camera)
    assert refused_with(RestrictViolation, error)


@pytest.mark.django_db
def test_it_refuses_a_camera_of_somebody_else_than_the_one_asked() -> None:
    camera, other, canvass = camera_at(), camera_at(), draft_of(incident_at())
    request = request_row(canvass, other)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        RequestCamera.objects.create(request=request, camera=camera)
    assert refused_with(RestrictViolation, error)


@pytest.mark.django_db
def test_it_refuses_to_point_a_request_at_another_camera_later() -> None:
    far, row = camera_at(north_of(LINN_PARK, 900)), ask_about(draft_of(incident_at()), camera_at())
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        RequestCamera.objects.filter(pk=row.pk).update(camera=far)
    assert refused_with(RestrictViolation, error)


@pytest.mark.django_db
def test_it_refuses_a_request_for_a_closed_incident() -> None:
    camera, canvass = camera_at(), draft_of(incident_at())
    incidents.close(incident=canvass.incident, by=canvass.created_by)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        request_row(canvass, camera)
    assert refused_with(RestrictViolation, error)


@pytest.mark.django_db
def test_it_refuses_a_request_whose_incident_is_not_its_canvass_s() -> None:
    camera, canvass = camera_at(), draft_of(incident_at())
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        request_row(canvass, camera, incident_id=incident_at().pk)
    assert refused_with(RestrictViolation, error)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"radius_m": 500, "square_miles": square_miles(500)},
        {"latitude": 33.6},
        {"reason": "Something else altogether."},
    ],
)
def test_it_refuses_to_move_the_circle_of_a_sent_canvass(change: dict[str, Any]) -> None:
    canvass = canvass_at("sent")
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Canvass.objects.filter(pk=canvass.pk).update(**change)
    assert refused_with(RestrictViolation, error)
    assert Canvass.objects.filter(pk=draft_of(incident_at()).pk).update(**change) == 1


@pytest.mark.django_db
def test_it_refuses_a_second_request_to_an_owner_for_one_incident() -> None:
    request = request_at("declined")
    camera = Camera.objects.select_related("premises").get(premises__registrant=request.registrant)
    again = draft_of(request.incident)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        request_row(again, camera)
    assert refused_with(UniqueViolation, error)


@pytest.mark.django_db
def test_it_refuses_an_incident_verified_by_the_person_who_opened_it(supervisor: User) -> None:
    incident = incident_at(verified=False, by=supervisor)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(verified_by=supervisor, verified_at=timezone.now())
    assert refused_with(CheckViolation, error)


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["verified_at", "closed_at"])
def test_it_refuses_a_time_without_a_person(column: str) -> None:
    incident = incident_at(verified=False)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(**{column: timezone.now()})
    assert refused_with(CheckViolation, error)


@pytest.mark.django_db
def test_the_list_of_types_holds_crimes_and_emergencies_in_two_languages() -> None:
    assert set(IncidentType.objects.values_list("emergency", flat=True)) == {True, False}
    assert not IncidentType.objects.filter(name_es="").exists()


def keep(evidence: UUID, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO registry_footage_location (evidence, storage_key) VALUES (%s, %s)", [evidence, key])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM registry_footage_location",
        "SELECT storage_key FROM registry_footage_location LIMIT 1",
        "UPDATE registry_footage_location SET storage_key = 'x'",
        "DELETE FROM registry_footage_location",
        "TRUNCATE registry_footage_location",
        "INSERT INTO registry_footage_location VALUES (gen_random_uuid(), 'x') RETURNING storage_key",
    ],
)
def test_the_application_reads_and_changes_no_location(statement: str) -> None:
    with pytest.raises(ProgrammingError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert refused_with(InsufficientPrivilege, error)


@pytest.mark.django_db(transaction=True)
def test_a_location_belongs_to_evidence() -> None:
    with pytest.raises(IntegrityError) as error:
        keep(uuid4(), "somewhere")
    assert refused_with(ForeignKeyViolation, error)


def ticket_for(evidence: Evidence, user: User, event: Event) -> Ticket:
    with acting_from(Source(sign_in=SIGN_IN)), transaction.atomic():
        entry = record_at_once(event=event, actor=user.actor, subject=Subject("evidence", str(evidence.pk)))
    return open_ticket(entry=entry, actor=user.actor, sign_in=SIGN_IN)


def location(ticket: Ticket, user: User, evidence: UUID, *, event: str = "", sign_in: str = SIGN_IN) -> str:
    actor = user.actor
    asked = [ticket.token, event or ticket.event, actor.kind.value, actor.id, sign_in, evidence]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCATION, asked)
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("event", [Event.EVIDENCE_VIEWED, Event.EVIDENCE_DOWNLOADED])
def test_a_ticket_of_a_committed_view_tells_where_footage_lies(event: Event, deputy: User) -> None:
    evidence = evidence_of(request_at("footage"))
    keep(evidence.pk, "a/secret/place")
    assert location(ticket_for(evidence, deputy, event), deputy, evidence.pk) == "a/secret/place"


@pytest.mark.django_db(transaction=True)
def test_a_ticket_opens_nothing_else(deputy: User, other_deputy: User) -> None:
    request = request_at("footage")
    evidence, other = evidence_of(request), evidence_of(request)
    keep(evidence.pk, "one")
    keep(other.pk, "two")
    ticket = ticket_for(evidence, deputy, Event.EVIDENCE_VIEWED)
    forged = Ticket("0" * 64, ticket.event, ticket.subject_kind, ticket.subject_id)
    attempts: list[tuple[Ticket, User, UUID, dict[str, str]]] = [
        (ticket, deputy, other.pk, {}),
        (ticket, other_deputy, evidence.pk, {}),
        (ticket, deputy, evidence.pk, {"sign_in": "another"}),
        (ticket, deputy, evidence.pk, {"event": Event.EVIDENCE_DOWNLOADED.value}),
        (forged, deputy, evidence.pk, {}),
    ]
    for used, user, wanted, changes in attempts:
        with pytest.raises(ProgrammingError) as error:
            location(used, user, wanted, **changes)
        assert refused_with(InsufficientPrivilege, error)
    assert location(ticket, deputy, evidence.pk) == "one"


@pytest.mark.django_db(transaction=True)
def test_a_ticket_for_another_kind_of_event_opens_no_footage(deputy: User) -> None:
    evidence = evidence_of(request_at("footage"))
    keep(evidence.pk, "one")
    ticket = ticket_for(evidence, deputy, Event.EVIDENCE_RECEIVED)
    with pytest.raises(ProgrammingError) as error:
        location(ticket, deputy, evidence.pk)
    assert refused_with(InsufficientPrivilege, error)


def test_the_location_function_is_the_application_s_alone(portal_db: Clone) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT role, has_function_privilege(role, "
            "'registry_footage_location_of(text, text, text, text, text, uuid)', 'EXECUTE') "
            "FROM unnest(ARRAY['portal_app', 'portal_sealer', 'portal_migrator']) AS role"
        )
        assert dict(cursor.fetchall()) == {"portal_app": True, "portal_sealer": False, "portal_migrator": False}


def test_the_circle_is_measured_as_the_search_measures_it() -> None:
    assert abs(north_of(LINN_PARK, 300).distance_m(Point(LINN_PARK.latitude, LINN_PARK.longitude)) - 300) < 0.1
