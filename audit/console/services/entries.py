"""Opens and checks one entry. Each act is an entry itself, committed before anything is shown."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.console.entry.verdict import Verdict, VerdictKind, check
from audit.ledger import alarms
from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground.lifecycle import find_or_refuse


def open_entry(*, pk: int, by: Actor) -> AuditEntry:
    """Return one entry. Raises NotYours."""
    entry = _entry(pk)
    with transaction.atomic():
        record(event=Event.ENTRY_OPENED, actor=by, subject=_subject(entry))
    return entry


def check_entry(*, pk: int, by: Actor) -> tuple[AuditEntry, Verdict]:
    """Return an entry and the verdict of a new check. A wrong entry raises an alarm at once. Raises NotYours."""
    entry = _entry(pk)
    verdict = check(entry.pk)
    with transaction.atomic():
        if verdict.kind is VerdictKind.WRONG:
            alarms.raise_alarm(kind=alarms.AlarmKind.ENTRY_CHANGED, what=f"Entry {pk} is not what was sealed.")
        facts = {"verdict": verdict.kind.value, "size": verdict.size}
        record(event=Event.ENTRY_CHECKED, actor=by, subject=_subject(entry), facts=facts)
    return entry, verdict


def _entry(pk: int) -> AuditEntry:
    rows = AuditEntry.objects.filter(pk=pk)
    return find_or_refuse(rows, _("The log has no entry of this number."), subject=("entry", str(pk)[:64]))


def _subject(entry: AuditEntry) -> Subject:
    return Subject("entry", str(entry.pk))
