"""Work on imports: some thousand rows in one transaction, with its progress.

A killed worker leaves whole pieces behind. The next worker continues from there: the progress is saved in the
transaction that wrote the rows, so no row comes in twice. Two workers at once take turns at the lock.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.database.writing import insert_many
from fusus_portal.ground.garbage import uncollected
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.steps import take
from registry.imports import selectors, table_storage
from registry.imports.models import ImportBatch, ImportFault
from registry.imports.parser.rows import parse
from registry.imports.services import imports, undo
from registry.imports.services.decisions import Decision, KnownRows, RowOutcome, decide
from registry.imports.services.rows import write
from registry.imports.states import ImportState

logger = logging.getLogger(__name__)

SWEEPER = "registry.take_up_imports"
AT_ONCE = 2000
"""Rows in one transaction."""
PATIENCE = timedelta(minutes=2)
"""An import without progress for so long has lost its worker."""
Cells = tuple[int, list[str]]


def work(*, pk: UUID) -> bool:
    """Bring an import as far as it goes; True if anything was done. A fault stops it after the last whole piece.

    A database that is away for a moment is no fault of the import: the sweep tries again.
    """
    batch = ImportBatch.objects.filter(pk=pk).first()
    if batch is None:
        return False
    try:
        if batch.state == ImportState.CHECKING:
            return _run(batch, ImportState.CHECKING)
        if batch.state == ImportState.RUNNING:
            return _run(batch, ImportState.RUNNING)
        return batch.state == ImportState.UNDOING and undo.undo_all(pk=pk)
    except OperationalError:
        raise
    except Exception as fault:
        logger.warning("Import %s stopped: %s", batch.number, type(fault).__name__)
        if not _fail(pk):
            raise
        return True


def take_up() -> int:
    late = ImportBatch.objects.filter(pk__in=selectors.unfinished_imports(), worked_at__lt=timezone.now() - PATIENCE)
    return sum(broker.offer(pk, task=imports.WORKER) for pk in late.values_list("pk", flat=True))


def _run(batch: ImportBatch, state: ImportState) -> bool:
    """Count or write all rows. Counting begins again each time, since it keeps earlier rows in memory."""
    counting = KnownRows() if state == ImportState.CHECKING else None
    place = 0 if counting is not None else batch.done_rows
    rows = table_storage.rows_of(batch.key, skip=place)
    while True:
        cells = list(islice(rows, AT_ONCE))
        if not cells:
            raise EOFError("the working copy is shorter than the file was")
        with transaction.atomic():
            locked = imports.hold(batch.pk)
            if locked.state != state:
                return True  # somebody stopped it, or another worker is ahead
            if counting is not None and place == 0:
                imports.restart(locked)
            if locked.done_rows != place:
                return True  # another worker is at it
            place += len(cells)
            _take(locked, cells, counting)
            if place >= locked.rows:
                _finish(locked)
                return True
            locked.save()


@uncollected()
def _take(batch: ImportBatch, cells: Sequence[Cells], counting: KnownRows | None) -> None:
    today = timezone.localdate()
    parsed = [
        (number, *parse(number, row, columns=batch.columns, width=len(batch.header), points=batch.points, today=today))
        for number, row in cells
    ]
    rows = [row for _number, row, _notes in parsed if row is not None]
    known = counting or KnownRows()
    known.learn(batch, rows)
    decisions = decide(known, rows)
    lost: set[UUID] = set()
    if counting is None and batch.started_by is not None:
        lost = write(batch=batch, decisions=decisions, actor=batch.started_by.actor)
    _count(batch, decisions, lost, errors=len(parsed) - len(rows))
    # Faults of rows that are there already are dropped: a list of addresses must not reveal who is registered.
    there = {each.row.number for each in decisions if each.outcome == RowOutcome.THERE or each.registrant in lost}
    faults = [(number, note) for number, _row, notes in parsed for note in notes if number not in there]
    said: dict[str, list[Any]] = {
        "row": [number for number, _note in faults],
        "field": [note.field for _number, note in faults],
        "problem": [note.problem for _number, note in faults],
    }
    insert_many(ImportFault, shared={"batch_id": batch.pk}, varying=said)
    batch.done_rows += len(cells)
    batch.worked_at = timezone.now()


def _count(batch: ImportBatch, decisions: Sequence[Decision], lost: set[UUID], *, errors: int) -> None:
    outcomes = Counter(RowOutcome.THERE if each.registrant in lost else each.outcome for each in decisions)
    kept = [each for each in decisions if each.registrant not in lost]
    batch.added += outcomes[RowOutcome.ADDED]
    batch.invited += outcomes[RowOutcome.INVITED]
    batch.there += outcomes[RowOutcome.THERE]
    batch.errors += errors
    batch.people += sum(each.new_person for each in kept)
    batch.cameras += sum(len(each.cameras) for each in kept)


def _finish(batch: ImportBatch) -> None:
    counted = batch.state == ImportState.CHECKING
    if not counted:
        imports.forget_rows(batch)
    counts = {name: getattr(batch, name) for name in imports.COUNTS}
    take(batch, ImportState.CHECKED if counted else ImportState.DONE, task_actor(imports.WORKER), facts=counts)


def _fail(pk: UUID) -> bool:
    """Stop an import after the last whole piece; True if it ran. Its administrator continues, or undoes it."""
    with transaction.atomic():
        batch = imports.hold(pk)
        if batch.state not in (ImportState.CHECKING, ImportState.RUNNING):
            return False
        take(batch, ImportState.FAILED, task_actor(imports.WORKER), facts={"row": batch.done_rows})
    return True
