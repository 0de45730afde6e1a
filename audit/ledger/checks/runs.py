"""Checks of the ledger: at once, of new entries each hour, and of the whole log each night, piece by piece.

Everything is read as of one moment (one snapshot), while writers and the sealer keep working. A database cannot see
that it was rolled back as a whole. The head outside it (`audit.ledger.heads`), a kept checkpoint, and witnesses can.

The check of the whole log may end anywhere, even by a kill. Each piece reads one moment and begins where the one before
ended: a snapshot open for hours would keep the database from cleaning up. A check of new entries compares no old rows;
without an earlier check to continue, or if the tree is another one, it starts a check of the whole log at once.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import chain, islice
from time import monotonic

from django.db import DataError, NotSupportedError, ProgrammingError, connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from audit.ledger import alarms, heads
from audit.ledger.alarms import AlarmKind
from audit.ledger.checks import rows
from audit.ledger.checks.rows import Finding
from audit.ledger.checks.tree import Heads, Progress, Reached, SealedTree, Stage
from audit.ledger.models import WIDTH, SelfCheck
from audit.ledger.notes import BadNote, read_checkpoint
from audit.ledger.tree.tiles import NoSuchTile, Tree, snapshot
from audit.log.checks import audit_guard

UNREADABLE = (DataError, NotSupportedError, ProgrammingError)
"""Errors of the database if tables have another form than a check expects."""


def check_at_once(*, progress: Progress | None = None, kept: str | None = None) -> Iterator[Finding]:
    """Yield all differences from the sealed log. kept: an earlier checkpoint, which the log must continue."""
    noted = heads.noted()
    try:
        with snapshot() as cursor:
            tree = SealedTree(cursor, Reached(timezone.now()))
            yield from tree.check(progress)
            yield from rows.placed(cursor)
            yield from rows.waiting(cursor)
            yield from rows.numbered(cursor)
            yield from behind(tree.signed, noted, kept)
    except UNREADABLE as fault:
        yield unreadable(fault)


def unreadable(fault: Exception) -> Finding:
    what = f"The ledger's tables are not as they were made, and can't be checked: {str(fault).splitlines()[0]}."
    return Finding(AlarmKind.TREE_BROKEN, None, what)


def behind(signed: Heads, noted: str | None, kept: str | None = None) -> Iterator[Finding]:
    """Compare the signed tree with heads outside the database. noted: head file, read earlier. kept: a checkpoint."""
    try:
        heads.must_continue(noted, size=signed.newest)
    except heads.RolledBack as behind:
        yield Finding(AlarmKind.ROLLED_BACK, None, str(behind))
    if kept is None:
        return
    try:
        head = read_checkpoint(kept, *signed.verifiers)
        holds = head.size <= signed.newest and Tree(remember=False).root(head.size) == head.root
    except BadNote as bad:
        yield Finding(AlarmKind.ROLLED_BACK, None, f"The checkpoint that was kept does not fit this log: {bad}.")
        return
    except NoSuchTile:
        holds = False
    if not holds:
        what = f"The log of {signed.newest} places does not continue the checkpoint of {head.size} that was kept."
        yield Finding(AlarmKind.ROLLED_BACK, None, what)


class RecentCheck:
    """A check of the entries since `before`. follows: the tree continues the one checked then. reached: progress."""

    def __init__(self, before: Reached) -> None:
        self.follows = True
        self.reached = replace(before, began=timezone.now(), is_whole=False, stage=Stage.DONE)

    def findings(self) -> Iterator[Finding]:
        noted = heads.noted()
        try:
            with snapshot() as cursor:
                tree = SealedTree(cursor, self.reached)
                for finding in tree.follows():
                    self.follows = False
                    yield finding
                if not self.follows:
                    return
                yield from tree.bundles(tree.full)
                places, roots = tree.full * WIDTH, tree.roots
                yield from tree.edge()
                yield from rows.placed(cursor, self.reached.entry)
                yield from rows.waiting(cursor)
                yield from rows.numbered_since(cursor, self.reached.entry)
                yield from behind(tree.signed, noted)
                good = tree.signed.good
                self.reached = replace(self.reached, places=places, roots=roots, good=good, entry=rows.floor(cursor))
        except UNREADABLE as fault:
            yield unreadable(fault)


BUNDLES_OF_PIECE = 1_024
"""Bundles in one piece of the check, 262,144 places: some seconds."""

PAGES_OF_PIECE = 32
"""Pages of rows in one piece: 262,144 rows."""

Findings = Iterator[Finding]


class WholePiece:
    """One piece of the check of the whole log. reached: progress at its beginning; after `findings`, at its end."""

    def __init__(self, before: Reached) -> None:
        self.noted: str | None = None
        self.reached = before

    def findings(self) -> Findings:
        """Yield differences from the sealed log. If earlier pieces compared another tree, the check starts over."""
        self.noted = heads.noted()
        try:
            with snapshot() as cursor:
                yield from PIECE_STAGES[self.reached.stage](self, cursor)
        except UNREADABLE as fault:
            self.reached = replace(self.reached, stage=Stage.DONE)
            yield unreadable(fault)

    def _tree(self, cursor: CursorWrapper) -> Findings:
        tree = SealedTree(cursor, self.reached)
        broken = list(tree.follows())
        yield from broken
        if broken:
            self.reached = Reached(timezone.now(), is_whole=True)
            return
        yield from tree.bundles(min(tree.next + BUNDLES_OF_PIECE, tree.full))
        places, roots, stage = tree.next * WIDTH, tree.roots, Stage.TREE
        if tree.next == tree.full:
            yield from tree.edge()
            yield from behind(tree.signed, self.noted)
            stage = Stage.ROWS
        good, bad = tree.signed.good, tree.signed.bad
        self.reached = replace(self.reached, stage=stage, places=places, roots=roots, good=good, bad=bad)

    def _rows(self, cursor: CursorWrapper) -> Findings:
        after: int | None = self.reached.entry
        for _page in range(PAGES_OF_PIECE):
            if after is not None:
                self.reached = replace(self.reached, entry=after)
                after, found = rows.placed_page(cursor, after)
                yield from found
        if after is not None:
            self.reached = replace(self.reached, entry=after)
            return
        yield from rows.waiting(cursor)
        self.reached = replace(self.reached, stage=Stage.CAMERAS, entry=rows.floor(cursor))

    def _cameras(self, cursor: CursorWrapper) -> Findings:
        camera, found = rows.numbered_page(cursor, self.reached.camera)
        yield from found
        if camera is None:
            self.reached = replace(self.reached, stage=Stage.DONE)
        else:
            self.reached = replace(self.reached, camera=camera)


PIECE_STAGES = {Stage.TREE: WholePiece._tree, Stage.ROWS: WholePiece._rows, Stage.CAMERAS: WholePiece._cameras}  # noqa: SLF001


NIGHT = time(7, tzinfo=UTC)
"""Time of day when the check of the whole log is due: one or two in the morning in the middle of the country."""

SECONDS = 480.0
"""Seconds that one run of the check works before another task has its turn. The check continues every ten minutes."""

MOST_ALARMS = 50
MORE = f"There are more than {MOST_ALARMS} findings: run `manage.py ledger verify`."


def check_new() -> int:
    """Check the guard of the log, and all entries since the last good check; return the number of findings."""
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
    """Continue the check of the whole log, or begin it if due; return the number of new findings, `found` included."""
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
        piece = WholePiece(reached)
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
    """Return the progress of the last check without findings; None without one, or if the portal did not sign it."""
    ended = SelfCheck.objects.filter(ended_at__isnull=False).exclude(reached="").order_by("-pk")
    for kept in ended.values_list("reached", flat=True)[:MOST_ALARMS]:
        reached = Reached.read(kept)
        if reached is None or reached.is_good:
            return reached
    return None


@contextmanager
def _alone() -> Iterator[bool]:
    """Yield True and keep other processes from checking the whole log; yield False if another process checks it now."""
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
