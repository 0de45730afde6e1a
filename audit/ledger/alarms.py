"""Alarms of the ledger. Whoever finds something raises one; the worker writes its entry and tells staff.

The sealer raises its own, so an alarm needs neither web nor worker; it is told as soon as a worker runs.
"""

from enum import StrEnum

from django.utils import timezone

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
    WATCHED_LONG = "watched-long"
    WATCHED_UNEVENLY = "watched-unevenly"
    WATCH_FIGURES = "watch-figures"
    HOMES_SEARCHED = "homes-searched"


PASSING = frozenset(
    {Kind.WITNESS_SILENT, Kind.SEALING_LATE, Kind.SEALING_FAILED, Kind.PUBLISHING_LATE, Kind.CLOCK, Kind.DISK}
)
"""What hinders the ledger for a time. All others say that somebody changed what must not change."""


WATCHING = frozenset({Kind.WATCHED_LONG, Kind.WATCHED_UNEVENLY, Kind.WATCH_FIGURES, Kind.HOMES_SEARCHED})
"""What is about how people use live view and search. The ledger itself is as it must be."""


def raise_told(*, kind: Kind, what: str) -> None:
    """Raise an alarm inside the transaction of an act that has an entry, and tells staff, by itself."""
    Alarm.objects.bulk_create([Alarm(kind=kind.value, what=what, recorded_at=timezone.now())], ignore_conflicts=True)


def raise_alarm(*, kind: Kind, what: str) -> None:
    """Raise an alarm, once: while one of the same words is open, it stands for all."""
    Alarm.objects.bulk_create([Alarm(kind=kind.value, what=what)], ignore_conflicts=True)


def clear(*, kind: Kind, by: str, what: str | None = None) -> None:
    """Settle open alarms of a kind, of these words where some are given: whoever raised them sees that it is over."""
    over = Alarm.objects.filter(kind=kind.value, settled_at__isnull=True)
    if what is not None:
        over = over.filter(what=what)
    over.update(settled_at=timezone.now(), settled_by=by)
