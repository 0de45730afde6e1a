"""Runs of the checks: of new entries, each hour; of the whole log, each night, piece by piece.

The check of the whole log may end anywhere: by the end of its time, a restart, a kill. The next run continues from the
last stored piece. A check of new entries that has no start, or that finds another tree than the checked one, starts a
check of the whole log at once.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import chain, islice
from time import monotonic

from django.db import connection
from django.utils import timezone

from audit.ledger import alarms
from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.findings import Finding
from audit.ledger.checks.reached import Reached, Stage
from audit.ledger.checks.recent import RecentCheck
from audit.ledger.checks.whole import Piece
from audit.ledger.models import SelfCheck
from audit.log.checks import audit_guard

NIGHT = time(7, tzinfo=UTC)
"""Time of day when the check of the whole log is due: one or two in the morning in the middle of the country."""

SECONDS = 480.0
"""Seconds that one run works before another task has its turn. It continues every ten minutes."""

MOST_ALARMS = 50
MORE = f"There are more than {MOST_ALARMS} findings: run `manage.py ledger verify`."


def check_new() -> int:
    """Check the guard, and the log since the last good check; return the number of findings."""
    guard, before = list(_guard()), _last_good()
    if before is None:
        return check_whole(at_once=True, found=guard)
    started, recent = timezone.now(), RecentCheck(before)
    found = list(islice(chain(guard, recent.findings()), MOST_ALARMS + 1))
    _raise(found)
    reached = "" if found else recent.reached.kept()
    SelfCheck.objects.create(started_at=started, ended_at=timezone.now(), findings=len(found), reached=reached)
    if not recent.follows:
        check_whole(at_once=True)
    return len(found)


def check_whole(*, at_once: bool = False, found: Sequence[Finding] = ()) -> int:
    """Continue the check of the whole log, or begin it if it is due; return the number of new findings."""
    with _alone() as is_alone:
        run = SelfCheck.objects.filter(is_whole=True, ended_at__isnull=True).order_by("-pk").first()
        if not is_alone or not (run or at_once or is_due()):
            _raise(found)
            return len(found)
        now = timezone.now()
        run = run or SelfCheck.objects.create(started_at=now, ended_at=None, findings=0, is_whole=True)
        reached = Reached.read(run.reached)
        if reached is None or not reached.is_whole or reached.stage is Stage.DONE:
            reached = Reached(now, is_whole=True)
        before = run.findings
        _continue(run, reached, found)
        return run.findings - before


def is_due() -> bool:
    """True if no complete check of the whole log began since the last night began."""
    now, began = timezone.now(), last_whole_began()
    night = datetime.combine(now.astimezone(UTC), NIGHT)
    return began is None or began < (night if night <= now else night - timedelta(days=1))


def last_whole_began() -> datetime | None:
    """Return when the last complete check of the whole log began; None if its progress lacks the portal's signature."""
    ended = SelfCheck.objects.filter(is_whole=True, ended_at__isnull=False).order_by("-pk").first()
    reached = Reached.read(ended.reached) if ended else None
    return reached.began if reached and reached.is_whole and reached.stage is Stage.DONE else None


def _continue(run: SelfCheck, reached: Reached, found: Sequence[Finding]) -> None:
    until = monotonic() + SECONDS
    while True:
        piece = Piece(reached)
        fresh = list(islice(chain(found, piece.findings()), MOST_ALARMS + 1 - run.findings))
        _raise(fresh, before=run.findings)
        run.findings, found = run.findings + len(fresh), ()
        reached = replace(piece.reached, is_good=run.findings == 0)
        if run.findings > MOST_ALARMS:
            reached = replace(reached, stage=Stage.DONE)
        run.started_at, run.reached = reached.began, reached.kept()
        run.ended_at = timezone.now() if reached.stage is Stage.DONE else None
        run.save()
        if run.ended_at or monotonic() > until:
            return


def _last_good() -> Reached | None:
    """Return the end of the last check without findings; None without one, or if the portal did not sign it."""
    ended = SelfCheck.objects.filter(ended_at__isnull=False).exclude(reached="").order_by("-pk")
    for kept in ended.values_list("reached", flat=True)[:MOST_ALARMS]:
        reached = Reached.read(kept)
        if reached is None or reached.is_good:
            return reached
    return None


@contextmanager
def _alone() -> Iterator[bool]:
    """Yield True and keep others from checking the whole log, or yield False."""
    key = ["audit.check_whole_ledger"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", key)
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", key)


def _guard() -> Iterator[Finding]:
    for error in audit_guard(databases=["default"]):
        yield Finding(AlarmKind.GUARD, None, f"{error.msg} ({error.id}).".capitalize())


def _raise(found: Sequence[Finding], *, before: int = 0) -> None:
    for number, finding in enumerate(found, before):
        alarms.raise_alarm(kind=finding.kind, what=finding.what if number < MOST_ALARMS else MORE)
