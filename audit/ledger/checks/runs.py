"""The runs of the checks: what is new, each hour; all of the log, each night, piece by piece until it is done.

The check of all may be ended anywhere: by the end of its time, a restart, a kill. What comes next continues from the
last piece that was kept. A check of what is new that has nothing to continue from, or that finds another tree there
than the one that was checked, has all of the log checked at once.
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
"""When the check of all is due each day: at one or two in the morning in the middle of the country."""

SECONDS = 480.0
"""How long one run of it works before another task has its turn. It is asked to continue every ten minutes."""

MOST_ALARMS = 50
MORE = f"There are more than {MOST_ALARMS} findings: run `manage.py ledger verify`."
"""What a run says that finds more. It ends there."""


def check_new() -> int:
    """Check the guard, and what came since the last good check; return how many things were found."""
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
    """Continue the check of the whole log for some minutes; return how many things were found.

    It begins when it is due, or at once. One works at a time. found: what else was found before.
    """
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
    """Tell whether the whole log was not checked since the last night began."""
    now, began = timezone.now(), last_whole_began()
    night = datetime.combine(now.astimezone(UTC), NIGHT)
    return began is None or began < (night if night <= now else night - timedelta(days=1))


def last_whole_began() -> datetime | None:
    """Return when the last check of the whole log began that came to its end; None where the portal signed none."""
    ended = SelfCheck.objects.filter(is_whole=True, ended_at__isnull=False).order_by("-pk").first()
    reached = Reached.read(ended.reached) if ended else None
    return reached.began if reached and reached.is_whole and reached.stage is Stage.DONE else None


def _continue(run: SelfCheck, reached: Reached, found: Sequence[Finding]) -> None:
    """Check piece after piece, and keep how far it came after each."""
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
    """Return where the last check came that found nothing; None where there is none, or it is not the portal's word."""
    ended = SelfCheck.objects.filter(ended_at__isnull=False).exclude(reached="").order_by("-pk")
    for kept in ended.values_list("reached", flat=True)[:MOST_ALARMS]:
        reached = Reached.read(kept)
        if reached is None or reached.is_good:
            return reached
    return None


@contextmanager
def _alone() -> Iterator[bool]:
    """Offer whether nobody else checks the whole log; hold others off meanwhile."""
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
    """Raise an alarm of each finding. before: how many the run had found already."""
    for number, finding in enumerate(found, before):
        alarms.raise_alarm(kind=finding.kind, what=finding.what if number < MOST_ALARMS else MORE)
