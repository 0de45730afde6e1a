"""The tree against each signed head. It grows here leaf by leaf, as it did when it was sealed."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from django.db.backends.utils import CursorWrapper

from audit.ledger.alarms import AlarmKind
from audit.ledger.checks.findings import Finding
from audit.ledger.checks.reached import Reached
from audit.ledger.models import WIDTH
from audit.ledger.notes import BadNote, Note, TreeHead, Verifier, read_head, read_note, read_verifier
from audit.ledger.tree.merkle import Frontier, perfect_root

HEADS = """
SELECT size, root, note, false AS public FROM audit_checkpoint WHERE size > %s AND size <= %s
UNION ALL SELECT size, NULL, note, true FROM audit_publication WHERE size > %s AND size <= %s
ORDER BY size, public"""

AT = """
SELECT coalesce((SELECT entries[%s] FROM audit_bundle WHERE n = %s),
                (SELECT entry FROM audit_leaf WHERE leaf_index = %s))"""


class Heads:
    """Grows the tree, and compares it with the roots of all heads.

    Signatures of the newest and of all published checkpoints are verified: those are the ones that others hold. For the
    others the root is enough to find a change, and the two rounds around it; each receipt carries its own signature.
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
        """Add a tile's leaves, and compare with the heads signed within. None: leaves are lost, and so is the rest."""
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
        self.cursor.execute(AT, [place + 1, n, index])
        (entry,) = self.cursor.fetchone()
        return None if entry is None else int(entry)


def _keys(texts: Iterable[str]) -> Iterator[Verifier]:
    for text in texts:
        with suppress(BadNote):
            yield read_verifier(text)
