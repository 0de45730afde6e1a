"""The database says of broken glass what the gate says: two people who may, for this declaration alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from integration.critical import services as critical
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.critical.scenes import broken, scene
from tests.integration.live.gate.test_view_guard import declared, insert

pytestmark = pytest.mark.django_db


def test_glass_of_an_unverified_incident_carries_a_view_and_nothing_else_does() -> None:
    made = scene(critical=False, verified=False)
    made.declaration = broken(made)
    insert(made, ends_at=timezone.now() + timedelta(minutes=20))
    critical.end_declaration(declaration=made.declaration, by=made.deputy)
    with pytest.raises(DatabaseError, match="a view needs a declaration"):
        insert(made, ends_at=timezone.now() + timedelta(minutes=20))


@pytest.mark.parametrize("breaks", ["asker off the incident", "second disabled", "incident closed", "asker a clerk"])
def test_glass_is_broken_only_by_two_who_may(breaks: str) -> None:
    made = scene(critical=False, verified=False)
    second = person(Role.DEPUTY)
    glass: dict[str, Any] = {
        "kind": "break_glass",
        "declared_by": made.deputy,
        "seconded_by": second,
        "seconded_at": timezone.now(),
        "ends_at": timezone.now() + timedelta(minutes=29),
        "justify_by": timezone.now(),
    }
    if breaks == "asker off the incident":
        made.incident.assignments.all().delete()
    elif breaks == "second disabled":
        User.objects.filter(pk=second.pk).update(is_active=False, disabled_at=timezone.now())
    elif breaks == "incident closed":
        incidents.close(incident=made.incident, by=made.supervisor)
    else:
        glass["declared_by"] = person(Role.CLERK)
    with pytest.raises(DatabaseError, match=r"two deputies or supervisors|only an open"):
        declared(made, **glass)


def test_glass_of_an_unverified_incident_can_be_broken() -> None:
    made = scene(critical=False, verified=False)
    assert broken(made).state == "in_force"
