"""Alarms of the ledger. Whoever finds something raises one; the worker writes its entry and tells staff."""

from enum import StrEnum

from django.db import transaction

from audit.models import Alarm


class Kind(StrEnum):
    """Which check found something."""

    ENTRY_MISSING = "entry-missing"
    ENTRY_CHANGED = "entry-changed"
    ENTRY_UNSEALED = "entry-unsealed"
    TREE_BROKEN = "tree-broken"
    ROLLED_BACK = "rolled-back"
    WITNESS_REFUSED = "witness-refused"
    WITNESS_SILENT = "witness-silent"
    SEALING_LATE = "sealing-late"
    SEALING_FAILED = "sealing-failed"
    PUBLISHING_LATE = "publishing-late"
    CLOCK = "clock"
    DISK = "disk"
    GUARD = "guard"


def raise_alarm(*, kind: Kind, what: str) -> None:
    """Raise an alarm, once: while one of the same words is open, it stands for all."""
    with transaction.atomic():
        if not Alarm.objects.filter(kind=kind.value, what=what, settled_at__isnull=True).exists():
            Alarm.objects.create(kind=kind.value, what=what)
