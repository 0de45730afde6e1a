"""Mutants that change nothing anyone could notice, each with its reason. At most ten; a test holds them to the tree."""

from typing import NamedTuple

from tests.mutants.areas import read
from tests.mutants.kinds import Kind, Mutant


class Equivalent(NamedTuple):
    """One mutant by its file, its kind and its line before and after, as the command prints them."""

    path: str
    kind: Kind
    before: str
    after: str
    reason: str


EQUIVALENT: list[Equivalent] = [
    Equivalent(
        "audit/ledger/tree/leaves.py",
        Kind.WIDENED,
        "while self._random.random() < ONE_MORE_FILLER:",
        "while self._random.random() <= ONE_MORE_FILLER:",
        "differs for a draw of exactly one half, one of 2**53",
    ),
    Equivalent(
        "integration/live/video/hls.py",
        Kind.WIDENED,
        "if len(table) < 4:",
        "if len(table) <= 4:",
        "a table of four bytes names no stream, so the loop below finds none either",
    ),
]


def reason_of(mutant: Mutant) -> str:
    """Return why a mutant changes nothing, "" for one that does."""
    before, after = mutant.lines(read(mutant.path))
    for each in EQUIVALENT:
        if (each.path, each.kind, each.before, each.after) == (mutant.path, mutant.kind, before, after):
            return each.reason
    return ""
