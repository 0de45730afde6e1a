"""`python -m tests.mutants`: draw single faults by seed, run the tests that reach them, print who noticed."""

import argparse
import hashlib
import json
import math
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue

from fusus_portal.demo.servers import servers
from tests.mutants import coverage_map, runner
from tests.mutants.areas import modules, read
from tests.mutants.coverage_map import CoverageMap
from tests.mutants.equivalent import reason_of
from tests.mutants.kinds import Mutant, mutants
from tests.mutants.runner import Result, Verdict
from tests.mutants.slots import Slot, end_all
from tests.repo.sources import ROOT

Reached = list[tuple[Mutant, set[str]]]
"""Mutants with the tests that reach them."""


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--seed", type=int, help="which mutants are drawn (SEED=7)")
    parser.add_argument(
        "--only", help="all mutants of one line in place of a draw (ONLY=shop/payments/services/notices.py:59)"
    )
    parser.add_argument("--count", type=int, default=100, help="how many are drawn (COUNT=100)")
    parser.add_argument("--area", default="", help="where they are drawn (AREA=shop, AREA=integration/live)")
    parser.add_argument("--tests", default="tests", help="which tests may notice (TESTS=tests/shop)")
    parser.add_argument("--jobs", type=int, default=2, choices=[1, 2], help="how many at a time (JOBS=2)")
    parser.add_argument("--refresh", action="store_true", help="measure all tests anew (REFRESH=1)")
    told = parser.parse_args()
    if told.seed is None and not told.only:
        parser.error("say SEED=7, or ONLY=file:line")
    return told


def main() -> int:
    """Run a campaign; return 1 when a mutant could not be run."""
    told = arguments()
    started = servers.start_for_tests(ROOT)  # kept between the runs, each of which would stop them
    try:
        known = coverage_map.current(told.tests, jobs=told.jobs, refresh=told.refresh)
        drawn = of_line(told.only, known) if told.only else draw(reached(told.area, known), told.seed, told.count)
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{told.only.replace('/', '_') if told.only else told.seed}"
        folder = coverage_map.FOLDER / "runs" / name
        most = math.inf if told.only else runner.ASKED_SECONDS
        results = campaign(drawn, known, folder=folder, jobs=told.jobs, most=most)
        summary(results, folder)
    finally:
        started.leave()
    return int(any(each.verdict is Verdict.BROKEN for each in results))


def reached(area: str, known: CoverageMap) -> Reached:
    """Return all mutants of an area on lines that tests reach, in the order of files and lines."""
    found: Reached = []
    for path in modules(area):
        tests = known.reached(path)
        for mutant in mutants(path, read(path)):
            if names := tests.get(mutant.line) or tests.get(mutant.statement):
                found.append((mutant, names))
    return found


def draw(found: Reached, seed: int, count: int) -> Reached:
    """Return as many mutants as asked: the same for the same seed, whatever else comes into the tree or leaves it."""
    return sorted(found, key=lambda each: lot(seed, each[0]))[:count]


def lot(seed: int, mutant: Mutant) -> bytes:
    """Return the lot that a mutant draws, by its file and by its line as it is and as it becomes."""
    before, after = mutant.lines(read(mutant.path))
    return hashlib.sha256("\n".join([str(seed), mutant.path, mutant.kind, before, after]).encode()).digest()


def of_line(place: str, known: CoverageMap) -> Reached:
    """Return the mutants of one line: `path:line`."""
    path, _, line = place.partition(":")
    return [each for each in reached(path, known) if each[0].line == int(line)]


def campaign(drawn: Reached, known: CoverageMap, *, folder: Path, jobs: int, most: float) -> list[Result]:
    """Run mutants, some at a time, and print each as it comes. Noticing counts only if the tree itself passes.

    most: seconds of the tests that are asked about each.
    """
    files = sorted({name.partition("::")[0] for _mutant, tests in drawn for name in tests})
    with ThreadPoolExecutor(jobs) as pool:
        slots = list(pool.map(lambda number: Slot(number, files, folder), range(jobs)))
        free: SimpleQueue[Slot] = SimpleQueue()
        for slot in slots:
            free.put(slot)

        def one(number: int, mutant: Mutant, tests: set[str]) -> Result:
            if reason := reason_of(mutant):
                return Result(mutant, Verdict.EQUIVALENT, why=reason)
            slot = free.get()
            try:
                names = runner.asked(runner.likeliest_first(mutant.path, tests, known.seconds), known.seconds, most)
                return runner.run(mutant, names, known.seconds, folder=folder / f"{number:03d}", slot=slot)
            finally:
                free.put(slot)

        waiting = [pool.submit(one, number, *each) for number, each in enumerate(drawn, 1)]
        try:
            results = [shown(each.result()) for each in as_completed(waiting)]
            return proved(results, known, folder / "without", slots[0])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
        finally:
            for slot in slots:
                slot.close()


def proved(results: list[Result], known: CoverageMap, folder: Path, slot: Slot) -> list[Result]:
    """Run once, without a mutant, the tests that noticed one: what fails there too has noticed nothing."""
    names = sorted({each.by for each in results if each.verdict is Verdict.NOTICED and each.by})
    if names:
        _code, outcome = slot.ask(runner.order_of(names, known.seconds, folder=folder))
        passed = set(outcome.get("ran", [])) - set(outcome.get("noticed_by", {}))
        for each in results:
            if each.by in set(names) - passed:
                each.verdict, each.why = Verdict.BROKEN, f"{each.by} fails without it too"
                shown(each)
    return results


def shown(result: Result) -> Result:
    """Print a result in one line."""
    mutant = result.mutant
    before, after = mutant.lines(read(mutant.path))
    by = result.by or result.why
    sys.stdout.write(
        f"{result.verdict:10} {mutant.path}:{mutant.line}  {mutant.kind}: {before}  ->  {after}"
        f"  [{f'{by}; ' if by else ''}{result.ran} tests, {result.seconds:.0f} s]\n"
    )
    sys.stdout.flush()
    return result


def summary(results: Iterable[Result], folder: Path) -> None:
    """Print the counts, and write all down."""
    results = list(results)
    count = Counter(each.verdict for each in results)
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({**asdict(each), "lines": each.mutant.lines(read(each.mutant.path))}) for each in results)
    (folder / "results.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    took = statistics.median([each.seconds for each in results if each.ran] or [0])
    words = ", ".join(f"{count[verdict]} {verdict}" for verdict in Verdict)
    sys.stdout.write(f"\n{len(results)} mutants: {words}; {took:.0f} s for the median one.\n")
    sys.stdout.write(f"Tests, outcome and output of each: {folder.relative_to(ROOT)}\n")


if __name__ == "__main__":
    sys.exit(main())
