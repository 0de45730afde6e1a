from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Precision
from registry import hooks
from registry.incidents import locks
from registry.incidents.dispatch_format import Item
from registry.incidents.models.dispatch import DispatchDelivery, DispatchRecord
from registry.incidents.models.incidents import Incident, IncidentSource
from registry.incidents.models.types import IncidentType
from registry.incidents.policies import dispatch
from registry.incidents.policies.dispatch import DispatchOutcome, Verdict
from registry.incidents.services import incidents


def apply(*, item: Item, delivery: DispatchDelivery) -> Verdict:
    """Apply a checked report of dispatch, inside the transaction of its delivery."""
    found = incident_of(dispatch.incident_number(item))
    incident = locks.incident(found.pk) if found else None
    known = record_of(delivery.source, item.id)
    verdict = dispatch.judge(item, incident=incident, record=known, source=delivery.source)
    if verdict.outcome is DispatchOutcome.OPENED:
        incident = _open(item, delivery)
    if incident is None or verdict.outcome is DispatchOutcome.REFUSED:
        return verdict
    if verdict.outcome is DispatchOutcome.UPDATED:
        _update(incident, item, delivery)
    elif verdict.outcome is DispatchOutcome.VERIFIED:
        _confirm(incident, delivery)
    if known is None or item.as_of > known.as_of:
        _remember(incident, item, delivery, differs=verdict.outcome is DispatchOutcome.DIFFERS)
    return verdict


def settle(*, dispatch_record: DispatchRecord, by: User) -> DispatchRecord:
    """Settle a difference that a person has looked at. Nothing is overwritten."""
    with transaction.atomic():
        rows = DispatchRecord.objects.select_for_update(of=("self",), no_key=True).select_related("incident__type")
        locked = rows.get(pk=dispatch_record.pk)
        dispatch.may_settle(by, locked)
        locked.settled_by, locked.settled_at = by, timezone.now()
        locked.save(update_fields=["settled_by", "settled_at"])
        incidents.note(Event.DISPATCH_SETTLED, locked.incident, by.actor)
    return locked


def incident_of(number: str) -> Incident | None:
    return Incident.objects.select_related("type", "dispatch").filter(number=number).first()


def record_of(source: str, external_id: str) -> DispatchRecord | None:
    rows = DispatchRecord.objects.select_related("incident__type")
    return rows.filter(source=source, external_id=external_id).first()


def _open(item: Item, delivery: DispatchDelivery) -> Incident:
    incident = Incident(
        number=dispatch.incident_number(item),
        source=IncidentSource.DISPATCH,
        type=IncidentType.objects.get(code=item.type),
        place=item.place,
        latitude=item.latitude,
        longitude=item.longitude,
        precision=Precision.PINNED,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        confirmed_by=delivery,
        confirmed_at=timezone.now(),
    )
    incident.save(force_insert=True)
    incidents.note(Event.INCIDENT_OPENED, incident, delivery.key.actor)
    incidents.note(Event.INCIDENT_VERIFIED, incident, delivery.key.actor)
    for follower in hooks.incidents:
        follower.confirmed(incident, delivery.key.actor)
    return incident


def _update(incident: Incident, item: Item, delivery: DispatchDelivery) -> None:
    """Write a new report over an incident that dispatch opened and nobody changed since."""
    changed = incidents.write(
        incident,
        point=dispatch.point_of(item),
        type=IncidentType.objects.get(code=item.type),
        place=item.place,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        goes_on=False,
    )
    incident.confirmed_by, incident.confirmed_at = delivery, timezone.now()
    incident.save()
    if changed:
        for follower in hooks.incidents:
            follower.changed(incident, delivery.key.actor)
            follower.confirmed(incident, delivery.key.actor)
        facts = {"changed": ", ".join(changed), "verification": "by dispatch"}
        incidents.note(Event.INCIDENT_CHANGED, incident, delivery.key.actor, **facts)


def _confirm(incident: Incident, delivery: DispatchDelivery) -> None:
    incident.confirmed_by, incident.confirmed_at = delivery, timezone.now()
    incident.save(update_fields=["confirmed_by", "confirmed_at"])
    for follower in hooks.incidents:
        follower.verified(incident, delivery.key.actor)
    incidents.note(Event.INCIDENT_VERIFIED, incident, delivery.key.actor)


def _remember(incident: Incident, item: Item, delivery: DispatchDelivery, *, differs: bool) -> None:
    now = timezone.now()
    DispatchRecord.objects.update_or_create(
        source=delivery.source,
        external_id=item.id,
        defaults={
            "incident": incident,
            "as_of": item.as_of,
            "said": {
                "type": item.type,
                "place": item.place,
                "latitude": item.latitude,
                "longitude": item.longitude,
                "starts_at": item.starts_at.isoformat(),
                "ends_at": item.ends_at.isoformat(),
            },
            "differs_at": now if differs else None,
            "settled_by": None,
            "settled_at": None,
        },
    )
    if differs:
        incidents.note(Event.DISPATCH_DIFFERS, incident, delivery.key.actor)
