"""The whole ledger against itself: columns, sealed bytes, hashes, tiles, signed heads, and what is missing.

Everything is read as of one moment (one snapshot), while writers and the sealer keep working. What no database
can tell of itself, that all of it is an older copy, is told by the head kept outside of it (`audit.ledger.heads`), by a
checkpoint that somebody kept, and by witnesses.
"""

from collections.abc import Callable, Iterator

from django.db import DataError, NotSupportedError, ProgrammingError
from django.db.backends.utils import CursorWrapper

from audit.ledger import heads
from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.findings import Finding
from audit.ledger.checks.heads import Heads
from audit.ledger.checks.rows import PAGE, Sealed, compared, numbered, placed
from audit.ledger.checks.tiles import Tiles
from audit.ledger.models import WIDTH
from audit.ledger.notes import BadNote, read_checkpoint
from audit.ledger.snapshot import entries_of, snapshot
from audit.ledger.tree.merkle import leaf_hash
from audit.ledger.tree.tiles import NoSuchTile, Tree

AT_ONCE = PAGE // WIDTH
"""Bundles that one statement reads: 5 MB of entries or so."""

Progress = Callable[[int, int], None]
"""Told how many places of how many were compared."""

BUNDLES = "SELECT n, first, last, entries, compressed FROM audit_bundle WHERE n >= %s AND n < %s ORDER BY n"
TILES = "SELECT n, hashes, root FROM audit_tile WHERE level = 0 AND n >= %s AND n < %s"
LEAVES = "SELECT leaf_index, entry, bytes FROM audit_leaf ORDER BY leaf_index"


def check(*, progress: Progress | None = None, kept: str | None = None) -> Iterator[Finding]:
    """Yield all that is not as it was sealed; nothing when the log is whole.

    kept: a checkpoint that somebody kept, which the log must continue. It reads on a connection of its own, so whoever
    takes the findings may write meanwhile.
    """
    try:
        with snapshot() as cursor:
            signed = Heads(cursor)
            yield from _tree(cursor, signed, progress)
            yield from placed(cursor)
            yield from numbered(cursor)
            yield from _behind(signed, kept)
    except (DataError, NotSupportedError, ProgrammingError) as fault:
        what = f"The ledger's tables are not as they were made, and can't be checked: {str(fault).splitlines()[0]}."
        yield Finding(AlarmKind.TREE_BROKEN, None, what)


def _behind(signed: Heads, kept: str | None) -> Iterator[Finding]:
    """Compare with the heads that are kept outside the database."""
    try:
        heads.must_continue(size=signed.newest)
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


def _tree(cursor: CursorWrapper, signed: Heads, progress: Progress | None) -> Iterator[Finding]:
    """Walk over the leaves, from the first to the last that was signed."""
    tiles = Tiles(cursor)
    full = signed.newest // WIDTH
    for start in range(0, full, AT_ONCE):
        end = min(start + AT_ONCE, full)
        signed.read(end * WIDTH)
        yield from _bundles(cursor, tiles, signed, range(start, end))
        if progress is not None:
            progress(end * WIDTH, signed.newest)
    signed.read(signed.newest)
    yield from _waiting(cursor, signed)
    yield from tiles.end(signed.newest)
    yield from signed.end()
    if progress is not None:
        progress(signed.newest, signed.newest)


def _bundles(cursor: CursorWrapper, tiles: Tiles, signed: Heads, numbers: range) -> Iterator[Finding]:
    cursor.execute(TILES, [numbers.start, numbers.stop])
    stored = {n: (bytes(hashes), bytes(root)) for n, hashes, root in cursor.fetchall()}
    cursor.execute(BUNDLES, [numbers.start, numbers.stop])
    bundles = {n: (first, last, ids, bytes(content)) for n, first, last, ids, content in cursor.fetchall()}
    sealed: list[Sealed] = []
    for n in numbers:
        ids: list[int] = []
        contents: list[bytes] | None = None
        if n not in bundles:
            yield Finding(AlarmKind.TREE_BROKEN, None, f"The bundle {n} of 256 places is gone.")
        else:
            first, last, ids, content = bundles[n]
            if (first, last) != (min(ids), max(ids)):
                yield Finding(
                    AlarmKind.TREE_BROKEN, ids[0], f"The bundle {n} says of itself that it holds other entries."
                )
            contents = entries_of(content)
            if contents is None:
                yield Finding(AlarmKind.TREE_BROKEN, ids[0], f"The bundle {n}, from entry {ids[0]} on, can't be read.")
            else:
                sealed.extend(zip(ids, contents, strict=True))
        hashes, findings = tiles.check(n, ids, contents, stored.get(n))
        yield from findings
        yield from signed.grow(hashes)
    yield from compared(cursor, sealed)


def _waiting(cursor: CursorWrapper, signed: Heads) -> Iterator[Finding]:
    """Check the leaves that no bundle holds yet."""
    size = signed.newest
    cursor.execute(LEAVES)
    leaves = [(index, entry, bytes(content)) for index, entry, content in cursor.fetchall()]
    expected = range(size - size % WIDTH, size)
    if [index for index, _entry, _content in leaves] == list(expected):
        yield from signed.grow([leaf_hash(content) for _index, _entry, content in leaves])
    else:
        found = {index for index, _entry, _content in leaves}
        for index in sorted(set(expected) ^ found):
            what = "is gone" if index in expected else "was never signed"
            yield Finding(AlarmKind.TREE_BROKEN, None, f"The leaf at place {index} {what}.")
        yield from signed.grow(None)
    yield from compared(cursor, [(entry, content) for _index, entry, content in leaves])
    cursor.execute("SELECT n, first FROM audit_bundle WHERE n >= %s ORDER BY n", [size // WIDTH])
    for n, first in cursor.fetchall():
        yield Finding(AlarmKind.TREE_BROKEN, first, f"A tree of {size} leaves has no bundle {n}.")
