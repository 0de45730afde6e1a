"""Watching the ledger: lags every minute, all of it every hour; what is wrong becomes an alarm.

What ends without anybody's help (a sealer that was away, a full disk) is settled here automatically. What was changed
stays open until an auditor settles it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from shutil import disk_usage

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.utils import timezone

from audit.ledger import alarms, publication
from audit.ledger.alarms import PASSING, WATCHING, AlarmKind
from audit.ledger.checks.findings import Finding
from audit.ledger.checks.ledger import check
from audit.ledger.models import Alarm, Checkpoint, SelfCheck
from audit.log.checks import audit_guard

BY = "audit.check_ledger"
PATIENCE = timedelta(minutes=10)
"""How long an entry may wait for its seal, and a full hour for its publication."""

CHECK_EVERY = timedelta(hours=1)
LEAST_FREE = 1 << 30
"""Bytes that a watched disk must have left."""

MOST_ALARMS = 50
MORE = f"There are more than {MOST_ALARMS} findings: run `manage.py ledger verify`."
OLDEST_PENDING = "SELECT at FROM audit_entry WHERE id = (SELECT min(entry) FROM audit_pending)"

SEALING_LATE = "Entries wait for their seal for more than 10 minutes: is the sealer running?"
PUBLISHING_LATE = "The public checkpoint is behind: nothing was published at the last full hour."


def check_ledger() -> int:
    """Check all of the ledger against itself, its guard and its disks; remember the verdict; return the findings."""
    started = timezone.now()
    found = list(islice(_findings(), MOST_ALARMS + 1))
    words = [*(finding.what for finding in found[:MOST_ALARMS]), MORE]
    for finding, what in zip(found, words, strict=False):
        alarms.raise_alarm(kind=finding.kind, what=what)
    _raise_or_clear(AlarmKind.DISK, _full_disks())
    SelfCheck.objects.create(started_at=started, findings=len(found))
    return len(found)


def check_lags() -> None:
    """Raise an alarm while the sealer is away, or the public checkpoint is behind; settle it at its end."""
    _raise_or_clear(AlarmKind.SEALING_LATE, [SEALING_LATE] if is_sealing_late() else [])
    _raise_or_clear(AlarmKind.PUBLISHING_LATE, [PUBLISHING_LATE] if is_publishing_late() else [])


def last_check() -> SelfCheck | None:
    """Return the last run of the check of the whole ledger, None before the first."""
    return SelfCheck.objects.order_by("-pk").first()


def is_sealing_late() -> bool:
    """Tell whether an entry has waited for its seal for too long."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_PENDING)
        found = cursor.fetchone()
    return found is not None and timezone.now() - found[0] > PATIENCE


def is_publishing_late() -> bool:
    """Tell whether the tree of the last full hour should be public, and is not."""
    due = Checkpoint.objects.filter(at__lt=publication.hour_of(timezone.now() - PATIENCE)).order_by("-size").first()
    published = publication.published()
    return due is not None and (published is None or published.size < due.size)


def is_checking_late() -> bool:
    """Tell whether the check of all has not run for longer than twice its hour. A new log has an hour more."""
    last: datetime | None = SelfCheck.objects.order_by("-pk").values_list("ended_at", flat=True).first()
    since = last or Checkpoint.objects.aggregate(first=Min("at"))["first"]
    return since is not None and timezone.now() - since > 2 * CHECK_EVERY


def is_changed() -> bool:
    """Tell whether an alarm is open that says that somebody changed the ledger."""
    return Alarm.objects.filter(settled_at__isnull=True).exclude(kind__in=PASSING | WATCHING).exists()


def is_hindered() -> bool:
    """Tell whether sealing, publishing, checking or witnessing is late or hindered."""
    is_open = Alarm.objects.filter(settled_at__isnull=True).exclude(kind__in=WATCHING).exists()
    return is_open or is_sealing_late() or is_publishing_late() or is_checking_late()


def _findings() -> Iterator[Finding]:
    yield from check()
    for error in audit_guard(databases=["default"]):
        yield Finding(AlarmKind.GUARD, None, f"{error.msg} ({error.id}).".capitalize())


def _full_disks() -> Iterable[str]:
    for name in settings.LEDGER_WATCHED_DISKS:
        if not Path(name).exists() or disk_usage(name).free < LEAST_FREE:
            yield f"The disk of {name} has less than 1 GB left, or is gone."


def _raise_or_clear(kind: AlarmKind, found: Iterable[str]) -> None:
    words = list(found)
    for what in words:
        alarms.raise_alarm(kind=kind, what=what)
    if not words:
        alarms.clear(kind=kind, by=BY)
