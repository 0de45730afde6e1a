"""Footage that the database itself does not let go: too early, under a hold, unannounced, or without a tombstone."""

import pytest
from django.db import IntegrityError, connection, transaction

from fusus_portal.ground.accounts.roles import Role
from registry.footage.models import Evidence, LegalHold
from registry.footage.services import retention
from tests.factories import REASON, person, request_at
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import PICTURE, announced, deleted, ended, old_footage

pytestmark = pytest.mark.django_db

CHANGE = "UPDATE registry_evidence SET "
BEGIN = f"{CHANGE} state = 'deleting', deleting_at = now()"
END = f"{CHANGE} state = 'deleted', deleting_at = now(), deleted_at = now(), name = ''"


FILES = ("old", "announced", "ended", "deleted")


def make_world() -> dict[str, Evidence]:
    """Return a file that is kept, and one at each step of its deletion."""
    files = {"deleted": deleted(), "ended": ended(), "announced": announced(), "old": old_footage()}
    return files | {"kept": given(request_at("sent"), content=PICTURE, name="porch.jpg")}


def refused(statement: str, row: Evidence | LegalHold | None = None) -> bool:
    where = f" WHERE id = '{row.pk}'" if row else ""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement + where)
    return True


@pytest.mark.parametrize(
    "statement",
    [
        f"{BEGIN}, announced_at = now()",
        END,
        f"{CHANGE} sha256 = repeat('c', 64)",
        f"{CHANGE} size = 5",
        f"{CHANGE} received_at = received_at - interval '4 years'",
        f"{CHANGE} kept_until = received_at + interval '1 hour'",
    ],
)
def test_what_is_kept_stays_as_it_was_received_until_its_day(world: dict[str, Evidence], statement: str) -> None:
    assert refused(statement, world["kept"])


def test_a_hold_keeps_it(world: dict[str, Evidence]) -> None:
    file = world["announced"]
    retention.place_hold(incident=file.request.incident, reason=REASON, by=person(Role.SUPERVISOR))
    Evidence.objects.filter(pk=file.pk).update(announced_at=file.announced_at)
    assert refused(BEGIN, file)


def test_nothing_is_deleted_that_was_not_announced(world: dict[str, Evidence]) -> None:
    assert refused(BEGIN, world["old"])


def test_there_is_no_tombstone_while_the_file_can_be_found(world: dict[str, Evidence]) -> None:
    assert refused(END, world["ended"])


@pytest.mark.parametrize("state", FILES[2:])
def test_there_is_no_way_back(world: dict[str, Evidence], state: str) -> None:
    assert refused(f"{CHANGE} state = 'kept', deleting_at = NULL, deleted_at = NULL", world[state])


@pytest.mark.parametrize("state", FILES)
def test_a_row_is_never_deleted(world: dict[str, Evidence], state: str) -> None:
    assert refused("DELETE FROM registry_evidence", world[state])


@pytest.mark.parametrize("state", FILES[:2])
def test_the_place_of_what_is_kept_is_not_told_and_not_forgotten(world: dict[str, Evidence], state: str) -> None:
    file = world[state]
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_footage_to_delete(%s)", [file.pk])
        assert cursor.fetchone() == (None,)
        cursor.execute("SELECT registry_forget_footage(%s)", [file.pk])
    assert deleted(file).state == "deleted"


def test_a_floor_goes_up_only_and_a_hold_is_never_rewritten(world: dict[str, Evidence]) -> None:
    hold = retention.place_hold(incident=world["old"].request.incident, reason=REASON, by=person(Role.SUPERVISOR))
    assert refused("UPDATE registry_retentioncategory SET floor_days = 1")
    assert refused("UPDATE registry_legalhold SET reason = 'another'", hold)
    assert refused("DELETE FROM registry_legalhold", hold)
