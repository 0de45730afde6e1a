"""Approvals of canvasses, purposes, and canvasses that a verified incident releases."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts import policies as accounts
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts as account_services
from fusus_portal.ground.lifecycle import check_length
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from registry.canvasses import locks as canvass_locks, policies, selectors
from registry.canvasses.models import Approval, Canvass, CanvassPurpose, SearchBound, UnverifiedSearch
from registry.canvasses.services import searches
from registry.canvasses.states import CanvassState
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.incidents.policies.reasons import check_reason
from registry.incidents.states import IncidentState
from registry.limits.models import Limits

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class ApprovalQuestion:
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
        policies.must_need_approval(locked, Limits.current())
        steps.check(locked, CanvassState.WAITING, by)
        repeats = [incident.number, *incident.type.names, incident.place, locked.reason]
        tidy = check_reason(reason, limits=Limits.current(), repeats=repeats)
        if not locked.beyond_limits:
            # Drawn within limits that were lowered since. The database lets it change before the question is asked.
            locked.beyond_limits = True
            locked.save(update_fields=["beyond_limits"])
        approval = Approval.objects.create(canvass=locked, reason=tidy, asked_by=by)
        steps.take(locked, CanvassState.WAITING, by, reason=locked.reason)
        supervisors = selectors.approvers_of(approval)
        letters = [notifications.Letter(each, locked.subject, {"canvass": str(locked.pk)}) for each in supervisors]
        notifications.send_many(kind=MessageKind.CANVASS_TO_APPROVE, letters=letters)
    return approval


def review(*, canvass: Canvass, by: User) -> ApprovalQuestion:
    """Return the question for a supervisor: no camera and no address, only the number of owners. The look is an entry.

    Raises Stale if no question waits, Refused for the person who prepared the canvass or asked.
    """
    with transaction.atomic():
        locked, approval = _locked(canvass, by)
        owners = len(searches.owners_of(searches.cameras_to_ask(locked)))
        searches.note(Event.CANVASS_VIEWED, locked, by.actor)
    return ApprovalQuestion(locked, approval, owners)


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
        question = selectors.current_approval(canvass)
        asker = account_services.hold_asker(question.asked_by_id if question else None)
        locked, approval = _locked(canvass, by)
        if target == CanvassState.APPROVED:
            may_ask = partial(incidents.may_work_on, incident=locked.incident)
            accounts.must_have_valid_asker(asker, may_ask, subject=locked.subject)
        approval.granted, approval.note = target == CanvassState.APPROVED, tidy
        approval.decided_by, approval.decided_at = by, timezone.now()
        approval.save(update_fields=["granted", "note", "decided_by", "decided_at"])
        steps.take(locked, target, by, reason=locked.reason)
    return locked


def _locked(canvass: Canvass, by: User) -> tuple[Canvass, Approval]:
    incident: Incident = incident_locks.incident(canvass.incident_id)
    incidents.must_be_open(incident)
    locked = canvass_locks.canvass(canvass.pk, incident=incident)
    approval = selectors.open_approval(locked)
    policies.may_decide_canvass(by, locked, approval)
    return locked, approval


def add_purpose(*, by: User, name: str, name_es: str) -> CanvassPurpose:
    """Add a purpose to the list. Raises ValidationError on "name" or "name_es", Refused without the permission."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        purpose = CanvassPurpose(**_checked_names(name, name_es))
        purpose.save(force_insert=True)
        _record_purpose(Event.PURPOSE_ADDED, purpose, by)
    return purpose


def change_purpose(*, purpose: CanvassPurpose, by: User, name: str, name_es: str) -> CanvassPurpose:
    """Reword a purpose; its canvasses show the new words. Raises as `add_purpose`."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked_purpose(purpose)
        wanted = _checked_names(name, name_es, but=locked)
        if wanted == {"name": locked.name, "name_es": locked.name_es}:
            return locked
        locked.name, locked.name_es = wanted["name"], wanted["name_es"]
        locked.save(update_fields=["name", "name_es"])
        _record_purpose(Event.PURPOSE_CHANGED, locked, by)
    return locked


def retire_purpose(*, purpose: CanvassPurpose, by: User) -> CanvassPurpose:
    """Take a purpose off the list; no new canvass can have it. Doing it twice has one effect."""
    return _set_purpose(purpose, by, Event.PURPOSE_RETIRED, retired_at=timezone.now())


def restore_purpose(*, purpose: CanvassPurpose, by: User) -> CanvassPurpose:
    """Put a retired purpose back on the list. Doing it twice has one effect."""
    return _set_purpose(purpose, by, Event.PURPOSE_RESTORED, retired_at=None)


def _set_purpose(purpose: CanvassPurpose, by: User, event: Event, *, retired_at: datetime | None) -> CanvassPurpose:
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked_purpose(purpose)
        if (locked.retired_at is None) != (retired_at is None):
            locked.retired_at = retired_at
            locked.save(update_fields=["retired_at"])
            _record_purpose(event, locked, by)
    return locked


def _checked_names(name: str, name_es: str, *, but: CanvassPurpose | None = None) -> dict[str, str]:
    english = policies.check_purpose_english(name, but=but)
    return {"name": english, "name_es": policies.check_purpose_name(name_es, field="name_es")}


def _locked_purpose(purpose: CanvassPurpose) -> CanvassPurpose:
    return CanvassPurpose.objects.select_for_update(no_key=True).get(pk=purpose.pk)


def _record_purpose(event: Event, purpose: CanvassPurpose, by: User) -> None:
    facts = {"name": purpose.name, "name_es": purpose.name_es}
    record(event=event, actor=by.actor, subject=purpose.subject, facts=facts)


HELD_STATES = (CanvassState.DRAFT, CanvassState.WAITING)


def release_held(incident: Incident, actor: Actor) -> None:
    """Release canvasses that one person's limit alone held back, inside the act that verifies a locked incident.

    These are canvasses of the incident, and of others whose searchers have room again. Nothing is searched or counted
    again. A canvass beyond the limits of area or hours, or denied, stays with its supervisor.
    """
    limits = Limits.current()
    for canvass in sorted(_held(incident), key=lambda held: held.searched_at):
        if canvass.incident_id == incident.pk:
            canvass.incident = incident
        if _has_room(canvass, limits):
            _release(canvass, actor)


def _held(incident: Incident) -> QuerySet[Canvass]:
    """Lock the canvasses that verifying this incident may release, in one order for all acts."""
    people = UnverifiedSearch.objects.filter(incident=incident).values("by")
    others = UnverifiedSearch.objects.filter(by__in=people).values("incident")
    held = Canvass.objects.filter(state__in=HELD_STATES, beyond_limits=True, incident__state=IncidentState.OPEN)
    rows = held.select_for_update(of=("self",), no_key=True).select_related("incident__type")
    return rows.filter(Q(incident=incident) | Q(incident__in=others)).order_by("pk")


def _has_room(canvass: Canvass, limits: Limits) -> bool:
    if canvass.incident.is_verified:
        return not policies.is_beyond_limits(canvass.area, canvass.starts_at, canvass.ends_at, limits)
    held_by = policies.search_at_bound(canvass, limits)
    if held_by is None:
        return False
    seen = selectors.seen_unverified(incident=canvass.incident, by=held_by.by)
    owners = searches.owners_of(selectors.cameras_of(selectors.premises_with_cameras(canvass.area, canvass=canvass)))
    return not policies.bound_of_search(seen, owners, limits)


def _release(canvass: Canvass, actor: Actor) -> None:
    """Mark a locked canvass as within the limits and its search as counted; a waiting approval becomes void."""
    if canvass.state == CanvassState.WAITING:
        steps.take(canvass, CanvassState.DRAFT, actor, facts={"verified": "yes"})
        Approval.objects.filter(canvass=canvass, voided_at__isnull=True).update(voided_at=timezone.now())
    canvass.beyond_limits = False
    canvass.save(update_fields=["beyond_limits"])
    held = UnverifiedSearch.objects.filter(incident=canvass.incident, bound__in=[SearchBound.DAY, SearchBound.WEEK])
    held.update(bound=SearchBound.NONE)
