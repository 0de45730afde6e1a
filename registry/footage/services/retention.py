from django.db import transaction

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from registry.footage import locks
from registry.footage.models.files import Evidence
from registry.footage.models.retention import RetentionCategory
from registry.footage.policies import retention
from registry.incidents import locks as incident_locks


def add(*, name: str, name_es: str = "", days: int, floor_days: int, by: User) -> RetentionCategory:
    """Add a category. Raises Refused by role, ValidationError by field: name, days, floor_days."""
    demand(by, Permission.ADMINISTER)
    tidy = " ".join(name.split())
    retention.check_category(None, name=tidy, days=days, floor_days=floor_days)
    with transaction.atomic():
        category = RetentionCategory.objects.create(
            name=tidy, name_es=" ".join(name_es.split()), days=days, floor_days=floor_days
        )
        _record(Event.RETENTION_ADDED, category, by)
    return category


def change(
    *,
    category: RetentionCategory,
    name: str,
    name_es: str = "",
    days: int,
    floor_days: int,
    by: User,
) -> RetentionCategory:
    """Change a category. Footage that is here keeps its day; footage that arrives from now on gets the new one.

    Raises as adding one does; floor_days never goes down.
    """
    demand(by, Permission.ADMINISTER)
    tidy = " ".join(name.split())
    with transaction.atomic():
        locked = RetentionCategory.objects.select_for_update(no_key=True).get(pk=category.pk)
        retention.check_category(locked, name=tidy, days=days, floor_days=floor_days)
        before = locked.days
        locked.name, locked.name_es = tidy, " ".join(name_es.split())
        locked.days, locked.floor_days = days, floor_days
        locked.save(update_fields=["name", "name_es", "days", "floor_days"])
        _record(Event.RETENTION_CHANGED, locked, by, before=before)
    return locked


def classify(*, evidence: Evidence, category: RetentionCategory, reason: str, by: User) -> Evidence:
    """Put a file into a category. The longest time that applies wins, and a deletion is announced anew.

    Raises Refused by role, Stale for a deleted file, ValidationError on "reason".
    """
    with transaction.atomic():
        incident = incident_locks.incident(evidence.request.incident_id)
        demand(by, Permission.KEEP_EVIDENCE, subject=incident.subject)
        locked = locks.evidence(evidence.pk, incident=incident)
        retention.must_be_there(locked)
        typed = retention.check_why(reason, evidence=locked, category=category)
        if locked.category_id == category.pk:
            return locked
        locked.category, locked.announced_at = category, None
        locked.kept_until = retention.kept_until(locked.received_at, category=category, incident=incident)
        locked.save(update_fields=["category", "kept_until", "announced_at"])
        record(
            event=Event.EVIDENCE_CLASSIFIED,
            actor=by.actor,
            subject=locked.subject,
            **incident.in_log,
            reason=typed,
            facts={"category": category.name, "kept_until": locked.kept_until.isoformat()},
        )
    return locked


def _record(event: Event, category: RetentionCategory, by: User, *, before: int = 0) -> None:
    facts: dict[str, int | str] = {"name": category.name, "days": category.days, "floor_days": category.floor_days}
    if before:
        facts["days_before"] = before
    record(event=event, actor=by.actor, subject=category.subject, facts=facts)
