"""The list of purposes: what an agency may put on it, and what a canvass may have."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from psycopg.errors import CheckViolation

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused
from registry.canvasses.models import CanvassPurpose
from registry.canvasses.services import approvals
from registry.incidents.forbidden_reasons import LAWFUL_ASSEMBLY
from tests.factories import draft_of, incident_at, purpose
from tests.registry.entries import events_after, newest_id
from tests.registry.test_guard import refused_with

pytestmark = pytest.mark.django_db


def test_an_agency_starts_with_a_list_in_both_languages() -> None:
    assert CanvassPurpose.objects.count() >= 6
    assert all(name and name_es for one in CanvassPurpose.objects.all() for name, name_es in [one.names])
    with translation.override("es"):
        assert purpose().label == "Identificar un vehículo"
    assert purpose().label == "Identify a vehicle"


@pytest.mark.parametrize(
    ("name", "name_es", "field"),
    [
        ("Watch a protest", "Mirar", "name"),
        ("Watch what happens", "Observar una PROTESTA", "name_es"),
        ("Watch what happens", "Contar quién va a la manifestación", "name_es"),
        ("", "Mirar", "name"),
        ("Look", "  ", "name_es"),
        ("x" * 121, "Mirar", "name"),
        ("identify a VEHICLE", "Otra cosa", "name"),
        ("Find the victim Jane Doe", "Encontrar", "name"),
        ("Search the \uff21ssembly of God", "Buscar", "name"),
        ("Search the\u200bAssembly of God", "Buscar", "name"),
    ],
)
def test_what_may_never_be_a_purpose_is_refused(administrator: User, name: str, name_es: str, field: str) -> None:
    before, count = newest_id(), CanvassPurpose.objects.count()
    with pytest.raises(ValidationError) as error:
        approvals.add_purpose(by=administrator, name=name, name_es=name_es)
    assert set(error.value.message_dict) == {field}
    assert (CanvassPurpose.objects.count(), events_after(before)) == (count, [])
    with pytest.raises(ValidationError):
        approvals.change_purpose(
            purpose=CanvassPurpose.objects.last() or purpose(), by=administrator, name=name, name_es=name_es
        )


def test_a_purpose_may_have_120_characters(administrator: User) -> None:
    name, name_es = "Find a stolen car".ljust(120, "."), "Encontrar un coche".ljust(120, ".")
    approvals.add_purpose(by=administrator, name=name, name_es=name_es)


@pytest.mark.parametrize("field", ["name", "name_es"])
def test_the_database_refuses_an_assembly_too(field: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        CanvassPurpose.objects.filter(pk=purpose().pk).update(**{field: "See who came to the Rally"})
    assert refused_with(CheckViolation, error)


def test_the_database_knows_each_word_of_assembly() -> None:
    for word in sorted(LAWFUL_ASSEMBLY):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            CanvassPurpose.objects.filter(pk=purpose().pk).update(name_es=f"Observar {word.upper()} hoy")
        assert refused_with(CheckViolation, error), word


@pytest.mark.parametrize("role", ["deputy", "supervisor", "auditor", "clerk"])
def test_only_administrators_keep_it(role: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(role)
    with pytest.raises(Refused, match="Administrators keep the agency's data"):
        approvals.add_purpose(by=by, name="Find a stolen car", name_es="Encontrar un coche robado")
    with pytest.raises(Refused, match="Administrators keep the agency's data"):
        approvals.retire_purpose(purpose=purpose(), by=by)


def test_a_retired_one_stays_with_its_canvass_and_can_not_be_chosen(administrator: User) -> None:
    canvass = draft_of(incident_at())
    for _ in range(2):
        retired = approvals.retire_purpose(purpose=purpose(), by=administrator)
    with pytest.raises(ValidationError, match="no longer on the list"):
        draft_of(incident_at())
    canvass.refresh_from_db()
    assert canvass.purpose == retired
    for _ in range(2):
        approvals.restore_purpose(purpose=retired, by=administrator)
    assert draft_of(incident_at()).purpose == retired


def test_wording_it_as_it_is_changes_nothing(administrator: User) -> None:
    before = newest_id()
    approvals.change_purpose(
        purpose=purpose(), by=administrator, name=" Identify a vehicle", name_es="Identificar un vehículo "
    )
    assert not events_after(before)
