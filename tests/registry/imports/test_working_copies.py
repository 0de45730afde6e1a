"""The file of an agency's former registry: a working copy, deleted once nobody needs it."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.lifecycle import Stale
from registry.imports import table_storage
from registry.imports.models import ImportBatch
from registry.imports.services import imports
from registry.imports.states import ImportState
from tests.registry.conftest import Committed
from tests.registry.imports.import_files import brought, fresh, line, started, undone

pytestmark = pytest.mark.django_db


def test_the_working_copy_is_deleted_at_the_end(committed: Committed) -> None:
    batch = started([line(1)])
    assert table_storage.tables().exists(batch.key)
    with committed(execute=True):
        imports.work(pk=batch.pk)
    assert fresh(batch).key == ""
    assert not table_storage.tables().exists(batch.key)


def test_a_discarded_file_is_deleted_and_nothing_came_in(committed: Committed) -> None:
    batch = brought([line(1)])
    with committed(execute=True):
        imports.discard(batch=batch, by=batch.uploaded_by)
    assert not table_storage.tables().exists(batch.key)
    with pytest.raises(Stale):
        imports.discard(batch=batch, by=batch.uploaded_by)


def test_a_file_that_nobody_imports_is_deleted_after_a_day() -> None:
    batch, other = brought([line(1)]), brought([line(2)])
    ImportBatch.objects.filter(pk=batch.pk).update(uploaded_at=timezone.now() - timedelta(hours=25))
    assert imports.discard_old() == 1
    assert (fresh(batch).state, fresh(other).state) == (ImportState.DISCARDED, ImportState.UPLOADED)


def test_files_that_no_row_names_are_deleted_after_a_day() -> None:
    stray = table_storage.keep(BytesIO(b"name"))
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        found = table_storage.older_than(timezone.now())
        assert imports.discard_old() == len(found)
    assert stray in found
    assert not table_storage.tables().exists(stray)


def test_the_file_of_an_import_that_stopped_is_deleted_after_a_week(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = started([line(1)])
    with monkeypatch.context() as patched:
        patched.setattr(imports, "write_decisions", None)
        imports.work(pk=batch.pk)
    assert fresh(batch).state == ImportState.FAILED
    ImportBatch.objects.filter(pk=batch.pk).update(worked_at=timezone.now() - timedelta(days=6))
    assert imports.discard_old() == 0
    ImportBatch.objects.filter(pk=batch.pk).update(worked_at=timezone.now() - timedelta(days=7, minutes=1))
    with committed(execute=True):
        assert imports.discard_old() == 1
    assert not table_storage.tables().exists(batch.key)
    assert AuditEntry.objects.filter(event=Event.IMPORT_FORGOTTEN, subject_id=str(batch.pk)).count() == 1
    assert imports.discard_old() == 0
    with pytest.raises(Stale, match="file is deleted"):
        imports.start(batch=batch, by=batch.uploaded_by)
    assert undone(batch).state == ImportState.UNDONE
