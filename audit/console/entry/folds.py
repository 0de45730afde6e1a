"""Consecutive lines of the log that say the same: a page folds them into the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from audit.console.entry.rows import Row

LEAST = 3
"""Fewer lines than these are all shown."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Consecutive lines that differ in object and moment only."""

    rows: Sequence[Row]

    @property
    def more(self) -> int:
        return len(self.rows) - 1 if len(self.rows) >= LEAST else 0


def folds_of(rows: Iterable[Row]) -> list[Fold]:
    """Return the lines in order, repeated lines of one act or person as one fold."""
    folds = [Fold(list(same)) for _key, same in groupby(rows, _repeated)]
    return [part for fold in folds for part in ([fold] if fold.more else (Fold([row]) for row in fold.rows))]


def _repeated(row: Row) -> tuple[str, ...]:
    entry = row.entry
    by = (entry.actor_kind, entry.actor_id, entry.actor_pseudonym, entry.sign_in)
    return (entry.event, entry.outcome, *by, entry.subject_kind, entry.incident_id or "", row.reason)
