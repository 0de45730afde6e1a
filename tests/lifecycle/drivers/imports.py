"""Steps of imports and of copies of the registry."""

from datetime import timedelta
from unittest.mock import patch

from django.utils import timezone

from registry.imports import table_storage
from registry.imports.models import ImportBatch, RegistryExport
from registry.imports.services import exports, imports
from registry.imports.states import EXPORT, IMPORT, ExportState as Copy, ImportState as State
from registry.people.services import registrants
from tests.factories import person, registrant_at
from tests.lifecycle.drivers import Taken, drives, take
from tests.registry.imports.exports import approved, proposed, ready
from tests.registry.imports.import_files import brought, checked, guessed, imported, line, started


def count(batch: ImportBatch) -> ImportBatch:
    """Have the rows of an import counted, by a worker that has not come yet."""
    return imports.check(batch=batch, columns=guessed(batch), points="pinned", by=batch.uploaded_by)


def lose_file(batch: ImportBatch) -> ImportBatch:
    """Lose the working copy of an import's file."""
    table_storage.delete(batch.key)
    return batch


def stopped(batch: ImportBatch) -> ImportBatch:
    """Let a fault stop an import."""
    with patch.object(imports, "_take_rows", side_effect=RuntimeError):
        imports.work(pk=batch.pk)
    return batch


def discard(batch: ImportBatch, role: str) -> Taken:
    """Discard an import as an administrator, or by the clock."""
    if role == "administrator":
        return take(batch, lambda: imports.discard(batch=batch, by=batch.uploaded_by))
    ImportBatch.objects.filter(pk=batch.pk).update(uploaded_at=timezone.now() - timedelta(days=2))
    return take(batch, imports.discard_old)


@drives(IMPORT, State.UPLOADED, State.CHECKING, "administrator")
def say_columns(role: str) -> Taken:
    """An administrator says what each column means."""
    batch = brought([line(1)])
    return take(batch, lambda: count(batch))


@drives(IMPORT, State.CHECKED, State.CHECKING, "administrator")
def say_columns_again(role: str) -> Taken:
    """An administrator says once more what each column means."""
    batch = checked([line(1)])
    return take(batch, lambda: count(batch))


@drives(IMPORT, State.UPLOADED, State.DISCARDED, "administrator", "task")
def discard_uploaded(role: str) -> Taken:
    """An import is discarded before its columns are said."""
    return discard(brought([line(1)]), role)


@drives(IMPORT, State.CHECKING, State.DISCARDED, "administrator", "task")
def discard_checking(role: str) -> Taken:
    """An import is discarded while it is counted."""
    return discard(count(brought([line(1)])), role)


@drives(IMPORT, State.CHECKED, State.DISCARDED, "administrator", "task")
def discard_checked(role: str) -> Taken:
    """An import is discarded once it is counted."""
    return discard(checked([line(1)]), role)


@drives(IMPORT, State.FAILED, State.DISCARDED, "administrator", "task")
def discard_failed(role: str) -> Taken:
    """An import is discarded after a fault, before anything came in."""
    return discard(stopped(count(brought([line(1)]))), role)


@drives(IMPORT, State.CHECKING, State.CHECKED, "task")
def counted(role: str) -> Taken:
    """A worker has counted the rows."""
    batch = count(brought([line(1)]))
    return take(batch, lambda: imports.work(pk=batch.pk))


@drives(IMPORT, State.CHECKING, State.FAILED, "task")
def lose_while_counting(role: str) -> Taken:
    """The working copy of an import's file is gone while its rows are counted."""
    batch = lose_file(count(brought([line(1)])))
    return take(batch, lambda: imports.work(pk=batch.pk))


@drives(IMPORT, State.CHECKED, State.RUNNING, "administrator")
def start(role: str) -> Taken:
    """An import begins."""
    batch = checked([line(1)])
    return take(batch, lambda: imports.start(batch=batch, by=batch.uploaded_by))


@drives(IMPORT, State.RUNNING, State.DONE, "task")
def finish(role: str) -> Taken:
    """A worker has brought all rows in."""
    batch = started([line(1)])
    return take(batch, lambda: imports.work(pk=batch.pk))


@drives(IMPORT, State.RUNNING, State.FAILED, "task")
def lose_while_running(role: str) -> Taken:
    """The working copy of an import's file is gone while its rows come in."""
    batch = lose_file(started([line(1)]))
    return take(batch, lambda: imports.work(pk=batch.pk))


@drives(IMPORT, State.FAILED, State.RUNNING, "administrator")
def go_on(role: str) -> Taken:
    """An administrator continues an import after a fault."""
    batch = stopped(started([line(1)]))
    return take(batch, lambda: imports.start(batch=batch, by=batch.uploaded_by))


@drives(IMPORT, State.RUNNING, State.UNDOING, "administrator")
def undo_running(role: str) -> Taken:
    """An import is stopped and undone."""
    batch = started([line(1)])
    return take(batch, lambda: imports.undo(batch=batch, by=batch.uploaded_by))


@drives(IMPORT, State.FAILED, State.UNDOING, "administrator")
def undo_failed(role: str) -> Taken:
    """An import is undone after a fault."""
    batch = stopped(started([line(1)]))
    return take(batch, lambda: imports.undo(batch=batch, by=batch.uploaded_by))


@drives(IMPORT, State.DONE, State.UNDOING, "administrator")
def undo_done(role: str) -> Taken:
    """An import is undone once it is done."""
    batch = imported([line(1)])
    return take(batch, lambda: imports.undo(batch=batch, by=batch.uploaded_by))


@drives(IMPORT, State.UNDOING, State.UNDONE, "task")
def undone(role: str) -> Taken:
    """A worker has taken all rows out."""
    batch = imports.undo(batch=imported([line(1)]), by=person("administrator"))
    return take(batch, lambda: imports.work(pk=batch.pk))


@drives(EXPORT, Copy.PROPOSED, Copy.APPROVED, "administrator")
def approve(role: str) -> Taken:
    """A second administrator approves a copy."""
    export, other = proposed(), person("administrator")
    return take(export, lambda: exports.approve(export=export, by=other))


@drives(EXPORT, Copy.PROPOSED, Copy.CANCELLED, "administrator")
def cancel(role: str) -> Taken:
    """A second administrator cancels a copy."""
    export, other = proposed(), person("administrator")
    return take(export, lambda: exports.cancel(export=export, by=other))


@drives(EXPORT, Copy.PROPOSED, Copy.EXPIRED, "task")
def expire_proposal(role: str) -> Taken:
    """Nobody approves a copy."""
    export = proposed()
    RegistryExport.objects.filter(pk=export.pk).update(proposed_at=timezone.now() - timedelta(days=2))
    return take(export, exports.expire_due)


@drives(EXPORT, Copy.APPROVED, Copy.READY, "task")
def make(role: str) -> Taken:
    """A worker makes the file of a copy."""
    export = approved()
    return take(export, lambda: exports.make(pk=export.pk))


@drives(EXPORT, Copy.READY, Copy.APPROVED, "resident", "business")
def make_again(role: str) -> Taken:
    """A person whose data is in a copy leaves."""
    registrant = registrant_at(user=person(role))
    export = ready()
    return take(export, lambda: registrants.leave(registrant=registrant, by=registrant.user))


@drives(EXPORT, Copy.READY, Copy.TAKEN, "administrator")
def hand_over(role: str) -> Taken:
    """The administrator who asked for a copy takes it."""
    export = ready()
    return take(export, lambda: exports.take(export=export, by=export.proposed_by).close())


@drives(EXPORT, Copy.READY, Copy.EXPIRED, "task")
def expire_copy(role: str) -> Taken:
    """Nobody takes a copy."""
    export = ready()
    RegistryExport.objects.filter(pk=export.pk).update(ready_at=timezone.now() - timedelta(days=2))
    return take(export, exports.expire_due)
