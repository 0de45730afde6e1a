"""The check of the log since the last good check. It does not compare old rows; `audit.ledger.checks.whole` does."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone

from audit.ledger import heads
from audit.ledger.checks.findings import Finding
from audit.ledger.checks.ledger import UNREADABLE, behind, unreadable
from audit.ledger.checks.reached import Reached, Stage
from audit.ledger.checks.rows import floor, numbered_since, placed, waiting
from audit.ledger.checks.tree import SealedTree
from audit.ledger.models import WIDTH
from audit.ledger.snapshot import snapshot


class RecentCheck:
    """A check that continues an earlier one. follows: the log continues the one seen then. reached: its own end."""

    def __init__(self, before: Reached) -> None:
        self.noted: str | None = None
        self.follows = True
        self.reached = replace(before, began=timezone.now(), is_whole=False, stage=Stage.DONE)

    def findings(self) -> Iterator[Finding]:
        self.noted = heads.noted()
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
                yield from placed(cursor, self.reached.entry)
                yield from waiting(cursor)
                yield from numbered_since(cursor, self.reached.entry)
                yield from behind(tree.signed, self.noted)
                good = tree.signed.good
                self.reached = replace(self.reached, places=places, roots=roots, good=good, entry=floor(cursor))
        except UNREADABLE as fault:
            yield unreadable(fault)
