"""How long the proof of one entry takes in a log of 1,250,000, and how large it is."""

import random
import statistics
import time

from django.db import connection, transaction

from audit.ledger import keys
from audit.ledger.models import Checkpoint
from audit.ledger.notes import TreeHead
from audit.ledger.sealer import rounds
from audit.ledger.sealer.rounds import Edge
from audit.ledger.tree.merkle import Frontier
from audit.ledger.tree.tiles import Tree, index_of
from bench.ledger_verify import an_entry
from bench.portal import fresh
from bench.timing import milliseconds, table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.ground.database.address import connection_settings
from fusus_portal.ground.database.owner import signed_in
from tests.database.clone import Clone

ENTRIES = 1_250_000
AT_ONCE = 50_000
PROOFS = 2_000
SLOWEST_MS = 1.3
BYTES = 672


def main(server: Postgres) -> bool:
    """Return whether the median proof takes less than 1.3 ms."""
    with fresh(server) as portal:
        seconds = build(portal)
        found = [proof(random.randrange(1, ENTRIES + 1)) for _ in range(PROOFS)]
    times, sizes = [time for time, _size in found], [size for _time, size in found]
    median = statistics.median(times)
    table(
        f"The proof of one entry among {ENTRIES:,}: its place looked up, its path computed",
        ["proofs", "median ms", "95th percentile ms", "bytes, most"],
        [(PROOFS, median, statistics.quantiles(times, n=20)[18], max(sizes))],
    )
    print(f"The tree was built at {ENTRIES / seconds:,.0f} entries a second.")
    return median < SLOWEST_MS and max(sizes) <= BYTES


def proof(entry: int) -> tuple[float, int]:
    """Return the milliseconds that a proof takes, and its bytes."""
    hashes: list[bytes] = []

    def prove() -> None:
        index = index_of(entry)
        if index is None:
            raise LookupError(entry)
        hashes.extend(Tree().inclusion_proof(index, ENTRIES))

    return milliseconds(prove), len(b"".join(hashes))


FACTS = {"facts": {"canvass": "caed9995-8834-44b3-b487-8e9acf8efd64"}}


def build(portal: Clone) -> float:
    """Seal made-up entries as the sealer does, without a log; return the seconds."""
    signer = keys.made("bench.example/ledger")
    edge, begun = Edge(Frontier()), time.perf_counter()
    connection.close()
    with signed_in(connection_settings("bench", portal.address("portal_sealer"))):
        for first in range(1, ENTRIES + 1, AT_ONCE):
            with transaction.atomic():
                rounds._write(edge, [(entry, an_entry(entry - 1, FACTS)) for entry in range(first, first + AT_ONCE)])  # noqa: SLF001
        head = TreeHead(signer.name, edge.size, edge.frontier.root())
        Checkpoint.objects.create(size=head.size, root=head.root, note=head.signed(signer))
    with portal.connect() as superuser:
        superuser.execute("ANALYZE")
    return time.perf_counter() - begun
