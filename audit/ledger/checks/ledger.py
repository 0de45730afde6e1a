"""The whole ledger against itself: columns, sealed bytes, hashes, tiles, signed heads, and missing parts.

Everything is read as of one moment (one snapshot), while writers and the sealer keep working. A database cannot see
that it was rolled back as a whole. The head outside it (`audit.ledger.heads`), a kept checkpoint, and witnesses can.
"""

from collections.abc import Iterator

from django.db import DataError, NotSupportedError, ProgrammingError
from django.utils import timezone

from audit.ledger import heads
from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.findings import Finding
from audit.ledger.checks.heads import Heads
from audit.ledger.checks.reached import Reached
from audit.ledger.checks.rows import numbered, placed, waiting
from audit.ledger.checks.tree import Progress, SealedTree
from audit.ledger.notes import BadNote, read_checkpoint
from audit.ledger.snapshot import snapshot
from audit.ledger.tree.tiles import NoSuchTile, Tree

UNREADABLE = (DataError, NotSupportedError, ProgrammingError)
"""Errors of the database if tables have another form than a check expects."""


def check(*, progress: Progress | None = None, kept: str | None = None) -> Iterator[Finding]:
    """Yield all differences from the sealed log. kept: an earlier checkpoint, which the log must continue."""
    noted = heads.noted()
    try:
        with snapshot() as cursor:
            tree = SealedTree(cursor, Reached(timezone.now()))
            yield from tree.check(progress)
            yield from placed(cursor)
            yield from waiting(cursor)
            yield from numbered(cursor)
            yield from behind(tree.signed, noted, kept)
    except UNREADABLE as fault:
        yield unreadable(fault)


def unreadable(fault: Exception) -> Finding:
    what = f"The ledger's tables are not as they were made, and can't be checked: {str(fault).splitlines()[0]}."
    return Finding(AlarmKind.TREE_BROKEN, None, what)


def behind(signed: Heads, noted: str | None, kept: str | None = None) -> Iterator[Finding]:
    """Compare with heads outside the database. noted: text of the head file, read before the snapshot."""
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
