"""Reading the log in tests."""

from audit.log.events import Event
from audit.log.models import AuditEntry


def entries_of(event: Event, subject: object = None) -> list[AuditEntry]:
    """Return the entries of an event, of one row when given, oldest first."""
    found = AuditEntry.objects.filter(event=event.value)
    if subject is not None:
        found = found.filter(subject_id=str(getattr(subject, "pk", subject)))
    return list(found.order_by("id"))


def newest_id() -> int:
    """Return the id of the latest entry, 0 for an empty log."""
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def events_after(entry_id: int) -> list[str]:
    """Return the events written after an entry, oldest first."""
    return list(AuditEntry.objects.filter(id__gt=entry_id).order_by("id").values_list("event", flat=True))
