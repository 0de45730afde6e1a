"""Lines of the log that say the same of one thing after the other: a page folds them into the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from audit.console.entry.rows import Row

LEAST = 3
"""Fewer lines than these are all shown."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines one below the other that differ in their object and moment alone. more: those behind the first."""

    rows: Sequence[Row]

    @property
    def more(self) -> int:
        """How many lines are folded; 0 for none."""
        return len(self.rows) - 1 if len(self.rows) >= LEAST else 0


def folds_of(rows: Iterable[Row]) -> list[Fold]:
    """Return the lines in their order, those together that one act or one person repeats."""
    folds = [Fold(list(same)) for _key, same in groupby(rows, _repeated)]
    return [part for fold in folds for part in ([fold] if fold.more else (Fold([row]) for row in fold.rows))]


def _repeated(row: Row) -> tuple[str, ...]:
    entry = row.entry
    by = (entry.actor_kind, entry.actor_id, entry.actor_pseudonym, entry.sign_in)
    return (entry.event, entry.outcome, *by, entry.subject_kind, entry.incident_id or "", row.reason)
