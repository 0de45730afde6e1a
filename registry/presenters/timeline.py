"""A timeline of audit entries, as the console's pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline."""

    at: datetime
    text: str
    by: str = ""


def moments(entries: Iterable[AuditEntry]) -> list[Moment]:
    """Return a line for each entry, in the order given."""
    return [Moment(entry.at, entry.sentence, entry.actor_pseudonym or entry.actor_role) for entry in entries]
