from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from fusus_portal.ground import steps
from fusus_portal.ground.accounts import askers
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import locks
from fusus_portal.ground.lengths import check_length
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from registry.canvasses import locks as canvass_locks
from registry.canvasses.models.approvals import Approval
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.policies import canvasses
from registry.canvasses.selectors import approvals
from registry.canvasses.services import findings
from registry.canvasses.states import CanvassState
from registry.incidents import locks as incident_locks
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import incidents
from registry.incidents.policies.reasons import check_reason
from registry.limits.models import Limits

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Question:
    """A decision for a supervisor. owners: how many would be asked; who and where they are is not shown."""

    canvass: Canvass
    approval: Approval
    owners: int


def ask(*, canvass: Canvass, by: User, reason: str) -> Approval:
    """Ask the supervisors to approve a canvass beyond the limits, and write to those who may.

    Raises ValidationError on "reason", Refused for a person not assigned, Stale for a canvass within the limits.
    """
    with transaction.atomic():
        incident = incident_locks.incident(canvass.incident_id)
        incidents.must_be_open(incident)
        incidents.may_work_on(by, incident)
        locked = canvass_locks.canvass(canvass.pk, incident=incident)
        canvasses.must_need_approval(locked)
        steps.check(locked, CanvassState.WAITING, by)
        repeats = [incident.number, *incident.type.names, incident.place, locked.reason]
        tidy = check_reason(reason, limits=Limits.current(), repeats=repeats)
        approval = Approval.objects.create(canvass=locked, reason=tidy, asked_by=by)
        steps.take(locked, CanvassState.WAITING, by, reason=locked.reason)
        _tell_supervisors(approval, locked)
    return approval


def review(*, canvass: Canvass, by: User) -> Question:
    """Return the decision to make: no camera and no address, only the number of owners. The look is an entry.

    Raises Stale if nothing waits, Refused for the person who prepared it or asked.
    """
    with transaction.atomic():
        locked, approval = _locked(canvass, by)
        owners = len(findings.owners_of(findings.to_ask(locked)))
        findings.note(Event.CANVASS_VIEWED, locked, by.actor)
    return Question(locked, approval, owners)


def grant(*, canvass: Canvass, by: User, note: str = "") -> Canvass:
    """Approve a canvass; others may look at it and send it. Raises as `review`."""
    return _decide(canvass, by=by, target=CanvassState.APPROVED, note=note)


def deny(*, canvass: Canvass, by: User, note: str) -> Canvass:
    """Deny a canvass. Raises as `review`, and ValidationError on "note" without a reason."""
    if not note.strip():
        raise ValidationError({"note": _("Write why you deny it, so that it can be done better.")})
    return _decide(canvass, by=by, target=CanvassState.DENIED, note=note)


def _decide(canvass: Canvass, *, by: User, target: CanvassState, note: str) -> Canvass:
    tidy = " ".join(note.split())
    check_length(tidy, most=LONGEST_NOTE, field="note")
    with transaction.atomic():
        question = approvals.current(canvass)
        asker = locks.hold_asker(question.asked_by_id if question else None)
        locked, approval = _locked(canvass, by)
        if target == CanvassState.APPROVED:
            may_ask = partial(incidents.may_work_on, incident=locked.incident)
            askers.must_still_count(asker, may_ask, subject=locked.subject)
        approval.granted, approval.note = target == CanvassState.APPROVED, tidy
        approval.decided_by, approval.decided_at = by, timezone.now()
        approval.save(update_fields=["granted", "note", "decided_by", "decided_at"])
        steps.take(locked, target, by, reason=locked.reason)
    return locked


def _locked(canvass: Canvass, by: User) -> tuple[Canvass, Approval]:
    incident: Incident = incident_locks.incident(canvass.incident_id)
    incidents.must_be_open(incident)
    locked = canvass_locks.canvass(canvass.pk, incident=incident)
    approval = approvals.open_question(locked)
    canvasses.may_decide(by, locked, approval)
    return locked, approval


def _tell_supervisors(approval: Approval, canvass: Canvass) -> None:
    notifications.send_many(
        kind=MessageKind.CANVASS_TO_APPROVE,
        letters=[
            Letter(supervisor, canvass.subject, {"canvass": str(canvass.pk)})
            for supervisor in approvals.who_may_decide(approval)
        ],
    )
