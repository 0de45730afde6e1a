import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import Line, record, record_each
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.database.writing import insert_many
from fusus_portal.ground.geo.points import Precision
from fusus_portal.ground.lifecycle import Stale, find_or_refuse
from fusus_portal.ground.memory import uncollected
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.steps import take
from registry.canvasses.models import FootageRequest
from registry.imports import policies, selectors, table_storage
from registry.imports.models import ImportBatch, Imported, ImportFault, ImportInvitation, RegistryExport
from registry.imports.parser import tables
from registry.imports.parser.rows import parse
from registry.imports.services.rows import Decision, KnownRows, RowOutcome, write_decisions
from registry.imports.states import AT_WORK, ImportState
from registry.people import locks as people_locks
from registry.people.services import departures
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from registry.rules import IMPORT_STOPPED_KEPT, IMPORT_WAITS

WORKER = "registry.work_on_import"
ROWS_SHOWN = 5
COUNTS = ("done_rows", "added", "invited", "there", "errors", "people", "cameras")


def upload(*, content: bytes, encoding: str, by: User) -> ImportBatch:
    """Read a file and keep a working copy of its rows. Raises ValidationError on "file" and then keeps nothing."""
    try:
        table = tables.read(content, encoding=encoding)
        key, count = table_storage.keep_rows(table.rows)
    except tables.UnreadableTable as unreadable:
        raise ValidationError({"file": str(unreadable)}) from unreadable
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.create(key=key, header=table.header, rows=count, uploaded_by=by)
            record(event=Event.IMPORT_UPLOADED, actor=by.actor, subject=batch.subject, facts={"rows": count})
    except BaseException:
        table_storage.delete(key)
        raise
    return batch


def show(*, batch: ImportBatch, by: User) -> list[tuple[int, list[str]]]:
    """Return the first rows of an import's working copy, once the entry of this look is committed."""
    with transaction.atomic():
        locked = hold(batch.pk)
        record(event=Event.IMPORT_SHOWN, actor=by.actor, subject=locked.subject)
    try:
        first = islice(table_storage.rows_of(locked.key), ROWS_SHOWN) if locked.key else []
        return [(number, [cell.encode(errors="replace").decode() for cell in cells]) for number, cells in first]
    except FileNotFoundError:
        return []


def check(*, batch: ImportBatch, columns: Mapping[str, int], points: str, by: User) -> ImportBatch:
    """Set an import's columns, and have its rows counted before anything is written.

    points: how good the file's points are, a value of `Precision`; ignored for a row without one. Raises
    ValidationError by field, Stale for an import that was started or discarded.
    """
    policies.check_needed(columns)
    policies.check_columns(columns, width=len(batch.header))
    if points not in Precision.values:
        raise ValidationError({"points": _("Say how good the points in the file are.")})
    with transaction.atomic():
        locked = hold(batch.pk)
        locked.columns, locked.points = dict(columns), points
        _restart(locked)
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
                _restart(locked)
            locked.started_by = by
            return _step(locked, ImportState.RUNNING, by)
    except IntegrityError as error:
        raise Stale(_("Another import runs. Wait until it is done."), subject=batch.subject) from error


def discard(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Discard an import and its file. Raises Stale once the import was started."""
    with transaction.atomic():
        locked = hold(batch.pk)
        if locked.started_at is not None:
            raise Stale(_("A part of this came in already. Undo it."), subject=locked.subject)
        _forget_rows(locked)
        return _step(locked, ImportState.DISCARDED, by)


def undo(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Undo an import: remove the registrations that it added and nobody has used since. A running one stops."""
    with transaction.atomic():
        locked = hold(batch.pk)
        if locked.state == ImportState.FAILED and locked.started_at is None:
            raise Stale(_("Nothing of this came in. Discard it."), subject=locked.subject)
        locked.mailing_at = None
        return _step(locked, ImportState.UNDOING, by)


def write_to_people(*, batch: ImportBatch, number: int, by: User) -> ImportBatch:
    """Have mails written to everybody whom an import added or invites, once, in batches.

    number: of these people, as the administrator typed it. Raises ValidationError on "number" if it is wrong, Stale for
    any other state or a second time.
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


def _restart(batch: ImportBatch) -> None:
    """Count a locked import from its first row again; the caller saves it."""
    for count in COUNTS:
        setattr(batch, count, 0)
    ImportFault.objects.filter(batch=batch).delete()


def _forget_rows(batch: ImportBatch) -> None:
    """Delete the working copy of a locked import after the commit; the caller saves it."""
    transaction.on_commit(partial(table_storage.delete, batch.key))
    batch.key, batch.ended_at = "", timezone.now()


def _step(locked: ImportBatch, target: ImportState, by: User) -> ImportBatch:
    locked.worked_at = timezone.now()
    facts = {"added": locked.added, "invited": locked.invited} if target == ImportState.UNDOING else {}
    transaction.on_commit(partial(broker.offer, locked.pk, task=WORKER), robust=True)
    return take(locked, target, by, facts=facts)


UNDONE_AT_ONCE = 1000
LOCKED_TABLES = ("self", "registrant", "registrant__user")
"""Tables locked before an imported registration is removed: nobody claims it or signs in meanwhile."""


def carry_out_undo(*, pk: UUID) -> bool:
    """Remove the rows that an import added, piece by piece, each with its entries; True once all are removed.

    People who are signing in at this moment are skipped: the sweep comes back.
    """
    actor = task_actor(WORKER)
    after: UUID | None = UUID(int=0)
    while after is not None:
        after = _undo_piece(pk, actor, after=after)
    with transaction.atomic():
        batch = hold(pk)
        if batch.state != ImportState.UNDOING or selectors.untouched(batch).exists():
            return False
        _finish_undo(batch, actor)
    return True


@uncollected()
def _undo_piece(pk: UUID, actor: Actor, *, after: UUID) -> UUID | None:
    with transaction.atomic():
        batch = hold(pk)
        if batch.state != ImportState.UNDOING:
            return None
        rows = selectors.untouched(batch).select_for_update(of=LOCKED_TABLES, skip_locked=True)
        next_ones = rows.filter(pk__gt=after).order_by("pk").select_related("registrant__user")[:UNDONE_AT_ONCE]
        people = [row.registrant for row in next_ones]
        if not people:
            return None
        ids = [person.pk for person in people]
        asked = set(FootageRequest.objects.filter(registrant__in=ids).values_list("registrant_id", flat=True))
        _take_out([person for person in people if person.pk not in asked], actor)
        batch.worked_at = timezone.now()
        batch.save(update_fields=["worked_at"])
    for person in people:
        if person.pk in asked:
            _take_out_asked(person.pk, actor)
    return people[-1].pk


def _take_out(people: Sequence[Registrant], actor: Actor) -> None:
    if not people:
        return
    ids = [person.pk for person in people]
    cameras = Camera.objects.registered().filter(premises__registrant__in=ids)
    lines = [
        Line(Subject("camera", str(pk)), camera=str(pk), premises_type=kind, area=zip_code[:5])
        for pk, kind, zip_code in cameras.values_list("pk", "premises__kind", "premises__zip_code")
    ]
    record_each(event=Event.CAMERA_REMOVED, actor=actor, lines=lines)
    _delete_with_history(ids)
    _forget_people(people, actor)


def _take_out_asked(pk: UUID, actor: Actor) -> None:
    """Remove a registration that was asked for footage, as if its owner left, unless it is used or gone by now."""
    with transaction.atomic():
        incidents = people_locks.incidents_asked_about(pk)
        rows = Imported.objects.select_for_update(of=LOCKED_TABLES).select_related("batch", "registrant__user")
        row = rows.filter(registrant=pk).first()
        if row is None or not selectors.untouched(row.batch).filter(pk=row.pk).exists():
            return
        person = row.registrant
        if FootageRequest.objects.filter(registrant=person).exclude(incident__in=incidents).exists():
            raise Stale("a request arrived in this moment", subject=person.subject)
        departures.erase(registrant=person, incidents=incidents, actor=actor)
        _forget_people([person], actor)


def _forget_people(people: Sequence[Registrant], actor: Actor) -> None:
    notifications.withdraw_many(subjects=[person.subject for person in people])
    _delete_rows(User, [person.user_id for person in people])
    record_each(event=Event.REGISTRANT_TAKEN_OUT, actor=actor, lines=[Line(person.subject) for person in people])


def _delete_with_history(registrants: Sequence[UUID]) -> None:
    places = list(Premises.objects.filter(registrant__in=registrants).values_list("pk", flat=True))
    _delete_rows(Registrant, registrants)
    Camera.history.filter(premises_id__in=places).delete()
    Premises.history.filter(registrant_id__in=registrants).delete()
    Registrant.history.filter(id__in=registrants).delete()


def _delete_rows(model: Any, ids: Sequence[UUID]) -> None:
    """Delete rows with their dependents, some thousand at once: no signal, so no line of history for each.

    A protected or unknown dependent makes the database refuse, which undoes the whole piece.
    """
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001  (documented, in spite of its name)
        if getattr(relation, "on_delete", None) is models.CASCADE and relation.auto_created:
            hanging = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})  # noqa: SLF001
            if found := list(hanging.values_list("pk", flat=True)):
                _delete_rows(relation.related_model, found)
    rows = model._base_manager.filter(pk__in=ids)  # noqa: SLF001
    rows._raw_delete(rows.db)  # noqa: SLF001


def _finish_undo(batch: ImportBatch, actor: Actor) -> None:
    invitations = list(ImportInvitation.objects.filter(batch=batch))
    notifications.withdraw_many(subjects=[invitation.subject for invitation in invitations])
    ImportInvitation.objects.filter(batch=batch).delete()
    ImportFault.objects.filter(batch=batch).delete()
    batch.kept = Imported.objects.filter(batch=batch).count()
    _forget_rows(batch)
    take(batch, ImportState.UNDONE, actor, facts={"kept": batch.kept})


logger = logging.getLogger(__name__)

SWEEPER = "registry.take_up_imports"
ROWS_AT_ONCE = 2000
"""Rows of an import in one transaction."""
PATIENCE = timedelta(minutes=2)
"""An import without progress for this long has lost its worker."""
Cells = tuple[int, list[str]]


def work(*, pk: UUID) -> bool:
    """Count, write or undo an import; True if anything was done. A fault stops it after the last whole piece.

    A database that is away for a moment is no fault of the import: the sweep tries again.
    """
    batch = ImportBatch.objects.filter(pk=pk).first()
    if batch is None:
        return False
    try:
        if batch.state in (ImportState.CHECKING, ImportState.RUNNING):
            return _run(batch, ImportState(batch.state))
        return batch.state == ImportState.UNDOING and carry_out_undo(pk=pk)
    except OperationalError:
        raise
    except Exception as fault:
        logger.warning("Import %s stopped: %s", batch.number, type(fault).__name__)
        if not _fail(pk):
            raise
        return True


def take_up() -> int:
    late = ImportBatch.objects.filter(state__in=AT_WORK, worked_at__lt=timezone.now() - PATIENCE).order_by(
        "uploaded_at"
    )
    return sum(broker.offer(pk, task=WORKER) for pk in late.values_list("pk", flat=True))


def _run(batch: ImportBatch, state: ImportState) -> bool:
    """Count or write all rows of an import. Counting begins again each time, since it keeps earlier rows in memory."""
    counting = KnownRows() if state == ImportState.CHECKING else None
    place = 0 if counting is not None else batch.done_rows
    rows = table_storage.rows_of(batch.key, skip=place)
    while True:
        cells = list(islice(rows, ROWS_AT_ONCE))
        if not cells:
            raise EOFError("the working copy is shorter than the file was")
        with transaction.atomic():
            locked = hold(batch.pk)
            if locked.state != state:
                return True  # somebody stopped it, or another worker is ahead
            if counting is not None and place == 0:
                _restart(locked)
            if locked.done_rows != place:
                return True  # another worker is at it
            place += len(cells)
            _take_rows(locked, cells, counting)
            if place >= locked.rows:
                _finish_run(locked)
                return True
            locked.save()


@uncollected()
def _take_rows(batch: ImportBatch, cells: Sequence[Cells], counting: KnownRows | None) -> None:
    today = timezone.localdate()
    parsed = [
        (number, *parse(number, row, columns=batch.columns, width=len(batch.header), points=batch.points, today=today))
        for number, row in cells
    ]
    rows = [row for _number, row, _notes in parsed if row is not None]
    known = counting or KnownRows()
    decisions = known.decide(batch, rows)
    lost: set[UUID] = set()
    if counting is None and batch.started_by is not None:
        lost = write_decisions(batch=batch, decisions=decisions, actor=batch.started_by.actor)
    _add_up(batch, decisions, lost, errors=len(parsed) - len(rows))
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


def _add_up(batch: ImportBatch, decisions: Sequence[Decision], lost: set[UUID], *, errors: int) -> None:
    outcomes = Counter(RowOutcome.THERE if each.registrant in lost else each.outcome for each in decisions)
    kept = [each for each in decisions if each.registrant not in lost]
    batch.added += outcomes[RowOutcome.ADDED]
    batch.invited += outcomes[RowOutcome.INVITED]
    batch.there += outcomes[RowOutcome.THERE]
    batch.errors += errors
    batch.people += sum(each.new_person for each in kept)
    batch.cameras += sum(len(each.cameras) for each in kept)


def _finish_run(batch: ImportBatch) -> None:
    counted = batch.state == ImportState.CHECKING
    if not counted:
        _forget_rows(batch)
    counts = {name: getattr(batch, name) for name in COUNTS}
    take(batch, ImportState.CHECKED if counted else ImportState.DONE, task_actor(WORKER), facts=counts)


def _fail(pk: UUID) -> bool:
    """Stop an import after the last whole piece; True if it ran. Its administrator continues, or undoes it."""
    with transaction.atomic():
        batch = hold(pk)
        if batch.state not in (ImportState.CHECKING, ImportState.RUNNING):
            return False
        take(batch, ImportState.FAILED, task_actor(WORKER), facts={"row": batch.done_rows})
    return True


CLEANER = "registry.forget_invitations"


def discard_old() -> int:
    """Delete files that no row names, and working copies that nobody continues with in time; return how many."""
    late = timezone.now() - IMPORT_WAITS
    waiting = ImportBatch.objects.filter(started_at__isnull=True, uploaded_at__lte=late).exclude(
        state=ImportState.DISCARDED
    )
    stopped = ImportBatch.objects.filter(
        state=ImportState.FAILED, started_at__isnull=False, worked_at__lte=timezone.now() - IMPORT_STOPPED_KEPT
    ).exclude(key="")
    gone = sum(_end_unused(due, batch.pk) for due in (waiting, stopped) for batch in due)
    named = {*ImportBatch.objects.values_list("key", flat=True), *RegistryExport.objects.values_list("key", flat=True)}
    strays = [key for key in table_storage.older_than(late) if key not in named]
    for key in strays:
        table_storage.delete(key)
    return gone + len(strays)


def _end_unused(due: models.QuerySet[ImportBatch], pk: UUID) -> bool:
    """Delete the working copy of an import if it is still due. An import that was started can still be undone."""
    with transaction.atomic():
        locked = due.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if locked is None:
            return False
        _forget_rows(locked)
        if locked.started_at is None:
            take(locked, ImportState.DISCARDED, task_actor(CLEANER))
        else:
            locked.save()
            record(event=Event.IMPORT_FORGOTTEN, actor=task_actor(CLEANER), subject=locked.subject)
    return True
