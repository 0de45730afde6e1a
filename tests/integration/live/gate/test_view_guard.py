"""The database itself refuses a view, and a declaration, that the rules do not allow: each is tried by SQL."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from integration.cores.services import cameras, cores
from integration.critical import services as critical
from integration.critical.models import Declaration
from integration.live.models import ViewGrant
from integration.sharing import services as sharing
from registry.incidents.services import incidents
from registry.places.models import Premises
from registry.places.services import cameras as camera_services
from tests.factories import LINN_PARK, incident_at, north_of, person
from tests.integration.critical.scenes import AGAIN, REASON, Scene, broken, scene

pytestmark = pytest.mark.django_db

make_world = scene

COLUMNS = (
    "id, declaration_id, incident_id, camera_id, deputy_id, reason, network, session, state, began_at, ends_at,"
    ' extensions, "end", condition, minutes, sent_bytes, premises_kind, zip_code'
)


def insert(made: Scene, **changes: Any) -> None:
    """Write a view past every service."""
    now = timezone.now()
    declaration = made.declaration
    assert declaration is not None
    row: dict[str, Any] = {
        "id": uuid4(),
        "declaration_id": declaration.pk,
        "incident_id": made.incident.pk,
        "camera_id": made.camera.pk,
        "deputy_id": made.deputy.pk,
        "reason": REASON,
        "network": "192.0.2.17",
        "session": bytes(32),
        "state": "running",
        "began_at": now,
        "ends_at": now + timedelta(minutes=30),
        "extensions": 0,
        "end": "",
        "condition": "",
        "minutes": 0,
        "sent_bytes": 0,
        "premises_kind": "business",
        "zip_code": "35203",
    } | changes
    marks = ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO integration_viewgrant ({COLUMNS}) VALUES ({marks})", list(row.values()))


def test_a_view_that_the_rules_allow_can_be_written(world: Scene) -> None:
    insert(world)
    assert ViewGrant.objects.filter(state="running").count() == 1


def end_it(made: Scene) -> None:
    assert made.declaration is not None
    critical.end_declaration(declaration=made.declaration, by=made.supervisor)


def move(made: Scene) -> None:
    place = Premises.objects.filter(pk=made.camera.camera.premises_id)
    place.update(latitude=north_of(LINN_PARK, 503).latitude)


BREAKS: dict[str, Callable[[Scene], object]] = {
    "declaration ended": end_it,
    "incident closed": lambda made: incidents.close(incident=made.incident, by=made.supervisor),
    "outside of the circle": move,
    "only as good as its ZIP code": lambda made: Premises.objects.filter(pk=made.camera.camera.premises_id).update(
        precision="area"
    ),
    "core suspended": lambda made: cores.suspend(core=made.camera.core, by=person(Role.CLERK)),
    "camera disconnected": lambda made: cameras.disconnect(behind=made.camera, by=made.owner),
    "camera paused in the registry": lambda made: camera_services.pause(camera=made.camera.camera, by=made.owner),
    "owner paused": lambda made: sharing.pause_sharing(registrant=made.registrant, by=made.owner),
    "not assigned": lambda made: incidents.unassign(incident=made.incident, user=made.deputy, by=made.supervisor),
}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_view_is_refused_once_something_does_not_hold(world: Scene, name: str) -> None:
    BREAKS[name](world)
    with pytest.raises(DatabaseError, match=r"a view needs a declaration|may not be seen|works on the incident"):
        insert(world)
    assert not ViewGrant.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda made: {"ends_at": made.declaration.ends_at + timedelta(seconds=1)},
        lambda made: {"began_at": made.declaration.starts_at - timedelta(seconds=1)},
        lambda made: {"incident_id": incident_at(by=person(Role.DEPUTY)).pk},
        lambda made: {"camera_id": None},
    ],
    ids=["longer than the declaration", "before it", "of another incident", "of no camera"],
)
def test_a_view_that_goes_beyond_its_declaration_is_refused(
    world: Scene, change: Callable[[Scene], dict[str, Any]]
) -> None:
    with pytest.raises(DatabaseError):
        insert(world, **change(world))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.CLERK])
def test_nobody_but_a_deputy_or_supervisor_sees_a_camera(world: Scene, role: str) -> None:
    other = person(role)
    world.incident.assignments.create(user=other, assigned_by=world.supervisor)
    with pytest.raises(DatabaseError, match="works on the incident"):
        insert(world, deputy_id=other.pk)


def update(made: Any, **changes: Any) -> None:
    """Change a row past every service."""
    with transaction.atomic():
        type(made).objects.filter(pk=made.pk).update(**changes)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": AGAIN},
        {"network": "192.0.2.99"},
        {"session": bytes(31) + b"\x01"},
        {"began_at": timezone.now() - timedelta(hours=1)},
        {"zip_code": "35004"},
    ],
)
def test_what_a_view_was_granted_for_stays(world: Scene, change: dict[str, Any]) -> None:
    view = world.view()
    with pytest.raises(DatabaseError, match="keeps what it was granted for"):
        update(view, **change)


def test_a_view_is_not_made_longer_than_its_declaration_nor_once_that_ended(world: Scene) -> None:
    view = world.view()
    assert world.declaration is not None
    with pytest.raises(DatabaseError, match="needs a declaration"):
        update(view, ends_at=(world.declaration.ends_at or timezone.now()) + timedelta(seconds=1))
    Declaration.objects.filter(pk=world.declaration.pk).update(
        state="ended", ended_at=timezone.now(), end="ended", ended_by=world.supervisor
    )
    with pytest.raises(DatabaseError, match="needs a declaration"):
        update(view, ends_at=view.ends_at + timedelta(minutes=1))


def test_a_view_that_ended_does_not_run_again(world: Scene) -> None:
    view = world.view()
    end_it(world)
    with pytest.raises(DatabaseError, match="ends once"):
        update(view, state="running", ended_at=None, end="", condition="")


@pytest.mark.parametrize(
    "change",
    [
        {"radius_m": 600.0},
        {"latitude": LINN_PARK.latitude + 0.001},
        {"reason": AGAIN},
        {"beyond_limits": True},
        {"starts_at": timezone.now() - timedelta(days=1)},
        {"first_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_a_declaration_keeps_its_circle_its_word_and_its_beginning(world: Scene, change: dict[str, Any]) -> None:
    declaration = world.declaration
    with pytest.raises(DatabaseError, match="keeps its incident, circle, word and times"):
        update(declaration, **change)


def declared(made: Scene, **changes: Any) -> None:
    """Write a declaration past every service."""
    now = timezone.now()
    row: dict[str, Any] = {
        "incident": made.incident,
        "kind": "supervisor",
        "state": "in_force",
        "latitude": LINN_PARK.latitude,
        "longitude": LINN_PARK.longitude,
        "precision": "pinned",
        "radius_m": 500.0,
        "reason": REASON,
        "declared_by": made.supervisor,
        "starts_at": now,
        "first_at": now,
        "ends_at": now + timedelta(hours=4),
    }
    with transaction.atomic():
        Declaration.objects.create(**row | changes)


def test_a_declaration_that_the_rules_allow_can_be_written() -> None:
    declared(scene(critical=False))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda made: {"declared_by": made.deputy}, "by a supervisor who did not open it"),
        (lambda made: {"declared_by": person(Role.ADMINISTRATOR)}, "by a supervisor who did not open it"),
        (lambda made: {"kind": "type", "declared_by": None}, "from dispatch"),
        (lambda made: {"radius_m": 700.0}, "second person"),
        (
            lambda made: {
                "kind": "break_glass",
                "declared_by": made.deputy,
                "seconded_by": person(Role.AUDITOR),
                "seconded_at": timezone.now(),
                "ends_at": timezone.now() + timedelta(minutes=29),
                "justify_by": timezone.now(),
            },
            "two deputies or supervisors",
        ),
        (lambda made: {"ends_at": timezone.now() + timedelta(hours=25)}, "declaration_times"),
    ],
)
def test_a_declaration_on_nobodys_word_is_refused(change: Callable[[Scene], dict[str, Any]], words: str) -> None:
    made = scene(critical=False)
    with pytest.raises(DatabaseError, match=words):
        declared(made, **change(made))


def test_an_opener_who_is_a_supervisor_does_not_declare() -> None:
    opener = person(Role.SUPERVISOR)
    made = scene(critical=False)
    made.incident = incident_at(by=opener)
    with pytest.raises(DatabaseError, match="did not open it"):
        declared(made, declared_by=opener)


def test_an_incident_that_nobody_verified_is_not_declared() -> None:
    with pytest.raises(DatabaseError, match="open and verified"):
        declared(scene(critical=False, verified=False))


def test_the_day_of_an_incident_does_not_begin_anew(world: Scene) -> None:
    end_it(world)
    with pytest.raises(DatabaseError, match="count from its first declaration"):
        declared(world)


def test_the_glass_is_broken_once_and_for_half_an_hour() -> None:
    made = scene(critical=False)
    glass = broken(made)
    with pytest.raises(DatabaseError, match="declaration_glass_is_short"):
        update(glass, ends_at=(glass.ends_at or timezone.now()) + timedelta(minutes=1))
    end_it_of = glass
    critical.end_declaration(declaration=end_it_of, by=made.supervisor)
    with pytest.raises(DatabaseError, match="declaration_glass_broken_once"):
        declared(
            made,
            kind="break_glass",
            declared_by=made.deputy,
            seconded_by=made.others[0],
            seconded_at=timezone.now(),
            first_at=glass.first_at,
            ends_at=timezone.now() + timedelta(minutes=20),
            justify_by=timezone.now(),
        )
