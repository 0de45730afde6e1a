"""What the page of alarms says."""

from collections.abc import Mapping
from dataclasses import dataclass

from audit.ledger.alarm_texts import TEXTS, AlarmText
from audit.ledger.alarms import AlarmKind, one_alarm, open_alarms, settled_alarms
from audit.ledger.checks.watch import last_check
from audit.ledger.models import Alarm


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm with what it means and what to do."""

    alarm: Alarm
    words: AlarmText

    @property
    def passed(self) -> bool:
        """Whether it was settled by the task that saw that it is over, and not by a person."""
        return "." in self.alarm.settled_by


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
    return AlarmLine(alarm, TEXTS[AlarmKind(alarm.kind)])
