"""The tree with its rows: bundles against rows, tiles, and signed heads, from any full bundle on."""

from collections.abc import Callable, Iterator

from django.db.backends.utils import CursorWrapper

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.findings import Finding
from audit.ledger.checks.heads import Heads
from audit.ledger.checks.reached import Reached
from audit.ledger.checks.rows import PAGE, Sealed, compared
from audit.ledger.checks.tiles import Tiles
from audit.ledger.models import WIDTH
from audit.ledger.snapshot import entries_of
from audit.ledger.tree.merkle import leaf_hash
from audit.ledger.tree.tiles import NoSuchTile, Tree

AT_ONCE = PAGE // WIDTH
"""Bundles that one statement reads: some 5 MB of entries."""

Progress = Callable[[int, int], None]

BUNDLES = "SELECT n, first, last, entries, compressed FROM audit_bundle WHERE n >= %s AND n < %s ORDER BY n"
TILES = "SELECT n, hashes, root FROM audit_tile WHERE level = 0 AND n >= %s AND n < %s"
LEAVES = "SELECT leaf_index, entry, bytes FROM audit_leaf ORDER BY leaf_index"


class SealedTree:
    """Walks over the leaves, from a check's progress to the last signed one. next: the first bundle to compare."""

    def __init__(self, cursor: CursorWrapper, reached: Reached) -> None:
        self.cursor = cursor
        self.reached = reached
        self.signed = Heads(cursor, reached)
        self.next = reached.places // WIDTH
        self.full = self.signed.newest // WIDTH
        self._tiles = Tiles(cursor, self.next)

    def follows(self) -> Iterator[Finding]:
        """Yield a finding if the tree does not continue the one that an earlier good check compared."""
        if not self.reached.is_good:
            return
        places, roots = self.reached.places, self.reached.roots
        if self.signed.newest < places:
            what = f"{places} places of the log were checked, and the newest checkpoint has {self.signed.newest}."
            yield Finding(AlarmKind.ROLLED_BACK, None, what)
        elif roots is not None:
            try:
                holds = Tree(remember=False).frontier(places).roots == roots
            except NoSuchTile:
                holds = False
            if not holds:
                what = f"The first {places} places of the log are not those that were checked before."
                yield Finding(AlarmKind.TREE_BROKEN, None, what)

    def check(self, progress: Progress | None = None) -> Iterator[Finding]:
        yield from self.bundles(self.full, progress)
        yield from self.edge()
        if progress is not None:
            progress(self.signed.newest, self.signed.newest)

    def bundles(self, end: int, progress: Progress | None = None) -> Iterator[Finding]:
        while self.next < end:
            numbers = range(self.next, min(self.next + AT_ONCE, end))
            self.signed.read(numbers.stop * WIDTH)
            yield from self._bundles(numbers)
            self.next = numbers.stop
            if progress is not None:
                progress(self.next * WIDTH, self.signed.newest)

    @property
    def roots(self) -> tuple[tuple[int, bytes], ...] | None:
        return None if self.signed.tree is None else self.signed.tree.roots

    def _bundles(self, numbers: range) -> Iterator[Finding]:
        self.cursor.execute(TILES, [numbers.start, numbers.stop])
        stored = {n: (bytes(hashes), bytes(root)) for n, hashes, root in self.cursor.fetchall()}
        self.cursor.execute(BUNDLES, [numbers.start, numbers.stop])
        bundles = {n: (first, last, ids, bytes(content)) for n, first, last, ids, content in self.cursor.fetchall()}
        sealed: list[Sealed] = []
        for n in numbers:
            ids: list[int] = []
            contents: list[bytes] | None = None
            if n not in bundles:
                yield Finding(AlarmKind.TREE_BROKEN, None, f"The bundle {n} of 256 places is gone.")
            else:
                first, last, ids, content = bundles[n]
                if (first, last) != (min(ids), max(ids)):
                    what = f"The bundle {n} says of itself that it holds other entries."
                    yield Finding(AlarmKind.TREE_BROKEN, ids[0], what)
                contents = entries_of(content)
                if contents is None:
                    what = f"The bundle {n}, from entry {ids[0]} on, can't be read."
                    yield Finding(AlarmKind.TREE_BROKEN, ids[0], what)
                else:
                    sealed.extend(zip(ids, contents, strict=True))
            hashes, findings = self._tiles.check(n, ids, contents, stored.get(n))
            yield from findings
            yield from self.signed.grow(hashes)
        yield from compared(self.cursor, sealed)

    def edge(self) -> Iterator[Finding]:
        """Check the leaves that no bundle holds yet, and that nothing is beyond the signed tree."""
        size = self.signed.newest
        self.signed.read(size)
        self.cursor.execute(LEAVES)
        leaves = [(index, entry, bytes(content)) for index, entry, content in self.cursor.fetchall()]
        expected = range(size - size % WIDTH, size)
        if [index for index, _entry, _content in leaves] == list(expected):
            yield from self.signed.grow([leaf_hash(content) for _index, _entry, content in leaves])
        else:
            found = {index for index, _entry, _content in leaves}
            for index in sorted(set(expected) ^ found):
                what = "is gone" if index in expected else "was never signed"
                yield Finding(AlarmKind.TREE_BROKEN, None, f"The leaf at place {index} {what}.")
            yield from self.signed.grow(None)
        yield from compared(self.cursor, [(entry, content) for _index, entry, content in leaves])
        self.cursor.execute("SELECT n, first FROM audit_bundle WHERE n >= %s ORDER BY n", [size // WIDTH])
        for n, first in self.cursor.fetchall():
            yield Finding(AlarmKind.TREE_BROKEN, first, f"A tree of {size} leaves has no bundle {n}.")
        yield from self._tiles.end(size)
        yield from self.signed.end()
