"""Bundles against tiles, and tiles against the tiles above them."""

from collections.abc import Iterator, Sequence

from django.db.backends.utils import CursorWrapper

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.findings import Finding
from audit.ledger.models import WIDTH
from audit.ledger.tree.merkle import leaf_hash, perfect_root
from audit.ledger.tree.tiles import hashes_in

LEVELS = range(8)
ROOTS = "SELECT n, root FROM audit_tile WHERE level = %s AND n >= %s AND n < %s"


class Tiles:
    """Compares each tile with those below it. A tile passes its own hashes upward, so each break is found once.

    start: the first tile of leaves to check. Tiles before it, also in unfinished tiles above, were compared earlier.
    """

    def __init__(self, cursor: CursorWrapper, start: int = 0) -> None:
        self.cursor = cursor
        self._rising = [list(self._roots(level, start >> 8 * level)) for level in LEVELS]

    def _roots(self, level: int, count: int) -> Iterator[bytes]:
        first = count - count % WIDTH
        if first == count:
            return
        self.cursor.execute(ROOTS, [level, first, count])
        stored = {n: bytes(root) for n, root in self.cursor.fetchall()}
        yield from (stored.get(n, b"") for n in range(first, count))

    def check(
        self, n: int, ids: Sequence[int], contents: Sequence[bytes] | None, stored: tuple[bytes, bytes] | None
    ) -> tuple[list[bytes] | None, list[Finding]]:
        """Compare a bundle with its tile; return the tree's hashes and the findings. None means lost data."""
        hashes = None if contents is None else [leaf_hash(content) for content in contents]
        findings = []
        if stored is None:
            findings.append(Finding(AlarmKind.TREE_BROKEN, ids[0] if ids else None, f"The tile 0/{n} is gone."))
        else:
            kept = hashes_in(stored[0])
            if hashes is not None and hashes != kept:
                findings.extend(
                    Finding(
                        AlarmKind.ENTRY_CHANGED,
                        entry,
                        f"Entry {entry} has other bytes at place {place} than were hashed.",
                    )
                    for place, (entry, fresh, old) in enumerate(zip(ids, hashes, kept, strict=True), n * WIDTH)
                    if fresh != old
                )
            hashes = kept
        if hashes is not None:
            findings.extend(self._up(0, n, hashes, stored, ids[0] if ids else None))
        return hashes, findings

    def _up(
        self, level: int, n: int, hashes: list[bytes], stored: tuple[bytes, bytes] | None, entry: int | None = None
    ) -> Iterator[Finding]:
        root = perfect_root(hashes)
        if stored is not None and stored[1] != root:
            yield Finding(AlarmKind.TREE_BROKEN, entry, f"The tile {level}/{n} has another root than its hashes give.")
        rising = self._rising[level]
        rising.append(root)
        if len(rising) == WIDTH:
            self._rising[level] = []
            yield from self._above(level + 1, n // WIDTH, rising)

    def _above(self, level: int, n: int, rising: list[bytes]) -> Iterator[Finding]:
        self.cursor.execute("SELECT hashes, root FROM audit_tile WHERE level = %s AND n = %s", [level, n])
        found = self.cursor.fetchone()
        if found is None:
            yield Finding(AlarmKind.TREE_BROKEN, None, f"The tile {level}/{n} is gone.")
            yield from self._up(level, n, rising, None)
            return
        kept = hashes_in(bytes(found[0]))
        for place, (below, above) in enumerate(zip(rising, kept, strict=True), n * WIDTH):
            if below != above:
                what = f"The tile {level}/{n} holds another hash of the tile {level - 1}/{place} than that one has."
                yield Finding(AlarmKind.TREE_BROKEN, None, what)
        yield from self._up(level, n, kept, (bytes(found[0]), bytes(found[1])))

    def end(self, size: int) -> Iterator[Finding]:
        for level in LEVELS:
            self.cursor.execute(
                "SELECT n FROM audit_tile WHERE level = %s AND (n >= %s) ORDER BY n LIMIT 1",
                [level, size >> 8 * (level + 1)],
            )
            for (n,) in self.cursor.fetchall():
                yield Finding(AlarmKind.TREE_BROKEN, None, f"A tree of {size} leaves has no tile {level}/{n}.")
