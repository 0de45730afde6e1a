from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.selectors import cameras_in
from audit.log.services import Line, record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from registry.access_log import policies
from registry.access_log.models import LookDelay
from registry.incidents import locks as incident_locks
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import incidents
from registry.people import locks as people_locks
from registry.people.models import Registrant
from registry.places.models import Camera
from registry.places.services.cameras import line_of


def take_copy(*, registrant: Registrant, by: User) -> None:
    """Record that a person takes a copy of their own list, which is made after the commit (promise R5)."""
    with transaction.atomic():
        locked = people_locks.own_registrant(registrant.pk, by=by)
        record(event=Event.LOOKS_COPIED, actor=by.actor, subject=locked.subject)


def delay(*, incident: Incident, camera: Camera, by: User, days: int, reason: str) -> LookDelay:
    """Let a camera's owner read for some days only that entries about an incident exist, not what they say.

    camera: one that a canvass of this incident has shown to this supervisor. The owner sees the entry of this act at
    once, and reads it with its reason after the delay. Raises Refused, NotYours or Stale by the policy, ValidationError
    on "days" and "reason".
    """
    with transaction.atomic():
        locked = incident_locks.incident(incident.pk)
        incidents.must_be_open(locked)
        policies.may_delay(by, locked)
        policies.must_be_delayable(by, camera, locked)
        now = timezone.now()
        placed = LookDelay.objects.create(
            registrant_id=camera.premises.registrant_id,
            incident=locked,
            camera=camera,
            reason=policies.check_why(reason, incident=locked),
            placed_by=by,
            starts_at=now,
            ends_at=now + policies.check_days(days),
        )
        _record(Event.LOOKS_DELAYED, placed, by, reason=placed.reason)
    return placed


def renew(*, delay: LookDelay, by: User, days: int, reason: str) -> LookDelay:
    """Delay once more from now, ending the first delay. Raises as `delay`, and Stale if it is over or renewed."""
    with transaction.atomic():
        incident, first = _locked(delay)
        incidents.must_be_open(incident)
        policies.may_delay(by, incident)
        policies.must_be_renewable(first)
        policies.must_be_secret(first.camera, incident)
        now, lasting = timezone.now(), policies.check_days(days)
        first.ends_at = now
        first.save(update_fields=["ends_at"])
        again = LookDelay.objects.create(
            registrant_id=first.registrant_id,
            incident=incident,
            camera=first.camera,
            number=first.number + 1,
            reason=policies.check_why(reason, incident=incident, first=first),
            placed_by=by,
            starts_at=now,
            ends_at=now + lasting,
        )
        _record(Event.LOOKS_DELAY_RENEWED, again, by, reason=again.reason)
    return again


def end(*, delay: LookDelay, by: User) -> LookDelay:
    """End a delay early: the owner reads everything at once. Any supervisor may. Raises Stale if it is over."""
    with transaction.atomic():
        incident, locked = _locked(delay)
        demand(by, Permission.DELAY_LOOKS, subject=incident.subject)
        policies.must_run(locked)
        locked.ends_at = locked.ended_at = timezone.now()
        locked.ended_by = by
        locked.save(update_fields=["ends_at", "ended_at", "ended_by"])
        _record(Event.LOOKS_DELAY_ENDED, locked, by)
    return locked


def _locked(delay: LookDelay) -> tuple[Incident, LookDelay]:
    incident = incident_locks.incident(delay.incident_id)
    rows = LookDelay.objects.select_for_update(of=("self",), no_key=True).select_related("camera__premises")
    return incident, rows.get(pk=delay.pk)


def _record(event: Event, delay: LookDelay, by: User, *, reason: str = "") -> None:
    """Write an entry for each camera of the owner that the incident's log names, so that none has a gap."""
    cameras = Camera.objects.filter(premises__registrant=delay.registrant_id).select_related("premises")
    by_id = {str(camera.pk): camera for camera in cameras}
    named = cameras_in(str(delay.incident_id), among=by_id) | {str(delay.camera_id)}
    facts: dict[str, int | str] = {"until": delay.ends_at.isoformat(), "delay": str(delay.pk)}
    lines: list[Line] = [line_of(by_id[pk], facts=facts) for pk in sorted(named)]
    record_many(event=event, actor=by.actor, lines=lines, **delay.incident.in_log, reason=reason)
