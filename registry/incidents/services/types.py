from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from registry.footage.models import RetentionCategory
from registry.incidents.models import IncidentType, NumberFormat
from registry.incidents.policies import incidents

LONGEST_CODE = 40


def add(
    *,
    name: str,
    name_es: str,
    emergency: bool,
    retention: RetentionCategory | None,
    by: User,
    declares: bool = False,
) -> IncidentType:
    """Add an incident type. declares: critical once dispatch sends it. Raises Refused by role, ValidationError."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        tidy, tidy_es = incidents.check_names(name, name_es)
        added = IncidentType(
            code=_free_code(tidy),
            name=tidy,
            name_es=tidy_es,
            emergency=emergency,
            declares=declares,
            retention=retention,
        )
        _save(added, by)
        _record(Event.INCIDENT_TYPE_ADDED, added, by)
    return added


def change(
    *,
    incident_type: IncidentType,
    name: str,
    name_es: str,
    emergency: bool,
    retention: RetentionCategory | None,
    by: User,
    declares: bool = False,
) -> IncidentType:
    """Change an incident type. Its code stays, so figures over the years stay comparable. Raises as `add`."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked(incident_type.pk)
        locked.name, locked.name_es = incidents.check_names(name, name_es, own=locked)
        locked.emergency, locked.declares, locked.retention = emergency, declares, retention
        _save(locked, by)
        _record(Event.INCIDENT_TYPE_CHANGED, locked, by)
    return locked


def retire(*, incident_type: IncidentType, by: User) -> None:
    """Take an incident type off the list: incidents that have it keep it. One that was never used is deleted."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked(incident_type.pk)
        incidents.must_be_listed(locked)
        _record(Event.INCIDENT_TYPE_RETIRED, locked, by)
        if incidents.is_used(locked):
            locked.retired_at = timezone.now()
            _save(locked, by)
        else:
            locked._history_user = by  # type: ignore[attr-defined]  # noqa: SLF001  (simple_history reads it)
            locked.delete()


def restore(*, incident_type: IncidentType, by: User) -> IncidentType:
    """Put a retired type back on the list. Raises ValidationError if its name is forbidden or taken by now."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked(incident_type.pk)
        incidents.must_be_retired(locked)
        incidents.check_names(locked.name, locked.name_es, own=locked)
        locked.retired_at = None
        _save(locked, by)
        _record(Event.INCIDENT_TYPE_RESTORED, locked, by)
    return locked


def set_number_format(*, pattern: str, by: User) -> NumberFormat:
    """Set the format of new incident numbers; old ones stay. Raises Refused by role, ValidationError on "pattern"."""
    demand(by, Permission.ADMINISTER)
    tidy = pattern.strip()
    incidents.check_pattern(tidy)
    with transaction.atomic():
        before = NumberFormat.current()
        kept = NumberFormat.objects.select_for_update(no_key=True).first() or NumberFormat()
        kept.pattern, kept.changed_by, kept.changed_at = tidy, by, timezone.now()
        _save(kept, by)
        record(
            event=Event.NUMBER_FORMAT_CHANGED,
            actor=by.actor,
            subject=kept.subject,
            facts={"before": before, "after": tidy},
        )
    return kept


def _locked(pk: UUID) -> IncidentType:
    return IncidentType.objects.select_for_update(no_key=True).get(pk=pk)


def _save(row: IncidentType | NumberFormat, by: User) -> None:
    row._history_user = by  # type: ignore[union-attr]  # noqa: SLF001  (simple_history reads it)
    row.save()


def _free_code(name: str) -> str:
    """Return a code that no incident type has or had: the log names types by code."""
    base = slugify(name)[: LONGEST_CODE - 4].strip("-") or "type"
    taken = set(IncidentType.history.filter(code__startswith=base).values_list("code", flat=True))
    taken |= set(IncidentType.objects.filter(code__startswith=base).values_list("code", flat=True))
    if base not in taken:
        return base
    return next(code for number in range(2, len(taken) + 3) if (code := f"{base}-{number}") not in taken)


def _record(event: Event, incident_type: IncidentType, by: User) -> None:
    record(
        event=event,
        actor=by.actor,
        subject=incident_type.subject,
        offence_type=incident_type.code,
        facts={
            "name": incident_type.name,
            "name_es": incident_type.name_es,
            "kind": "emergency" if incident_type.emergency else "crime",
            "declares": "at once" if incident_type.declares else "",
            "retention": incident_type.retention.name if incident_type.retention else "",
        },
    )
