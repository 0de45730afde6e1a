"""Acts of administrators on a former registry, each one short transaction. A worker does the work itself."""

from collections.abc import Mapping
from functools import partial
from itertools import islice
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.queries import find_or_refuse
from fusus_portal.ground.steps import take
from registry.imports import policies, selectors, table_storage
from registry.imports.models import ImportBatch, ImportFault
from registry.imports.parser import tables
from registry.imports.states import ImportState

WORKER = "registry.work_on_import"
ROWS_SHOWN = 5
COUNTS = ("done_rows", "added", "invited", "there", "errors", "people", "cameras")


def upload(*, content: bytes, encoding: str, by: User) -> ImportBatch:
    """Read a file and keep a working copy of its rows. Raises ValidationError on "file", and keeps nothing then."""
    try:
        table = tables.read(content, encoding=encoding)
        key, count = table_storage.keep_rows(table.rows)
    except tables.UnreadableTable as unreadable:
        raise ValidationError({"file": unreadable.sentence}) from unreadable
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.create(key=key, header=table.header, rows=count, uploaded_by=by)
            record(event=Event.IMPORT_UPLOADED, actor=by.actor, subject=batch.subject, facts={"rows": count})
    except BaseException:
        table_storage.delete(key)
        raise
    return batch


def show(*, batch: ImportBatch, by: User) -> list[tuple[int, list[str]]]:
    """Return the first rows of a file that waits, once the entry of this look is committed."""
    with transaction.atomic():
        locked = hold(batch.pk)
        record(event=Event.IMPORT_SHOWN, actor=by.actor, subject=locked.subject)
    try:
        first = islice(table_storage.rows_of(locked.key), ROWS_SHOWN) if locked.key else []
        return [(number, [_shown(cell) for cell in cells]) for number, cells in first]
    except FileNotFoundError:
        return []


def _shown(cell: str) -> str:
    return cell.encode(errors="replace").decode()


def check(*, batch: ImportBatch, columns: Mapping[str, int], points: str, by: User) -> ImportBatch:
    """Set the columns, and have the rows counted before anything is written.

    points: how good the file's points are: "pinned", "rooftop", or "area" for mere middles of ZIP codes. Raises
    ValidationError by field, Stale for an import that is past this.
    """
    policies.check_needed(columns)
    policies.check_columns(columns, width=len(batch.header))
    if points not in Precision.values:
        raise ValidationError({"points": _("Say how good the points in the file are.")})
    with transaction.atomic():
        locked = hold(batch.pk)
        locked.columns, locked.points = dict(columns), points
        restart(locked)
        return _step(locked, ImportState.CHECKING, by)


def start(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Begin to import a checked file, or continue after a fault. Raises Stale while another import runs."""
    try:
        with transaction.atomic():
            locked = hold(batch.pk)
            if locked.state == ImportState.FAILED and locked.started_at is None:
                raise Stale(_("This import was stopped before it began. Discard it."), subject=locked.subject)
            if locked.state == ImportState.FAILED and not locked.key:
                raise Stale(_("Its file is deleted. Undo it, and bring the file again."), subject=locked.subject)
            if locked.started_at is None:
                locked.started_at = timezone.now()
                restart(locked)
            locked.started_by = by
            return _step(locked, ImportState.RUNNING, by)
    except IntegrityError as error:
        raise Stale(_("Another import runs. Wait until it is done."), subject=batch.subject) from error


def discard(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Delete a file that was not imported. Raises Stale once its import was started."""
    with transaction.atomic():
        locked = hold(batch.pk)
        if locked.started_at is not None:
            raise Stale(_("A part of this came in already. Undo it."), subject=locked.subject)
        forget_rows(locked)
        return _step(locked, ImportState.DISCARDED, by)


def undo(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Undo an import: remove what it added and nobody has used since. Stops one that runs."""
    with transaction.atomic():
        locked = hold(batch.pk)
        if locked.state == ImportState.FAILED and locked.started_at is None:
            raise Stale(_("Nothing of this came in. Discard it."), subject=locked.subject)
        locked.mailing_at = None
        return _step(locked, ImportState.UNDOING, by)


def write_to_people(*, batch: ImportBatch, number: int, by: User) -> ImportBatch:
    """Write to everybody whom the import brought, once, in batches.

    number: as the administrator typed it. Raises ValidationError on "number" if it is wrong, Stale for any other state
    or a second time.
    """
    with transaction.atomic():
        locked = hold(batch.pk)
        if locked.state != ImportState.DONE or locked.mailing_at is not None:
            raise Stale(_("These people have been written to, or can't be now."), subject=locked.subject)
        waiting = selectors.to_write_to(locked)
        if number != waiting or not waiting:
            raise ValidationError({"number": _("That is not the number of people who would be written to.")})
        locked.mailing_at = timezone.now()
        locked.save(update_fields=["mailing_at"])
        record(event=Event.IMPORT_MAILING, actor=by.actor, subject=locked.subject, facts={"people": waiting})
    return locked


def hold(pk: UUID) -> ImportBatch:
    """Lock an import. Raises NotYours."""
    rows = ImportBatch.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk)
    return find_or_refuse(rows, _("There is no such import."), subject=("import", str(pk)))


def restart(batch: ImportBatch) -> None:
    """Count a locked import from its first row again; the caller saves it."""
    for count in COUNTS:
        setattr(batch, count, 0)
    ImportFault.objects.filter(batch=batch).delete()


def forget_rows(batch: ImportBatch) -> None:
    """Delete the working copy of a locked import after the commit; the caller saves it."""
    transaction.on_commit(partial(table_storage.delete, batch.key))
    batch.key, batch.ended_at = "", timezone.now()


def _step(locked: ImportBatch, target: ImportState, by: User) -> ImportBatch:
    locked.worked_at = timezone.now()
    facts = {"added": locked.added, "invited": locked.invited} if target == ImportState.UNDOING else {}
    transaction.on_commit(partial(broker.offer, locked.pk, task=WORKER), robust=True)
    return take(locked, target, by, facts=facts)
