"""Writers go on while sealers are killed: each committed entry has one place, and the places have no gap."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from threading import Event as Flag, Thread

import psycopg
import pytest

from audit.ledger import sealer
from audit.ledger.checks.runs import check_at_once
from audit.ledger.models import Bundle, Checkpoint, Leaf
from audit.ledger.notes import read_checkpoint
from audit.ledger.tree.merkle import leaf_hash
from audit.ledger.tree.tiles import Tree, bundle, index_of, unpacked
from tests.audit.ledger.sealer.test_rounds import naive_root
from tests.database.clone import Clone
from tests.peers.sealers import Sealers
from tests.sealed_log import SealedLog

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8
KILLS = 20
LONGEST_WAIT = 120.0
POLL_SECONDS = 0.005
INSERT = """
INSERT INTO audit_entry (event, outcome, actor_kind, actor_id, actor_role, actor_pseudonym, sign_in,
                         subject_kind, subject_id, camera_id, offence_type, premises_type, area, facts)
VALUES ('registry:camera:show', 'done', 'user', 'x', '', '', '', 'camera', 'c', %s, '', '', '', '{}') RETURNING id
"""
AT_WORK = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND objid = %s AND granted AND datname = current_database()
"""


class Writer(Thread):
    """Writes entries and rolls some of them back, until it is told to stop. committed: ids of the entries that stay."""

    def __init__(self, clone: Clone, number: int, stop: Flag) -> None:
        super().__init__(daemon=True)
        self.committed: list[int] = []
        self._connection, self._chance, self._stop_flag = clone.connect("portal_app"), Random(number), stop  # noqa: S311  (chance, no secret)
        self._camera = f"00000000-0000-0000-0000-{number:012}"

    def run(self) -> None:
        """Write one transaction after the other."""
        with self._connection as connection:
            while not self._stop_flag.wait(0.01):
                with connection.transaction():
                    ids = [entry(connection, self._camera) for _ in range(self._chance.randint(1, 5))]
                    if self._chance.random() < 0.3:
                        raise psycopg.Rollback
                    self.committed += ids


def entry(connection: psycopg.Connection, camera: str | None) -> int:
    """Write an entry; return its id."""
    (made,) = connection.execute(INSERT, [camera]).fetchone() or (0,)
    return int(made)


@contextmanager
def writing(clone: Clone, number: int = WRITERS) -> Iterator[list[Writer]]:
    """Let writers write for the time of a block."""
    stop = Flag()
    writers = [Writer(clone, each, stop) for each in range(number)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def wait_until(found: Callable[[], bool], log: Path) -> None:
    """Wait until a condition of the database holds."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not found():
        if time.monotonic() > deadline:
            raise AssertionError(log.read_text()[-3000:])
        time.sleep(POLL_SECONDS)


def kill_those_at_work(superuser: psycopg.Connection, sealers: Sealers) -> list[int]:
    """Kill the sealer at work so many times, always with a second one waiting; return who it was each time."""
    chance = Random(4)  # noqa: S311  (chance, no secret)
    sealers.start()
    killed: list[int] = []

    def at_work() -> list[int]:
        return [int(name) for (name,) in superuser.execute(AT_WORK, [sealer.ONE_SEALER]).fetchall()]

    def is_at_work(before: int) -> bool:
        return Checkpoint.objects.count() > before and len(at_work()) == 1

    for _ in range(KILLS):
        sealers.start()
        before = Checkpoint.objects.count()
        wait_until(partial(is_at_work, before), sealers.log)
        time.sleep(chance.random() * 0.03)  # in the middle of a round, or between two
        (number,) = at_work()
        os.kill(number, signal.SIGKILL)
        killed.append(number)
    return killed


@pytest.mark.long
def test_twenty_killed_sealers_lose_nothing_and_place_nothing_twice(sealed_log: SealedLog, sealers: Sealers) -> None:
    clone = sealed_log.clone
    with clone.connect("portal_app") as late, clone.connect() as superuser:
        with late.transaction():
            early = entry(late, None)
            with writing(clone) as writers:
                killed = kill_those_at_work(superuser, sealers)
        committed = sorted([early, *(made for writer in writers for made in writer.committed)])
        gone = "SELECT NOT EXISTS (SELECT FROM audit_pending)"
        wait_until(lambda: superuser.execute(gone).fetchone() == (True,), sealers.log)
        stored = [made for (made,) in superuser.execute("SELECT id FROM audit_entry ORDER BY id").fetchall()]
    assert len(set(killed)) == KILLS
    assert stored == committed
    assert min(stored) == early
    assert must_be_dense() == Counter(committed)
    assert index_of(early) is not None
    assert (index_of(early) or 0) > len(committed) // 2
    must_be_signed(sealed_log)
    assert list(check_at_once()) == []


def must_be_dense() -> Counter[int]:
    """Return how often each entry has a place; the places are those from 0 to before the size."""
    bundles = list(Bundle.objects.order_by("n"))
    leaves = list(Leaf.objects.order_by("leaf_index"))
    assert [made.n for made in bundles] == list(range(len(bundles)))
    size = Checkpoint.objects.latest("size").size
    assert [leaf.leaf_index for leaf in leaves] == list(range(256 * len(bundles), size))
    return Counter([made for full in bundles for made in full.entries] + [leaf.entry for leaf in leaves])


def must_be_signed(log: SealedLog) -> None:
    """Assert that each checkpoint is signed, and has the root of its leaves."""
    checkpoints = list(Checkpoint.objects.order_by("size"))
    size = checkpoints[-1].size
    full, rest = divmod(size, 256)
    hashes = [leaf_hash(made) for n in range(full) for made in unpacked(bundle(n))]
    hashes += [leaf_hash(made) for made in (unpacked(bundle(full, rest)) if rest else ())]
    tree = Tree()
    for checkpoint in checkpoints:
        head = read_checkpoint(checkpoint.note, log.signer.verifier)
        assert (head.size, head.root) == (checkpoint.size, tree.root(checkpoint.size))
    assert naive_root(hashes) == bytes(checkpoints[-1].root)
