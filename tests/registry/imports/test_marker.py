"""A marker planted in every cell of a file is found, once the person left or the import is undone, nowhere at all."""

from pathlib import Path

import psycopg
import pytest

from registry.imports.models import ImportInvitation
from registry.imports.services import imports, people
from registry.people.presenters.own_record import tables_of
from registry.people.services import registrants
from registry.registrants.models import Registrant
from tests.database.clone import Clone
from tests.factories import person, registrant_at
from tests.registry.imports.import_files import imported, invited, line, undone
from tests.registry.people.departures.test_departure_marker import (
    MARKER,
    files_with_marker,
    superuser,
    tables_with_marker,
)

__all__ = ["superuser"]
MARKED: dict[str, object] = {
    "name": f"{MARKER} name",
    "email": f"{MARKER}@people.example",
    "phone": f"{MARKER} phone",
    "street": f"1 {MARKER} Street",
    "city": f"{MARKER} City",
    "camera": f"{MARKER} camera",
    "camera_kind": f"{MARKER} kind",
    "make": f"{MARKER} make",
    "model": f"{MARKER} model",
    "covers": f"{MARKER} covers",
    "consent_source": f"{MARKER} form",
    "key": f"{MARKER}-1",
}
UNCONSENTED: dict[str, object] = MARKED | {"consent_source": ""}


def written(lines: list[dict[str, object]]) -> None:
    """Bring in a file and write to its people."""
    batch = imported(lines)
    imports.write_to_people(batch=batch, number=len(lines), by=batch.uploaded_by)
    people.write_due()


def test_of_an_imported_person_who_leaves_nothing_is_left(superuser: psycopg.Connection, uploads_root: Path) -> None:
    files_before = files_with_marker(uploads_root)
    written([line(1, **MARKED)])
    assert {"registry_imported", "registry_externalkey", "registry_registrant"} <= tables_with_marker(superuser)
    own = Registrant.objects.get()
    (brought,) = tables_of(own)["former_registry"]
    assert (brought["consent_source"], brought["numbers_there"]) == (f"{MARKER} form", f"{MARKER}-1")
    registrants.leave(registrant=own, by=own.user)
    assert tables_with_marker(superuser) == {"notifications_message"}, "the receipt, until it is sent"
    assert files_with_marker(uploads_root) == files_before


def test_of_an_invited_person_who_says_no_nothing_is_left(superuser: psycopg.Connection) -> None:
    written([invited(1, **UNCONSENTED)])
    assert tables_with_marker(superuser) == {
        "registry_importinvitation",
        "registry_externalkey",
        "notifications_message",
    }
    people.decline(invitation=ImportInvitation.objects.get())
    assert tables_with_marker(superuser) == set()


def test_of_an_import_that_was_undone_nothing_is_left(
    superuser: psycopg.Connection,
    uploads_root: Path,
) -> None:
    files_before = files_with_marker(uploads_root)
    batch = imported([line(1, **MARKED), invited(2, **UNCONSENTED | {"email": f"{MARKER}2@people.example", "key": ""})])
    assert len(tables_with_marker(superuser)) > 5
    undone(batch)
    assert tables_with_marker(superuser) == set()
    assert files_with_marker(uploads_root) == files_before


def test_leaving_deletes_an_invitation_of_the_same_address(portal_db: Clone) -> None:
    own = registrant_at(user=person())
    batch = imported([invited(1)])
    ImportInvitation.objects.filter(batch=batch).update(email=own.user.email)
    registrants.leave(registrant=own, by=own.user)
    assert not ImportInvitation.objects.exists()


@pytest.mark.django_db
def test_the_row_errors_repeat_nothing_of_the_row() -> None:
    batch = imported([line(1, **MARKED | {"email": f"{MARKER}@"})])
    assert not [fault for fault in batch.faults.values_list("field", "problem") if MARKER in "".join(fault)]
