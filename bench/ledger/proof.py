"""The proof of one entry, beside reading and hashing a tile."""

import random
import time
from hashlib import sha256
from itertools import repeat

from django.db import connection, transaction

from audit.ledger import keys, sealer
from audit.ledger.models import WIDTH, Checkpoint
from audit.ledger.notes import TreeHead
from audit.ledger.sealer import Edge
from audit.ledger.tree.merkle import Frontier
from audit.ledger.tree.tiles import Tree, index_of
from bench.clock import FIGURES, in_turn
from bench.ledger.verify import an_entry
from bench.page import Found, Limit, Section, Table
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.database.address import connection_settings
from fusus_portal.ground.database.owner import signed_in
from tests.database.clone import Clone

ENTRIES = 1_250_000
AT_ONCE = 50_000
PROOFS = 2_000
WARM_UP = 50
FULL_TILES = ENTRIES // WIDTH
PROOF, TILE = "a proof", "reading one tile by its key, and 255 hashes"
SECTION = Section(
    "Proving one entry",
    f"""Any of {ENTRIES:,} entries is looked up and its path computed, {PROOFS:,} times; in turn with a tile that is
    read and hashed. What is above a tile is computed once and remembered.""",
    {
        "bytes of a proof": Limit(f"A proof among {ENTRIES:,} entries is 21 hashes of 32 bytes.", most=672),
        f"{PROOF}, of {TILE}": Limit(
            """A proof looks up its entry, and reads and hashes one tile that it has not met; half as much again breaks
            the limit.""",
            most=2.8,
        ),
    },
)


def main(server: Postgres) -> Found:
    """Prove entries anywhere in the log, in turn with reading and hashing one tile of the tree."""
    with fresh(server) as portal:
        seconds = build(portal)
        entries = [random.randrange(1, ENTRIES + 1) for _ in range(WARM_UP + PROOFS)]
        timings = in_turn({PROOF: prove, TILE: read_tile}, entries, warm_up=WARM_UP)
    return Found(
        [
            Table(
                ["what", "bytes, at most", *FIGURES],
                [(name, max(one.found), *one.figures) for name, one in timings.items()],
            ),
            f"The tree was built at {ENTRIES / seconds:,.0f} entries a second.",
        ],
        {"bytes of a proof": max(timings[PROOF].found), f"{PROOF}, of {TILE}": timings[PROOF].of(timings[TILE])},
    )


def prove(entry: int) -> int:
    """Prove an entry, and return the bytes of the proof."""
    index = index_of(entry)
    if index is None:
        raise LookupError(entry)
    return len(b"".join(Tree().inclusion_proof(index, ENTRIES)))


def read_tile(entry: int) -> int:
    """Read the tile of an entry, or another full one, hash as many pairs as it has, and return its bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashes FROM audit_tile WHERE level = 0 AND n = %s", [(entry - 1) // WIDTH % FULL_TILES])
        (hashes,) = cursor.fetchone()
    for _ in repeat(None, WIDTH - 1):
        sha256(hashes[:65]).digest()
    return len(hashes)


FACTS = {"facts": {"canvass": "caed9995-8834-44b3-b487-8e9acf8efd64"}}


def build(portal: Clone) -> float:
    """Seal made-up entries as the sealer does, without a log; return the seconds."""
    signer = keys.made("bench.example/ledger")
    edge, begun = Edge(Frontier()), time.perf_counter()
    connection.close()
    with signed_in(connection_settings("bench", portal.address("portal_sealer"))):
        for first in range(1, ENTRIES + 1, AT_ONCE):
            with transaction.atomic():
                entries = [(entry, an_entry(entry - 1, FACTS)) for entry in range(first, first + AT_ONCE)]
                sealer._write_leaves(edge, entries)  # noqa: SLF001
        head = TreeHead(signer.name, edge.size, edge.frontier.root())
        Checkpoint.objects.create(size=head.size, root=head.root, note=head.signed(signer))
    with portal.connect() as superuser:
        superuser.execute("ANALYZE")
    return time.perf_counter() - begun
