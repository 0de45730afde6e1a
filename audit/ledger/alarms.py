"""Alarms of the ledger. Whoever finds something raises one; the worker writes its entry and tells staff.

The sealer raises its own, so an alarm needs neither web nor worker; it is told as soon as a worker runs.
"""

from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.ledger.models import Alarm
from fusus_portal.ground.queries import find_or_refuse


class AlarmKind(StrEnum):
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
    {
        AlarmKind.WITNESS_SILENT,
        AlarmKind.SEALING_LATE,
        AlarmKind.SEALING_FAILED,
        AlarmKind.PUBLISHING_LATE,
        AlarmKind.CLOCK,
        AlarmKind.DISK,
    }
)
"""What hinders the ledger for a time. All others say that somebody changed what must not change."""

WATCHING = frozenset(
    {AlarmKind.WATCHED_LONG, AlarmKind.WATCHED_UNEVENLY, AlarmKind.WATCH_FIGURES, AlarmKind.HOMES_SEARCHED}
)
"""What is about how people use live view and search. The ledger itself is as it must be."""

LATEST_SETTLED = 50


def raise_told(*, kind: AlarmKind, what: str) -> None:
    """Raise an alarm inside the transaction of an act that has its own entry and tells staff itself."""
    Alarm.objects.bulk_create([Alarm(kind=kind.value, what=what, recorded_at=timezone.now())], ignore_conflicts=True)


def raise_alarm(*, kind: AlarmKind, what: str) -> None:
    """Raise an alarm, once: while one of the same words is open, there is no second."""
    Alarm.objects.bulk_create([Alarm(kind=kind.value, what=what)], ignore_conflicts=True)


def clear(*, kind: AlarmKind, by: str, what: str | None = None) -> None:
    """Settle open alarms of a kind, of these words where some are given: whoever raised them sees their end."""
    over = Alarm.objects.filter(kind=kind.value, settled_at__isnull=True)
    if what is not None:
        over = over.filter(what=what)
    over.update(settled_at=timezone.now(), settled_by=by)


def open_alarms() -> QuerySet[Alarm]:
    """Return the alarms of the ledger that nobody has settled, newest first."""
    return Alarm.objects.filter(settled_at__isnull=True).order_by("-pk")


def settled_alarms() -> QuerySet[Alarm]:
    """Return the alarms that were settled last."""
    return Alarm.objects.filter(settled_at__isnull=False).order_by("-settled_at")[:LATEST_SETTLED]


def one_alarm(pk: int) -> Alarm:
    """Return one alarm. Raises NotYours for none."""
    return find_or_refuse(Alarm.objects.filter(pk=pk), _("There is no such alarm."))
