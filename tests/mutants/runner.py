"""Runs the tests that reach a mutant, the likeliest and shortest first, until one notices it."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.mutants.areas import environment, read
from tests.mutants.kinds import Mutant
from tests.mutants.plugin import ORDER, OUTCOME
from tests.repo.sources import ROOT

FIRST = 40
"""How many tests are asked before all others: most mutants end here, and a few files are collected sooner than all."""

SAME_NOUN, SAME_APP, ELSEWHERE = 1, 3, 10
SLOWER, SPARE_SECONDS = 10, 30
STALLED_SECONDS = 180
"""Beyond the longest limit of a test: for the start of a run, and what the limit itself can't end."""

WORKERS = 62
"""Its numbered databases of Valkey are those of no worker of a usual run; there are 64."""


class Verdict(StrEnum):
    """What became of a mutant. BROKEN: its tests could not be run, so nothing is known."""

    NOTICED = "noticed"
    UNNOTICED = "UNNOTICED"
    EQUIVALENT = "equivalent"
    BROKEN = "NOT RUN"


@dataclass
class Result:
    """What became of a mutant, by which test, why, and how many tests ran in how many seconds."""

    mutant: Mutant
    verdict: Verdict
    by: str = ""
    why: str = ""
    ran: int = 0
    seconds: float = 0.0


def likeliest_first(path: str, names: set[str], seconds: dict[str, float]) -> list[str]:
    """Order tests: short before long, where one of the same noun may take ten times as long as one from elsewhere."""
    module = Path(path)
    nouns, app = set(module.stem.split("_")), module.parts[0] if module.parts[0] != "fusus_portal" else module.parts[1]

    def cost(name: str) -> tuple[float, str]:
        file = Path(name.partition("::")[0])
        near = SAME_APP if app in file.parts else ELSEWHERE
        if nouns & set(file.stem.split("_")):
            near = SAME_NOUN
        return near * (seconds[name] + 0.05), name

    return sorted(names, key=cost)


def run(mutant: Mutant, names: list[str], seconds: dict[str, float], *, folder: Path, slot: int) -> Result:
    """Run the tests until one fails. folder: for order, outcome and output. slot: 0 or 1, with servers of its own."""
    begun = time.monotonic()
    result = Result(mutant, Verdict.BROKEN, why="no test was found")
    for wave in filter(None, (names[:FIRST], names[FIRST:])):
        one = run_wave(mutant, wave, seconds, folder=folder, slot=slot)
        result.verdict, result.by, result.why = one.verdict, one.by, one.why
        result.ran += one.ran
        if one.verdict is not Verdict.UNNOTICED:
            break
    result.seconds = time.monotonic() - begun
    return result


def run_wave(mutant: Mutant, names: list[str], seconds: dict[str, float], *, folder: Path, slot: int) -> Result:
    """Run some of the tests."""
    source = mutant.applied(read(mutant.path))
    limits = {name: SPARE_SECONDS + SLOWER * seconds[name] for name in names}
    code, outcome = run_pytest(names, limits, folder=folder, slot=slot, path=mutant.path, source=source)
    ran, noticed = outcome.get("ran", []), outcome.get("noticed_by", {})
    if noticed:
        by, why = next(iter(noticed.items()))
        return Result(mutant, Verdict.NOTICED, by, why, len(ran))
    if code is None:
        return Result(mutant, Verdict.NOTICED, (ran or [""])[-1], "stood still", len(ran))
    if code == 0 and outcome.get("applied") and len(ran) == len(names):
        return Result(mutant, Verdict.UNNOTICED, ran=len(ran))
    return Result(mutant, *unfinished(code, outcome, gone=len(names) - len(ran)), ran=len(ran))


def unfinished(code: int, outcome: dict[str, Any], *, gone: int) -> tuple[Verdict, str, str]:
    """Return verdict, test and reason where no test failed and not all ran."""
    if not outcome.get("applied"):
        return Verdict.BROKEN, "", "the mutant was not imported; see output.txt"
    if code in {0, 5}:
        return Verdict.BROKEN, "", f"{gone} tests are gone; say REFRESH=1"
    if code < 0:
        return Verdict.BROKEN, "", "the run was ended"
    return Verdict.NOTICED, "", "the tests can't be collected with it"


def run_pytest(
    names: list[str], limits: dict[str, float], *, folder: Path, slot: int, path: str = "", source: str = ""
) -> tuple[int | None, dict[str, Any]]:
    """Run tests in one process of pytest. Return its exit code, None when it stood still, and what the plugin wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    order = {
        "module": path.removesuffix("/__init__.py").removesuffix(".py").replace("/", "."),
        "path": str(ROOT / path),
        "source": source,
        "tests": names,
        "limits": limits,
    }
    (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
    outcome = folder / OUTCOME
    outcome.unlink(missing_ok=True)
    files = sorted({name.partition("::")[0] for name in names})
    stop_at_first = ["-x"] if source else []
    with (folder / "output.txt").open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-n", "0", "--tb=short", *stop_at_first,
             "-p", "tests.mutants.plugin", *files],
            cwd=ROOT,
            env=environment(**{ORDER: str(folder / "order.json"), "PYTEST_XDIST_WORKER": f"gw{WORKERS + slot}"}),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        RUNNING.add(process)
        try:
            code = wait(process, outcome, max(limits.values()) + STALLED_SECONDS)
        finally:
            RUNNING.discard(process)
    found: dict[str, Any] = json.loads(outcome.read_text(encoding="utf-8")) if outcome.exists() else {}
    return code, found


RUNNING: "set[subprocess.Popen[bytes]]" = set()


def wait(process: "subprocess.Popen[bytes]", outcome: Path, longest: float) -> int | None:
    """Return the exit code; end the process and return None when it wrote nothing for so many seconds."""
    begun = time.time()
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            last = outcome.stat().st_mtime if outcome.exists() else begun
            if time.time() - last > longest:
                end(process)
                return None


def end(process: "subprocess.Popen[bytes]") -> None:
    """End pytest and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_all() -> None:
    """End what runs in other threads."""
    for process in tuple(RUNNING):
        end(process)
