"""From an alarm to people: its entry and a mail to staff, in one transaction; and settling it, by an auditor.

The ledger knows no accounts. Whoever does registers here who is told (`AppConfig.ready`).
"""

from collections.abc import Callable, Sequence

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor, ActorKind
from audit.events import Event
from audit.models import Alarm
from audit.services import record
from fusus_portal.lifecycle import NotYours, Refused, Stale

Tell = Callable[[Sequence[Alarm]], None]
"""Writes the mails about alarms to staff, in the transaction of their entries."""

WATCHMAN = Actor(ActorKind.TASK, "audit.tell_alarms", role="task")
AT_ONCE = 100
LONGEST_FACT = 1000

_tellers: list[Tell] = []


def register(teller: Tell) -> None:
    """Register who tells staff. Called once, in `AppConfig.ready`."""
    if teller not in _tellers:
        _tellers.append(teller)


def tell_alarms() -> int:
    """Write the entry of each alarm that has none, and have staff told; return how many there were.

    An alarm that was settled meanwhile is told too: that it was there is part of the log.
    """
    if not _tellers:
        raise ImproperlyConfigured("nobody is registered to be told of alarms")
    with transaction.atomic():
        untold = Alarm.objects.select_for_update(skip_locked=True).filter(recorded_at__isnull=True)
        found = list(untold.order_by("pk")[:AT_ONCE])
        for alarm in found:
            facts = {"kind": alarm.kind, "what": alarm.what[:LONGEST_FACT]}
            record(event=Event.LEDGER_ALARM, actor=WATCHMAN, subject=alarm.subject, facts=facts)
        Alarm.objects.filter(pk__in=[alarm.pk for alarm in found]).update(recorded_at=timezone.now())
        if found:
            for tell in _tellers:
                tell(found)
    return len(found)


def settle(*, alarm: int, by: Actor, reason: str) -> None:
    """Settle an alarm. reason: what was found and done.

    Raises NotYours for none, Stale for one that is settled, Refused without a reason.
    """
    if not reason.strip():
        raise Refused(_("Say what you found and did."))
    with transaction.atomic():
        found = Alarm.objects.select_for_update().filter(pk=alarm).first()
        if found is None:
            raise NotYours(_("There is no such alarm."))
        if found.settled_at is not None:
            raise Stale(_("This alarm is settled already."), subject=found.subject)
        record(event=Event.ALARM_SETTLED, actor=by, subject=found.subject, reason=reason, facts={"kind": found.kind})
        Alarm.objects.filter(pk=alarm).update(settled_at=timezone.now(), settled_by=by.id)
