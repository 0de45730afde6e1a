"""The sealer: gives entries their place in the tree and signs it. `manage.py ledger seal` runs it.

One sealer works at a time, in a separate process: rounds one after the other, despite any fault. Entries do not commit
in the order of their ids, so a trigger queues each in its own transaction, and a round takes those that it can see, in
one transaction: places, tiles, checkpoint, or nothing. Before it signs, it hashes what it wrote again.
"""

import errno
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event as Flag

from django.conf import settings
from django.db import connection, transaction
from psycopg.errors import DiskFull

from audit.ledger import alarms, heads, keys, publication, witnesses
from audit.ledger.alarms import AlarmKind
from audit.ledger.heads import RolledBack
from audit.ledger.models import WIDTH, Bundle, Checkpoint, Leaf, Tile
from audit.ledger.notes import Signer, TreeHead
from audit.ledger.tree import tiles
from audit.ledger.tree.leaves import LONGEST_ENTRY, Filler, FillerSchedule, come_alone, written_entries
from audit.ledger.tree.merkle import Frontier, leaf_hash, perfect_root
from audit.ledger.tree.tiles import NoSuchTile, Tree
from fusus_portal.ground.database.owner import drop_sessions
from fusus_portal.ground.heartbeats import Part, show

ENTRIES_AT_ONCE = 8_192
"""Entries that a round takes at most; others get a place a moment later."""


class EntryTooLong(Exception):
    """An entry has more bytes than a bundle can hold."""


class TreeBroken(Exception):
    """The stored tree is not the one that was signed. Nothing is signed until somebody has looked."""


@dataclass(slots=True)
class Edge:
    """The right edge of the tree, in memory. frontier: its hashes. open: ids and bytes of entries in no full bundle."""

    frontier: Frontier
    open: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return self.frontier.size


def load_edge() -> Edge:
    """Return the edge of the stored tree. Raises TreeBroken or RolledBack unless that tree is the one signed last."""
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


def seal_round(
    edge: Edge, signer: Signer, *, fillers: Sequence[Filler] = (), fillers_alone: bool = False
) -> tuple[Edge, int]:
    """Seal the waiting entries; return the new edge, and the number of entries. The old edge stays as it was.

    fillers: sealed among the entries, by number. fillers_alone: seal fillers even without entries. Raises TreeBroken if
    the written tree does not read back as the one to sign; then nothing is written.
    """
    with transaction.atomic():
        entries = _take_queued()
        if not entries and not (fillers and fillers_alone):
            return edge, 0
        grown = Edge(edge.frontier.copy(), list(edge.open))
        _write_leaves(grown, sorted([*entries, *fillers]))
        head = TreeHead(signer.name, grown.size, grown.frontier.root())
        _must_read_back(edge, head)
        Checkpoint.objects.create(size=head.size, root=head.root, note=head.signed(signer))
    heads.remember(size=head.size, root=head.root)
    return grown, len(entries)


def _take_queued() -> list[tuple[int, bytes]]:
    """Take entries off the queue, oldest first; an alarm names each that is gone from the log. Raises EntryTooLong."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_pending WHERE entry IN (SELECT entry FROM audit_pending ORDER BY entry LIMIT %s) "
            "RETURNING entry",
            [ENTRIES_AT_ONCE],
        )
        taken = [entry for (entry,) in cursor.fetchall()]
        if not taken:
            return []
        entries = written_entries(cursor, taken)
    for entry, content in entries:
        if len(content) > LONGEST_ENTRY:
            raise EntryTooLong(f"entry {entry} has {len(content)} bytes")
    for lost in sorted(set(taken).difference(entry for entry, _content in entries)):
        what = f"Entry {lost} was taken out before it was sealed."
        alarms.raise_alarm(kind=AlarmKind.ENTRY_MISSING, what=what)
    return entries


def _write_leaves(edge: Edge, entries: Sequence[tuple[int, bytes]]) -> None:
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
    """Raise TreeBroken unless the stored bytes hash to `head`, the tree to sign, and that tree continues `edge`."""
    tree = Tree(remember=False)
    for n in range(edge.size // WIDTH, head.size // WIDTH):
        content = bytes(Bundle.objects.values_list("compressed", flat=True).get(n=n))
        if b"".join(leaf_hash(entry) for entry in tiles.decompressed(content)) != tree.tile(0, n):
            raise TreeBroken(f"bundle {n} does not read back as it was written")
    if tree.root(head.size) != head.root or tree.root(edge.size) != edge.frontier.root():
        raise TreeBroken(f"the tree of {head.size} leaves does not read back as it was written")


logger = logging.getLogger(__name__)

ONE_SEALER = 7_310_455
"""Key of the advisory lock that the working sealer holds. A second sealer waits, and takes over after it."""

PATIENCE = 5.0
"""Seconds until a sealer tries again after a fault: the database is away, the disk is full, the tree is broken."""

JITTER = timedelta(seconds=1)
"""NTP sets clocks back by up to this in daily life."""

BY = "ledger.seal"
NO_ROOM = "There is no room for the ledger: sealing waits."
CLOCK_BACK = "The database's clock is before the newest checkpoint."


def run_sealer(signer: Signer, stop: Flag) -> None:
    """Seal until `stop` is set. Raises WrongKey; any other fault raises an alarm, and the round is tried again."""
    fillers = FillerSchedule()
    while not stop.is_set():
        try:
            _work(signer, stop, fillers)
        except keys.WrongKey:
            raise
        except (TreeBroken, RolledBack) as broken:
            _tell(AlarmKind.ROLLED_BACK if isinstance(broken, RolledBack) else AlarmKind.TREE_BROKEN, str(broken))
        except Exception as fault:
            logger.exception("a round of the sealer failed")
            _tell(*_alarm_of(fault))
        else:
            return
        stop.wait(PATIENCE)


def _work(signer: Signer, stop: Flag, fillers: FillerSchedule) -> None:
    if not _only_one(stop):
        return
    keys.must_be_in_use(signer)
    edge, done = load_edge(), None
    witnesses.must_continue(signer, last=publication.published())
    while not stop.is_set():
        now = _now()
        fillers.come()
        sealed = edge
        edge, taken = seal_round(edge, signer, fillers=fillers.waiting, fillers_alone=come_alone(now))
        if edge is not sealed:
            fillers.waiting.clear()
        show(Part.SEALER)
        if (hour := publication.hour_of(now)) != done:
            _publish(hour)
            done = hour
            alarms.clear(kind=AlarmKind.SEALING_FAILED, by=BY)
            alarms.clear(kind=AlarmKind.DISK, what=NO_ROOM, by=BY)
        if taken < ENTRIES_AT_ONCE:
            stop.wait(settings.LEDGER_SEAL_SECONDS)


def _now() -> datetime:
    """Return the time by the database's clock, which dates checkpoints. Raise an alarm if it went back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), (SELECT at FROM audit_checkpoint ORDER BY size DESC LIMIT 1)")
        found: tuple[datetime, datetime | None] = cursor.fetchone()
    now, newest = found
    if newest is not None and newest - now > JITTER:
        alarms.raise_alarm(kind=AlarmKind.CLOCK, what=CLOCK_BACK)
    return now


def _publish(hour: datetime) -> None:
    """Publish the due checkpoint. If a witness refuses it, it is not published; sealing continues."""
    try:
        publication.publish(hour=hour)
    except witnesses.Forked as forked:
        logger.error("%s", forked)
        alarms.raise_alarm(kind=AlarmKind.WITNESS_REFUSED, what=str(forked))


def _alarm_of(fault: Exception) -> tuple[AlarmKind, str]:
    if isinstance(fault.__cause__, DiskFull) or (isinstance(fault, OSError) and fault.errno == errno.ENOSPC):
        return AlarmKind.DISK, NO_ROOM
    return AlarmKind.SEALING_FAILED, f"Sealing stopped: {type(fault).__name__}."


def _only_one(stop: Flag) -> bool:
    while not stop.is_set():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_SEALER])
            if cursor.fetchone() == (True,):
                return True
        stop.wait(settings.LEDGER_SEAL_SECONDS)
    return False


def _tell(kind: AlarmKind, what: str) -> None:
    """Raise an alarm. If even that fails, write to the process log, and rely on the health page."""
    logger.error("%s", what)
    try:
        drop_sessions(connection)
        alarms.raise_alarm(kind=kind, what=what)
    except Exception:
        logger.exception("the alarm could not be written")
