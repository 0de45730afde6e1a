"""Broken glass: every time is a flag, and so is every time without a justification in time."""

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.oversight.review.flags.contract import Flag, FlagKind
from fusus_portal.oversight.review.week import Week

BROKEN = (Event.GLASS_BROKEN, Event.GLASS_OVERDUE)
STORY = (Event.GLASS_ASKED, *BROKEN, Event.GLASS_JUSTIFIED)


def found(week: Week) -> list[Flag]:
    rows = AuditEntry.objects.filter(at__gte=week.begin, at__lt=week.end, event__in=BROKEN, outcome="done")
    return [_flag(kind, subject) for kind, subject in dict.fromkeys(rows.order_by("id").values_list(*SUBJECT))]


SUBJECT = ("subject_kind", "subject_id")


def _flag(kind: str, subject: str) -> Flag:
    rows = AuditEntry.objects.filter(subject_kind=kind, subject_id=subject, event__in=STORY, outcome="done")
    story = list(rows.order_by("id"))
    events = {entry.event for entry in story}
    asked = next((entry for entry in story if entry.event == Event.GLASS_ASKED), story[0])
    overdue = Event.GLASS_OVERDUE in events
    standing = "overdue" if overdue else "justified" if Event.GLASS_JUSTIFIED in events else "waiting"
    entries = tuple(entry.pk for entry in story)
    return Flag(FlagKind.GLASS, asked.actor_pseudonym, entries, {"justification": standing}, 2.0 if overdue else 1.0)
