"""What the daily round throws away: files that nobody imports, and what killed processes left."""

from django.db import transaction
from django.utils import timezone

from audit.events import Event
from audit.services import record
from registry import table_files
from registry.models import ImportBatch, RegistryExport
from registry.rules import IMPORT_WAITS
from registry.services import imports
from registry.services.acting import task_actor
from registry.states import IMPORT, ImportState

CLEANER = "registry.forget_invitations"


def discard_old() -> int:
    """Delete files of imports that nobody started within a day, and files that no row names; return how many."""
    late = timezone.now() - IMPORT_WAITS
    waiting = ImportBatch.objects.filter(started_at__isnull=True, uploaded_at__lte=late).exclude(
        state=ImportState.DISCARDED
    )
    gone = sum(_discard(batch) for batch in waiting)
    named = {*ImportBatch.objects.values_list("key", flat=True), *RegistryExport.objects.values_list("key", flat=True)}
    strays = [key for key in table_files.older_than(late) if key not in named]
    for key in strays:
        table_files.delete(key)
    return gone + len(strays)


def _discard(batch: ImportBatch) -> bool:
    actor = task_actor(CLEANER)
    with transaction.atomic():
        locked = imports.hold(batch.pk)
        if locked.started_at is not None or locked.state == ImportState.DISCARDED:
            return False
        rule = IMPORT.check(source=locked.state, target=ImportState.DISCARDED, role=actor.role, subject=locked.subject)
        locked.state = ImportState.DISCARDED
        record(event=Event(rule.event), actor=actor, subject=locked.subject)
        imports.end(locked)
    return True
