"""Daily deletion of files of imports that nobody starts or continues, and of those that killed processes left."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.steps import take
from registry.imports import table_storage
from registry.imports.models import ImportBatch, RegistryExport
from registry.imports.services import imports
from registry.imports.states import ImportState
from registry.rules import IMPORT_STOPPED_KEPT, IMPORT_WAITS

CLEANER = "registry.forget_invitations"


def discard_old() -> int:
    """Delete files that no row names, and those of imports that nobody continues; return how many.

    An import that was not started waits for a day, one that a fault stopped for a week.
    """
    late = timezone.now() - IMPORT_WAITS
    waiting = ImportBatch.objects.filter(started_at__isnull=True, uploaded_at__lte=late).exclude(
        state=ImportState.DISCARDED
    )
    stopped = ImportBatch.objects.filter(
        state=ImportState.FAILED, started_at__isnull=False, worked_at__lte=timezone.now() - IMPORT_STOPPED_KEPT
    ).exclude(key="")
    gone = sum(_end(due, batch.pk) for due in (waiting, stopped) for batch in due)
    named = {*ImportBatch.objects.values_list("key", flat=True), *RegistryExport.objects.values_list("key", flat=True)}
    strays = [key for key in table_storage.older_than(late) if key not in named]
    for key in strays:
        table_storage.delete(key)
    return gone + len(strays)


def _end(due: QuerySet[ImportBatch], pk: UUID) -> bool:
    """Delete the working copy of an import that is still due. An import that was started can still be undone."""
    with transaction.atomic():
        locked = due.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if locked is None:
            return False
        imports.forget_rows(locked)
        if locked.started_at is None:
            take(locked, ImportState.DISCARDED, task_actor(CLEANER))
        else:
            locked.save()
            record(event=Event.IMPORT_FORGOTTEN, actor=task_actor(CLEANER), subject=locked.subject)
    return True
