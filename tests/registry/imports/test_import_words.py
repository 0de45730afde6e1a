"""Sentences for administrators about an import and an export at each state, and the acts that they can do."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from registry.imports.models import ImportBatch, RegistryExport
from registry.imports.presenters import counts, export_line, first_guess, mapped, page, progress
from registry.imports.services import imports
from registry.imports.states import ExportState, ImportState
from tests.registry.imports.import_files import brought, line

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())


def batch_of(**columns: Any) -> ImportBatch:
    """Return an import that is not saved."""
    return ImportBatch(**{"state": "checked", "rows": 10, "people": 3, "columns": {}, **columns})


@pytest.mark.parametrize("state", ImportState)
def test_what_can_be_done_before_it_was_started(state: ImportState) -> None:
    found = page(batch_of(state=state), [])
    assert found["can_start"] is (state == "checked")
    assert found["can_discard"] is (state not in ("discarded", "undone"))
    assert found["can_undo"] is False
    assert found["at_work"] is (state in ("checking", "running", "undoing"))


@pytest.mark.parametrize("state", ImportState)
def test_what_can_be_done_once_it_was_started(state: ImportState) -> None:
    found = page(batch_of(state=state, started_at=NOW, key="k"), [])
    assert found["can_start"] is (state in ("checked", "failed"))
    assert found["can_discard"] is False
    assert found["can_undo"] is (state in ("running", "failed", "done"))
    assert page(batch_of(state="failed", started_at=NOW), [])["can_start"] is False
    assert page(batch_of(state="failed", key="k"), [])["can_start"] is False


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        ({}, "Add 3 registrations"),
        ({"people": 1, "invited": 1}, "Add 1 registration and keep 1 invitation"),
        ({"people": 1_000, "invited": 2}, "Add 1,000 registrations and keep 2 invitations"),
        ({"state": "failed", "started_at": NOW}, "Continue"),
    ],
)
def test_what_the_button_says(columns: dict[str, Any], label: str) -> None:
    assert page(batch_of(**columns), [])["start_label"] == label


def test_what_is_counted_before_and_after() -> None:
    assert [name for name, _number in counts(batch_of())][:2] == ["rows to add", "people to invite"]
    assert [name for name, _number in counts(batch_of(started_at=NOW))][:2] == ["rows added", "invitations"]
    assert counts(batch_of(state="undone", kept=2)) == [("registrations kept, since their owners use them", 2)]
    assert progress(batch_of(done_rows=5))["percent"] == 50


def test_a_row_that_is_too_short_has_an_empty_cell() -> None:
    rows = [(2, ["Ana", "ana@old.example"]), (3, ["Ben"])]
    found = mapped(batch_of(columns={"email": 1, "name": 0}), rows)
    assert [cells for _label, cells in found] == [["Ana", "Ben"], ["ana@old.example", ""]]


@pytest.mark.parametrize("state", ExportState)
def test_an_export_is_approved_by_another_and_taken_by_the_administrator_who_asked(state: ExportState) -> None:
    asker = User()
    export = RegistryExport(state=state, proposed_by=asker)
    own, other = export_line(export, asker), export_line(export, User())
    assert own["can_approve"] is other["can_approve"] is (state == "proposed")
    assert (bool(own["why_not"]), bool(other["why_not"])) == (True, False)
    assert (own["can_take"], other["can_take"]) == (state == "ready", False)


def test_what_was_chosen_is_remembered_for_the_next_file() -> None:
    batch = brought([line(1)])
    columns = {"name": 1, "email": 0, "street": 5, "city": 6, "zip_code": 8}
    imports.check(batch=batch, columns=columns, points="rooftop", by=batch.uploaded_by)
    assert first_guess(brought([line(2)])) == (columns, "rooftop")
