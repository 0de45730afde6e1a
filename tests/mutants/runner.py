"""Runs the tests that reach a mutant, the likeliest and shortest first, until one notices it."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from pathlib import Path
from typing import Any

from tests.mutants.areas import read
from tests.mutants.kinds import Mutant
from tests.mutants.slots import Slot
from tests.repo.sources import ROOT

SAME_NOUN, SAME_APP, ELSEWHERE = 1, 3, 10
SLOWER, SPARE_SECONDS = 10, 30
ASKED_SECONDS = 60
"""Seconds, at most, that the tests take for a drawn mutant."""


class Verdict(StrEnum):
    """The outcome of a mutant. BROKEN: its tests could not be run, so nothing is known."""

    NOTICED = "noticed"
    UNNOTICED = "UNNOTICED"
    EQUIVALENT = "equivalent"
    BROKEN = "NOT RUN"


@dataclass
class Result:
    """The outcome of a mutant, by which test, why, and how many tests ran in how many seconds."""

    mutant: Mutant
    verdict: Verdict
    by: str = ""
    why: str = ""
    ran: int = 0
    seconds: float = 0.0


def likeliest_first(path: str, names: set[str], seconds: dict[str, float]) -> list[str]:
    """Order tests: short before long, where one of the same noun may take ten times as long as one from elsewhere."""
    app, *rooms = Path(path.removeprefix("fusus_portal/")).with_suffix("").parts
    nouns = _words(rooms)

    def cost(name: str) -> tuple[float, str]:
        file = Path(name.partition("::")[0])
        near = SAME_APP if app in file.parts else ELSEWHERE
        if nouns & _words(file.with_suffix("").parts[1:]):
            near = SAME_NOUN
        return near * (seconds[name] + 0.05), name

    return sorted(names, key=cost)


def _words(parts: Iterable[str]) -> set[str]:
    return {word for part in parts for word in part.split("_")}


def asked(names: list[str], seconds: dict[str, float], most: float = ASKED_SECONDS) -> list[str]:
    """Return the first of the tests, as many as run in so many seconds, and one in any case."""
    sums = accumulate(seconds[name] for name in names)
    return [name for place, (name, took) in enumerate(zip(names, sums, strict=True)) if took <= most or not place]


def run(mutant: Mutant, names: list[str], seconds: dict[str, float], *, folder: Path, slot: Slot) -> Result:
    """Run the tests until one fails: in a child, or alone where the child can't take the mutant."""
    begun = time.monotonic()
    order = order_of(names, seconds, folder=folder, path=mutant.path, source=mutant.applied(read(mutant.path)))
    result = judged(mutant, names, *slot.ask(order))
    if result.verdict is Verdict.BROKEN:
        result = judged(mutant, names, *slot.run_alone(order))
    result.seconds = time.monotonic() - begun
    return result


def order_of(
    names: list[str], seconds: dict[str, float], *, folder: Path, path: str = "", source: str = ""
) -> dict[str, Any]:
    """Return what plugin.py reads. path, source: of the mutant, "" for the tree as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "folder": str(folder),
        "module": path.removesuffix("/__init__.py").removesuffix(".py").replace("/", "."),
        "path": str(ROOT / path),
        "source": source,
        "tests": names,
        "limits": {name: SPARE_SECONDS + SLOWER * seconds[name] for name in names},
    }


def judged(mutant: Mutant, names: list[str], code: int | None, outcome: dict[str, Any]) -> Result:
    """Return what a run says of a mutant. code: the exit code of pytest, None for one that stood still."""
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
