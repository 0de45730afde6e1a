"""Alarms of the ledger about itself. When a fault passes, its alarm is settled here; others wait for an auditor."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.utils import timezone

from audit.ledger import alarms, publication
from audit.ledger.alarms import PASSING, WATCHING, AlarmKind
from audit.ledger.checks import runs
from audit.ledger.models import Alarm, Checkpoint, SelfCheck

BY = "audit.check_ledger"
PATIENCE = timedelta(minutes=10)
"""Longest wait of an entry for its seal, and of a full hour's tree for its publication."""

CHECK_EVERY = timedelta(hours=1)
WHOLE_WITHIN = timedelta(hours=36)
"""The last complete check of the whole log must have begun within this: a night, and half a day more."""

LEAST_FREE = 1 << 30
"""Bytes that a watched disk must have left."""

OLDEST_PENDING = "SELECT at FROM audit_entry WHERE id = (SELECT min(entry) FROM audit_pending)"

SEALING_LATE = "Entries wait for their seal for more than 10 minutes: is the sealer running?"
PUBLISHING_LATE = "The public checkpoint is behind: nothing was published at the last full hour."
CHECKING_LATE = "What is new in the log was not checked for more than two hours."
WHOLE_LATE = "The last check of the whole log that came to its end began more than 36 hours ago."


def check_ledger() -> int:
    found = runs.check_new()
    disks = settings.LEDGER_WATCHED_DISKS
    full = [name for name in disks if not Path(name).exists() or disk_usage(name).free < LEAST_FREE]
    _raise_or_clear(AlarmKind.DISK, [f"The disk of {name} has less than 1 GB left, or is gone." for name in full])
    return found


def check_lags() -> None:
    _raise_or_clear(AlarmKind.SEALING_LATE, [SEALING_LATE] if is_sealing_late() else [])
    _raise_or_clear(AlarmKind.PUBLISHING_LATE, [PUBLISHING_LATE] if is_publishing_late() else [])
    _raise_or_clear(AlarmKind.CHECKING_LATE, [CHECKING_LATE] if is_checking_late() else [], said=CHECKING_LATE)
    _raise_or_clear(AlarmKind.CHECKING_LATE, [WHOLE_LATE] if is_whole_late() else [], said=WHOLE_LATE)


def last_check() -> SelfCheck | None:
    return SelfCheck.objects.filter(ended_at__isnull=False).order_by("-pk").first()


def last_whole_check() -> SelfCheck | None:
    return SelfCheck.objects.filter(is_whole=True).order_by("-pk").first()


def is_sealing_late() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_PENDING)
        found = cursor.fetchone()
    return found is not None and timezone.now() - found[0] > PATIENCE


def is_publishing_late() -> bool:
    """True if the tree of the last full hour is not public ten minutes after the hour."""
    due = Checkpoint.objects.filter(at__lt=publication.hour_of(timezone.now() - PATIENCE)).order_by("-size").first()
    published = publication.published()
    return due is not None and (published is None or published.size < due.size)


def is_checking_late() -> bool:
    """True if no check has ended for two hours; before the first check, for two hours since the first checkpoint."""
    last = last_check()
    return _is_longer_ago(last.ended_at if last else None, 2 * CHECK_EVERY)


def is_whole_late() -> bool:
    return _is_longer_ago(runs.last_whole_began(), WHOLE_WITHIN)


def _is_longer_ago(last: datetime | None, most: timedelta) -> bool:
    """True if `last`, or without it the first checkpoint, is longer ago than `most`; False for an empty log."""
    since = last or Checkpoint.objects.aggregate(first=Min("at"))["first"]
    return since is not None and timezone.now() - since > most


def is_changed() -> bool:
    """True if an open alarm says that somebody changed the ledger."""
    return Alarm.objects.filter(settled_at__isnull=True).exclude(kind__in=PASSING | WATCHING).exists()


def is_hindered() -> bool:
    is_open = Alarm.objects.filter(settled_at__isnull=True).exclude(kind__in=WATCHING).exists()
    return is_open or is_sealing_late() or is_publishing_late() or is_checking_late() or is_whole_late()


def _raise_or_clear(kind: AlarmKind, found: Sequence[str], said: str | None = None) -> None:
    """Raise an alarm for each text found. Without any, settle the alarms of the kind; said: only those of this text."""
    for what in found:
        alarms.raise_alarm(kind=kind, what=what)
    if not found:
        alarms.clear(kind=kind, by=BY, what=said)
