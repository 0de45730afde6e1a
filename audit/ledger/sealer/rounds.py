"""The sealer: gives entries their place in the tree and signs it. One works at a time, in a separate process.

An entry's id is no order of commits: an earlier one may commit later. So the log's trigger queues each entry in its own
transaction, and a round takes the entries that it can see, in one transaction: places, tiles, checkpoint, or nothing.
Uncommitted entries join a later round. Before it signs, a round reads back what it wrote and hashes it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from audit.ledger import alarms, heads
from audit.ledger.models import WIDTH, Bundle, Checkpoint, Leaf, Tile
from audit.ledger.notes import Signer, TreeHead
from audit.ledger.tree import tiles
from audit.ledger.tree.fillers import Filler
from audit.ledger.tree.leaves import LONGEST, written
from audit.ledger.tree.merkle import Frontier, leaf_hash, perfect_root
from audit.ledger.tree.tiles import NoSuchTile, Tree

AT_ONCE = 8_192
"""Entries that a round takes at most; others get a place a moment later."""


class EntryTooLong(Exception):
    """An entry has more bytes than a bundle can hold."""


class TreeBroken(Exception):
    """The stored tree is not the one that was signed. Nothing is signed until somebody has looked."""


@dataclass(slots=True)
class Edge:
    """The right edge of the tree, in memory: its hashes, and the entries whose bundle is not full."""

    frontier: Frontier
    open: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return self.frontier.size


def load() -> Edge:
    """Return the edge of the stored tree. Raises TreeBroken unless it is the one that the last checkpoint signed."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        if Leaf.objects.exists() or Bundle.objects.exists():
            raise TreeBroken("there are leaves, and no checkpoint")
        heads.must_continue(heads.noted(), size=0)
        return Edge(Frontier())
    heads.must_continue(heads.noted(), size=last.size)
    try:
        tree = Tree(remember=False)
        stored = tree.root(last.size)
        frontier = tree.frontier(last.size)
    except NoSuchTile as missing:
        raise TreeBroken(f"parts of the {last.size} leaves that were signed are missing") from missing
    if stored != bytes(last.root):
        raise TreeBroken(f"the {last.size} leaves stored do not have the root that was signed")
    heads.remember(size=last.size, root=stored)  # a crash, or a full disk, came between the round and its note
    return Edge(frontier, tiles.waiting(last.size // WIDTH))


def seal(
    edge: Edge, signer: Signer, *, fillers: Sequence[Filler] = (), fillers_alone: bool = False
) -> tuple[Edge, int]:
    """Seal the waiting entries; return the new edge, and the number of entries. The old edge stays as it was.

    fillers: join the entries by their numbers. fillers_alone: they need no entry to join. Raises TreeBroken if the
    written tree does not read back as the one to sign; then nothing is written.
    """
    with transaction.atomic():
        entries = _take()
        if not entries and not (fillers and fillers_alone):
            return edge, 0
        grown = Edge(edge.frontier.copy(), list(edge.open))
        _write(grown, sorted([*entries, *fillers]))
        head = TreeHead(signer.name, grown.size, grown.frontier.root())
        _must_read_back(edge, head)
        Checkpoint.objects.create(size=head.size, root=head.root, note=head.signed(signer))
    heads.remember(size=head.size, root=head.root)
    return grown, len(entries)


def _take() -> list[tuple[int, bytes]]:
    """Take entries off the queue, oldest first. A queued entry that is gone from the log raises an alarm."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_pending WHERE entry IN (SELECT entry FROM audit_pending ORDER BY entry LIMIT %s) "
            "RETURNING entry",
            [AT_ONCE],
        )
        taken = [entry for (entry,) in cursor.fetchall()]
        if not taken:
            return []
        entries = written(cursor, taken)
    for entry, content in entries:
        if len(content) > LONGEST:
            raise EntryTooLong(f"entry {entry} has {len(content)} bytes")
    for lost in sorted(set(taken).difference(entry for entry, _content in entries)):
        alarms.raise_alarm(
            kind=alarms.AlarmKind.ENTRY_MISSING, what=f"Entry {lost} was taken out before it was sealed."
        )
    return entries


def _write(edge: Edge, entries: Sequence[tuple[int, bytes]]) -> None:
    stored = len(edge.open)
    first_open = edge.size - stored
    edge.open.extend(entries)
    for _entry, content in entries:
        edge.frontier.add(leaf_hash(content))
    while len(edge.open) >= WIDTH:
        _write_bundle(first_open // WIDTH, edge.open[:WIDTH])
        del edge.open[:WIDTH]
        first_open += WIDTH
        stored = 0
    Leaf.objects.filter(leaf_index__lt=first_open).delete()
    Leaf.objects.bulk_create(
        Leaf(leaf_index=first_open + place, entry=entry, bytes=content)
        for place, (entry, content) in enumerate(edge.open)
        if place >= stored
    )


def _write_bundle(n: int, full: Sequence[tuple[int, bytes]]) -> None:
    ids = [entry for entry, _content in full]
    contents = [content for _entry, content in full]
    Bundle.objects.create(n=n, first=min(ids), last=max(ids), entries=ids, compressed=tiles.compressed(contents))
    _write_tile(0, n, [leaf_hash(content) for content in contents])


def _write_tile(level: int, n: int, hashes: Sequence[bytes]) -> None:
    Tile.objects.create(level=level, n=n, hashes=b"".join(hashes), root=perfect_root(hashes))
    if (n + 1) % WIDTH == 0:
        above = n // WIDTH
        _write_tile(level + 1, above, tiles.hashes_in(Tree(remember=False).tile(level + 1, above)))


def _must_read_back(edge: Edge, head: TreeHead) -> None:
    """Raise TreeBroken unless the stored bytes hash to the tree to sign, and that tree continues the last one."""
    tree = Tree(remember=False)
    for n in range(edge.size // WIDTH, head.size // WIDTH):
        content = bytes(Bundle.objects.values_list("compressed", flat=True).get(n=n))
        if b"".join(leaf_hash(entry) for entry in tiles.decompressed(content)) != tree.tile(0, n):
            raise TreeBroken(f"bundle {n} does not read back as it was written")
    if tree.root(head.size) != head.root or tree.root(edge.size) != edge.frontier.root():
        raise TreeBroken(f"the tree of {head.size} leaves does not read back as it was written")
