from collections.abc import Mapping

from audit.ledger.alarms import AlarmKind, one_alarm, open_alarms, settled_alarms
from audit.ledger.checks.watch import last_check, last_whole_check
from audit.ledger.models import Alarm


def alarms_page() -> Mapping[str, object]:
    return {
        "open": [_line(alarm) for alarm in open_alarms()],
        "settled": [_line(alarm) for alarm in settled_alarms()],
        "check": last_check(),
        "whole": last_whole_check(),
    }


def alarm_of(pk: int) -> Mapping[str, object]:
    return _line(one_alarm(pk))


def _line(alarm: Alarm) -> Mapping[str, object]:
    """Return an alarm with its kind. passed: the task that saw its end settled it, not a person."""
    return {"alarm": alarm, "kind": AlarmKind(alarm.kind), "passed": "." in alarm.settled_by}
