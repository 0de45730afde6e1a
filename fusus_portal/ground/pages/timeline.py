from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from audit.log.actors import ActorKind
from audit.log.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a timeline. by: pseudonym, or ""."""

    at: datetime
    text: str
    by: str = ""


def moments(entries: Iterable[AuditEntry]) -> list[Moment]:
    """Return a line for each act, in the given order: one act on several cameras has several entries."""
    return list(dict.fromkeys(Moment(entry.at, f"{_who(entry)} {entry.sentence}") for entry in entries))


def _who(entry: AuditEntry) -> str:
    if entry.actor_kind == ActorKind.LINK:
        return _("An owner")
    if entry.actor_kind == ActorKind.TASK:
        return _("The portal")
    return entry.actor_pseudonym or _("The owner")
