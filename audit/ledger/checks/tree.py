"""Comparison of the sealed tree with rows, tiles and signed heads, from any full bundle on; progress of a check.

Progress is stored in the database, which a person who tampers with the log may control, so the portal signs it with
SECRET_KEY, which the database does not have. Nobody can move it forward with the database alone. Older progress in its
place only makes a check read more, or ends it as one that began long ago.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from django.core import signing
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.rows import PAGE, Finding, Sealed, compared
from audit.ledger.models import WIDTH
from audit.ledger.notes import BadNote, Note, TreeHead, Verifier, read_head, read_note, read_verifier
from audit.ledger.tree.merkle import HASH_BYTES, Frontier, leaf_hash, perfect_root
from audit.ledger.tree.tiles import NoSuchTile, Tree, entries_of_bundle, hashes_in

REACHED_SALT = "audit.ledger.checks"


class Stage(StrEnum):
    """Stages of a check of the whole log: the tree with its rows, rows without a place, numbers of cameras."""

    TREE = "tree"
    ROWS = "rows"
    CAMERAS = "cameras"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Reached:
    """Progress of a check.

    is_whole: the check began at the first place. is_good: no findings. places: number compared, in full bundles. roots:
    height and hash of the perfect trees over them, left to right; None if hashes were lost. good, bad: the largest
    signed size whose root held, and the first after it whose root did not. entry: rows up to this id have a place.
    camera: the next camera whose numbers are checked, "" for the first.
    """

    began: datetime
    is_whole: bool = False
    is_good: bool = True
    stage: Stage = Stage.TREE
    places: int = 0
    roots: tuple[tuple[int, bytes], ...] | None = ()
    good: int = 0
    bad: int | None = None
    entry: int = 0
    camera: str = ""

    @property
    def frontier(self) -> Frontier | None:
        return None if self.roots is None else Frontier(self.roots)

    @property
    def is_possible(self) -> bool:
        """True unless the check began in the future, or its roots are not of a tree with these places."""
        fits = self.roots is None or (
            sum(1 << height for height, _root in self.roots) == self.places
            and all(len(root) == HASH_BYTES for _height, root in self.roots)
        )
        return fits and self.places % WIDTH == 0 and self.began <= timezone.now()

    def kept(self) -> str:
        roots = None if self.roots is None else [[height, root.hex()] for height, root in self.roots]
        return signing.dumps({**asdict(self), "began": self.began.isoformat(), "roots": roots}, salt=REACHED_SALT)

    @classmethod
    def read(cls, kept: str) -> Self | None:
        """Return the progress in a stored text, None if the portal did not sign it or it is impossible."""
        try:
            found: dict[str, Any] = signing.loads(kept, salt=REACHED_SALT)
        except signing.BadSignature:
            return None
        roots = found["roots"] and tuple((height, bytes.fromhex(root)) for height, root in found["roots"])
        reached = cls(**found)
        began, stage = datetime.fromisoformat(found["began"]), Stage(found["stage"])
        reached = replace(reached, began=began, stage=stage, roots=() if roots == [] else roots)
        return reached if reached.is_possible else None


HEADS = """
SELECT size, root, note, false AS public FROM audit_checkpoint WHERE size > %s AND size <= %s
UNION ALL SELECT size, NULL, note, true FROM audit_publication WHERE size > %s AND size <= %s
ORDER BY size, public"""

ENTRY_AT = """
SELECT coalesce((SELECT entries[%s] FROM audit_bundle WHERE n = %s),
                (SELECT entry FROM audit_leaf WHERE leaf_index = %s))"""


class Heads:
    """Grows the tree leaf by leaf, and compares it with the root of each signed head on the way.

    Signatures of the newest and of all published checkpoints are verified: those are the ones that others hold. For the
    others the root is enough to tell between which two heads a change is; each receipt carries its own signature.
    """

    def __init__(self, cursor: CursorWrapper, reached: Reached) -> None:
        self.cursor = cursor
        self.tree: Frontier | None = reached.frontier
        cursor.execute("SELECT coalesce(max(size), 0) FROM audit_checkpoint")
        (self.newest,) = cursor.fetchone()
        cursor.execute("SELECT verifier FROM audit_key")
        self.verifiers = list(_keys(text for (text,) in cursor.fetchall()))
        self._ahead: deque[tuple[int, bytes | None, str, bool]] = deque()
        self._read_to = reached.places
        self.good = reached.good  # the largest size whose root holds
        self.bad = reached.bad  # the first size after it whose root doesn't

    def read(self, high: int) -> None:
        self.cursor.execute(HEADS, [self._read_to, high, self._read_to, high])
        self._ahead.extend(self.cursor.fetchall())
        self._read_to = high

    def grow(self, hashes: Sequence[bytes] | None) -> Iterator[Finding]:
        """Add a tile's leaf hashes; compare heads signed within it. hashes: None if lost; no later head is compared."""
        if hashes is None or self.tree is None:
            self.tree = None
            return
        place, start = 0, self.tree.size
        if len(hashes) == WIDTH and not (self._ahead and self._ahead[0][0] < start + WIDTH):
            self.tree.add(perfect_root(hashes), height=8)
            place = WIDTH
        while self._ahead and self._ahead[0][0] <= start + len(hashes):
            size, root, note, public = self._ahead.popleft()
            for leaf in hashes[place : size - start]:
                self.tree.add(leaf)
            place = max(place, size - start)
            yield from self._compare(size, root, note, public=public)
        for leaf in hashes[place:]:
            self.tree.add(leaf)

    def _compare(self, size: int, root: bytes | None, note: str, *, public: bool) -> Iterator[Finding]:
        name = f"The {'published ' if public else ''}checkpoint of {size} places"
        try:
            found = read_note(note)
            head = read_head(found.text)
        except BadNote as bad:
            yield Finding(AlarmKind.TREE_BROKEN, None, f"{name} can't be read: {bad}.")
            return
        if head.size != size or (root is not None and head.root != bytes(root)):
            yield Finding(
                AlarmKind.TREE_BROKEN, None, f"{name} has another size or root in its columns than in its text."
            )
        yield from self._signature(name, found, head, needed=public or size == self.newest)
        if self.tree is not None and head.root == self.tree.root():
            if self.bad is not None:
                changed = f"The checkpoint of {self.bad} places is of another tree than those before and after it."
                yield Finding(AlarmKind.TREE_BROKEN, None, changed)
                self.bad = None
            self.good = size
        elif self.bad is None:
            self.bad = size

    def _signature(self, name: str, note: Note, head: TreeHead, *, needed: bool) -> Iterator[Finding]:
        if self.verifiers and head.origin != self.verifiers[0].name:
            yield Finding(AlarmKind.TREE_BROKEN, None, f"{name} is of another log, {head.origin}.")
        elif needed and not note.signed_by(*self.verifiers):
            yield Finding(AlarmKind.TREE_BROKEN, None, f"{name} is not signed by a key of this log.")

    def end(self) -> Iterator[Finding]:
        if self.bad is not None:
            first = self._entry(self.good)
            last = self._entry(self.bad - 1)
            among = f"entry {first}" if first == last else f"entry {first} or one sealed with it, up to entry {last},"
            what = (
                f"The first {self.bad} leaves do not have the root that was signed, and the first {self.good} do: "
                f"{among} was changed, taken out or put in."
            )
            yield Finding(AlarmKind.TREE_BROKEN, first, what)
        self.cursor.execute("SELECT max(size) FROM audit_publication WHERE size > %s", [self.newest])
        (public,) = self.cursor.fetchone()
        if public is not None:
            what = f"A tree of {public} places was published, and the newest checkpoint has {self.newest}."
            yield Finding(AlarmKind.ROLLED_BACK, None, what)

    def _entry(self, index: int) -> int | None:
        n, place = divmod(index, WIDTH)
        self.cursor.execute(ENTRY_AT, [place + 1, n, index])
        (entry,) = self.cursor.fetchone()
        return None if entry is None else int(entry)


def _keys(texts: Iterable[str]) -> Iterator[Verifier]:
    for text in texts:
        with suppress(BadNote):
            yield read_verifier(text)


TILE_LEVELS = range(8)
TILE_ROOTS = "SELECT n, root FROM audit_tile WHERE level = %s AND n >= %s AND n < %s"


class Tiles:
    """Compares each tile with those below it. A tile passes its own hashes upward, so each break is found once.

    start: the first tile of leaves to check. Tiles before it, also in unfinished tiles above, were compared earlier.
    """

    def __init__(self, cursor: CursorWrapper, start: int = 0) -> None:
        self.cursor = cursor
        self._rising = [list(self._roots(level, start >> 8 * level)) for level in TILE_LEVELS]

    def _roots(self, level: int, count: int) -> Iterator[bytes]:
        first = count - count % WIDTH
        if first == count:
            return
        self.cursor.execute(TILE_ROOTS, [level, first, count])
        stored = {n: bytes(root) for n, root in self.cursor.fetchall()}
        yield from (stored.get(n, b"") for n in range(first, count))

    def check(
        self, n: int, ids: Sequence[int], contents: Sequence[bytes] | None, stored: tuple[bytes, bytes] | None
    ) -> tuple[list[bytes] | None, list[Finding]]:
        """Compare a bundle with its tile; return the leaf hashes, None if both are lost, and the findings."""
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
        for level in TILE_LEVELS:
            self.cursor.execute(
                "SELECT n FROM audit_tile WHERE level = %s AND (n >= %s) ORDER BY n LIMIT 1",
                [level, size >> 8 * (level + 1)],
            )
            for (n,) in self.cursor.fetchall():
                yield Finding(AlarmKind.TREE_BROKEN, None, f"A tree of {size} leaves has no tile {level}/{n}.")


BUNDLES_AT_ONCE = PAGE // WIDTH
"""Bundles that one statement reads: some 5 MB of entries."""

Progress = Callable[[int, int], None]

BUNDLES = "SELECT n, first, last, entries, compressed FROM audit_bundle WHERE n >= %s AND n < %s ORDER BY n"
TILES = "SELECT n, hashes, root FROM audit_tile WHERE level = 0 AND n >= %s AND n < %s"
LEAVES = "SELECT leaf_index, entry, bytes FROM audit_leaf ORDER BY leaf_index"


class SealedTree:
    """Walks over the leaves, from the end of an earlier check to the last signed one. next: first bundle to compare."""

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
            numbers = range(self.next, min(self.next + BUNDLES_AT_ONCE, end))
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
                contents = entries_of_bundle(content)
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
