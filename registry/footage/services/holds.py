from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from registry.footage import locks
from registry.footage.models.files import Evidence
from registry.footage.models.holds import LegalHold
from registry.footage.policies import retention
from registry.footage.states import EvidenceState, HoldState
from registry.incidents import locks as incident_locks
from registry.incidents.models.incidents import Incident
from registry.incidents.policies.reasons import check_reason
from registry.limits.models import Limits


def place(*, incident: Incident, evidence: Evidence | None = None, reason: str, by: User) -> LegalHold:
    """Place a hold on one file, or on all footage of an incident, with files that arrive later.

    The same hold twice has one effect. An announced deletion is announced anew once the hold is lifted.
    Raises Refused by role, Stale for a deleted file, ValidationError on "reason".
    """
    with transaction.atomic():
        locked = incident_locks.incident(incident.pk)
        demand(by, Permission.KEEP_EVIDENCE, subject=locked.subject)
        file = locks.evidence(evidence.pk, incident=locked) if evidence else None
        if file:
            retention.must_be_there(file)
        typed = check_reason(reason, limits=Limits.current(), repeats=[locked.number, *locked.type.names, locked.place])
        same = LegalHold.objects.filter(incident=locked, evidence=file, state=HoldState.PLACED, reason=typed).first()
        if same is not None:
            return same
        hold = LegalHold.objects.create(incident=locked, evidence=file, reason=typed, placed_by=by)
        _announce_anew(locked, file)
        _record(Event.HOLD_PLACED, hold, by, typed)
    return hold


def lift(*, hold: LegalHold, reason: str, by: User) -> LegalHold:
    """Lift a hold. Deletion continues; files that are due are announced first.

    Raises Refused by role, Stale for a lifted hold, ValidationError on "reason".
    """
    with transaction.atomic():
        incident = incident_locks.incident(hold.incident_id)
        demand(by, Permission.KEEP_EVIDENCE, subject=incident.subject)
        rows = LegalHold.objects.select_for_update(of=("self",), no_key=True).filter(pk=hold.pk)
        locked = find_or_refuse(rows, _("There is no such legal hold."), subject=hold.subject)
        rule = steps.check(locked, HoldState.LIFTED, by)
        known = [incident.number, *incident.type.names, locked.reason]
        typed = check_reason(reason, limits=Limits.current(), repeats=known)
        locked.incident = incident
        locked.state, locked.lifted_by, locked.lifted_at = HoldState.LIFTED, by, timezone.now()
        locked.lift_reason = typed
        locked.save(update_fields=["state", "lifted_by", "lifted_at", "lift_reason"])
        _record(Event(rule.event), locked, by, typed)
    return locked


def _announce_anew(incident: Incident, evidence: Evidence | None) -> None:
    files = Evidence.objects.filter(request__incident=incident, state=EvidenceState.KEPT)
    if evidence is not None:
        files = files.filter(pk=evidence.pk)
    files.filter(announced_at__isnull=False).update(announced_at=None)


def _record(event: Event, hold: LegalHold, by: User, reason: str) -> None:
    record(
        event=event,
        actor=by.actor,
        subject=hold.evidence.subject if hold.evidence else hold.incident.subject,
        **hold.in_log,
        reason=reason,
        facts={"hold": str(hold.pk)},
    )
