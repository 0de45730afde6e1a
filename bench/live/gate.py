"""The gate of a live view, beside a bare question to the same server."""

from bench.clock import FIGURES, beside
from bench.page import Found, Limit, Section, Table
from bench.portal import fresh
from fusus_portal.demo.servers.postgres import Postgres
from integration.live.services import gate
from integration.live.video.connection import live
from tests.integration.live.streaming import HERE, scene

CALLS = 5_000
GATE, QUESTION = "the gate", "a bare question"
SECTION = Section(
    "The gate of a live view",
    f"A decision that is kept for a moment, asked {CALLS:,} times, in turn with a bare question to the same server.",
    {
        f"{GATE}, of {QUESTION}": Limit(
            "The gate asks that server once, and compares what it says: a second question breaks the limit.", most=1.7
        )
    },
)


def main(server: Postgres) -> Found:
    """Ask the gate in turn with a bare question."""
    with fresh(server):
        seen = scene()
        grant = seen.begin()
        session = bytes(grant.session)

        def ask() -> None:
            assert gate.look(grant=grant.pk, user=seen.deputy, session=session, network=HERE).decision

        pair = beside(ask, lambda: live().get(f"gate:{grant.pk}"), warm_up=0, rounds=CALLS)
    return Found(
        [Table(["what", *FIGURES], [(GATE, *pair.own.figures), (QUESTION, *pair.reference.figures)])],
        {f"{GATE}, of {QUESTION}": pair.ratio},
    )
