"""Run the benchmarks named, or all; the exit code says whether all reached their bars."""

import sys

from bench import (
    audit_search,
    cameras_within,
    canvass,
    console,
    core_polls,
    gate_check,
    ledger_append,
    ledger_proof,
    ledger_verify,
    live_first_frame,
    live_viewers,
    pages,
    premises_search,
    registry_import,
    shop_pages,
)
from bench.portal import running

BENCHMARKS = {
    "cameras_within": cameras_within.main,
    "premises_search": premises_search.main,
    "pages": pages.main,
    "canvass": canvass.main,
    "console": console.main,
    "audit_search": audit_search.main,
    "ledger_append": ledger_append.main,
    "ledger_proof": ledger_proof.main,
    "ledger_verify": ledger_verify.main,
    "registry_import": registry_import.main,
    "core_polls": core_polls.main,
    "gate_check": gate_check.main,
    "live_viewers": live_viewers.main,
    "live_first_frame": live_first_frame.main,
    "shop_pages": shop_pages.main,
}


def main(names: list[str]) -> int:
    """Run benchmarks by name."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}.")
        return 2
    with running() as server:
        passed = {name: BENCHMARKS[name](server) for name in names or BENCHMARKS}
    for name in [name for name, good in passed.items() if not good]:
        print(f"\n{name} does not reach its bar.")
    return 0 if all(passed.values()) else 1


sys.exit(main(sys.argv[1:]))
