"""What the auditors' pages say about an entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.actors import ActorKind
from audit.alarm_words import WORDS, Words
from audit.ledger.alarms import Kind
from audit.models import Alarm, AuditEntry
from audit.selectors import last_check, one_alarm, open_alarms, reasons_of, settled_alarms


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


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm with what it means and what to do."""

    alarm: Alarm
    words: Words

    @property
    def passed(self) -> bool:
        """Whether it was settled by the task that saw that it is over, and not by a person."""
        return self.alarm.settled_at is not None and "." in self.alarm.settled_by


def alarms_page() -> Mapping[str, object]:
    """Return what the page of alarms shows."""
    return {
        "open": [_line(alarm) for alarm in open_alarms()],
        "settled": [_line(alarm) for alarm in settled_alarms()],
        "check": last_check(),
    }


def alarm_of(pk: int) -> AlarmLine:
    """Return one alarm. Raises NotYours for none."""
    return _line(one_alarm(pk))


def _line(alarm: Alarm) -> AlarmLine:
    return AlarmLine(alarm, WORDS[Kind(alarm.kind)])
