"""The check of the whole log, in pieces: each reads one moment, and begins where the previous one ended.

So a restart, or the end of its time, may stop it anywhere, and no snapshot stays open for hours, which would keep the
database from cleaning up.
"""

from collections.abc import Iterator
from dataclasses import replace

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from audit.ledger import heads
from audit.ledger.checks.findings import Finding
from audit.ledger.checks.ledger import UNREADABLE, behind, unreadable
from audit.ledger.checks.reached import Reached, Stage
from audit.ledger.checks.rows import floor, numbered_page, placed_page, waiting
from audit.ledger.checks.tree import SealedTree
from audit.ledger.models import WIDTH
from audit.ledger.snapshot import snapshot

BUNDLES = 1_024
"""Bundles of one piece, 262,144 places: some seconds."""

PAGES = 32
"""Pages of rows in one piece: 262,144 rows."""

Findings = Iterator[Finding]


class Piece:
    """One piece of the check. reached: its beginning, and after all findings its end."""

    def __init__(self, before: Reached) -> None:
        self.noted: str | None = None
        self.reached = before

    def findings(self) -> Findings:
        """Yield differences from the sealed log. If the tree is not the one compared so far, start over."""
        self.noted = heads.noted()
        try:
            with snapshot() as cursor:
                yield from STAGES[self.reached.stage](self, cursor)
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
        yield from tree.bundles(min(tree.next + BUNDLES, tree.full))
        places, roots, stage = tree.next * WIDTH, tree.roots, Stage.TREE
        if tree.next == tree.full:
            yield from tree.edge()
            yield from behind(tree.signed, self.noted)
            stage = Stage.ROWS
        good, bad = tree.signed.good, tree.signed.bad
        self.reached = replace(self.reached, stage=stage, places=places, roots=roots, good=good, bad=bad)

    def _rows(self, cursor: CursorWrapper) -> Findings:
        after: int | None = self.reached.entry
        for _page in range(PAGES):
            if after is not None:
                self.reached = replace(self.reached, entry=after)
                after, found = placed_page(cursor, after)
                yield from found
        if after is not None:
            self.reached = replace(self.reached, entry=after)
            return
        yield from waiting(cursor)
        self.reached = replace(self.reached, stage=Stage.CAMERAS, entry=floor(cursor))

    def _cameras(self, cursor: CursorWrapper) -> Findings:
        camera, found = numbered_page(cursor, self.reached.camera)
        yield from found
        if camera is None:
            self.reached = replace(self.reached, stage=Stage.DONE)
        else:
            self.reached = replace(self.reached, camera=camera)


STAGES = {Stage.TREE: Piece._tree, Stage.ROWS: Piece._rows, Stage.CAMERAS: Piece._cameras}  # noqa: SLF001
