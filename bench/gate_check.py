"""The gate asked again for a piece of video, from the decision that is kept for a moment.

Beside each question one bare question goes to the same server: what the gate itself costs is the difference, and the
ratio is the same on a busy machine.
"""

import statistics

from bench.portal import fresh
from bench.timing import milliseconds, table
from fusus_portal.demo.postgres import Postgres
from integration.live.services import gate
from integration.live.video.connection import live
from tests.integration.live.streaming import HERE, scene

CALLS = 5_000
MOST_MS = 0.2


def main(server: Postgres) -> bool:
    """Return whether half of all answers come within 0.2 ms."""
    with fresh(server):
        seen = scene()
        grant = seen.begin()
        session = bytes(grant.session)

        def ask() -> None:
            assert gate.look(grant=grant.pk, user=seen.deputy, session=session, network=HERE).decision

        def ask_only() -> None:
            live().get(f"gate:{grant.pk}")

        both = [(milliseconds(ask), milliseconds(ask_only)) for _ in range(CALLS)]
    took, bare = [each for each, _bare in both], [each for _took, each in both]
    rows = [(name, *_figures(found)) for name, found in {"the gate": took, "one bare question": bare}.items()]
    table("The gate, from cache", ["what", "calls", "median ms", "95 %", "longest, with facts read anew"], rows)
    return statistics.median(took) < MOST_MS


def _figures(found: list[float]) -> tuple[str, float, float, float]:
    return f"{len(found):,}", statistics.median(found), statistics.quantiles(found, n=20)[18], max(found)
