"""What the auditors' pages say about an entry."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.actors import ActorKind
from audit.models import AuditEntry
from audit.selectors import reasons_of


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the log. reason: as typed, or "" when none was given or it has expired."""

    entry: AuditEntry
    who: str
    reason: str
    facts: str


def rows_of(entries: Iterable[AuditEntry]) -> list[Row]:
    """Return the lines of a page of the log, with the typed reasons."""
    page = list(entries)
    reasons = reasons_of(page)
    return [_row(entry, reasons.get(bytes(entry.reason_digest or b""), "")) for entry in page]


def _row(entry: AuditEntry, reason: str) -> Row:
    facts = ", ".join(f"{name}: {value}" for name, value in sorted(entry.facts.items()))
    return Row(entry, _who(entry), reason, facts)


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind == ActorKind.VISITOR:
        return _("A visitor")
    if entry.actor_kind == ActorKind.LINK:
        return _("The owner, by link")
    if entry.actor_kind == ActorKind.TASK:
        return _("The portal itself")
    return entry.actor_pseudonym or entry.actor_role.capitalize()
