from datetime import datetime

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts import policies
from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.services import effects
from fusus_portal.ground.accounts.states import OPEN, ROLE_CHANGE, RoleChangeKind, RoleChangeState
from fusus_portal.ground.lifecycle import Other
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.recipients import Contact
from fusus_portal.ground.notifications.services import outbox as notifications

PEOPLE = ("account", "proposed_by", "approved_by", "cancelled_by")
"""Not in any form: services set these, and CHECKs of the database demand them."""


def facts_of(change: RoleChange) -> dict[str, int | str]:
    return {"kind": change.kind, "role": change.role, "account": str(change.account_id or "")}


@transaction.atomic
def invite(*, email: str, name: str, role: str, reason: str, by: User) -> RoleChange:
    """Propose to invite a person to an agency role. Raises Refused, ValidationError if the agency uses the address."""
    policies.may_propose(kind=RoleChangeKind.INVITE, account=None, by=by)
    # Public accounts are not looked up: administrators don't learn who is registered.
    address = policies.check_email(email)
    return _proposed(
        RoleChange(kind=RoleChangeKind.INVITE, email=address, name=name.strip(), role=role, reason=reason), by=by
    )


@transaction.atomic
def propose(*, kind: str, account: User, reason: str, by: User, role: str = "") -> RoleChange:
    """Propose a change. role: for "change_role". Raises Refused by policy, ValidationError if nothing would change."""
    held = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    policies.may_propose(kind=kind, account=held, by=by)
    policies.check_role(kind, role, account=held)
    given = role if kind == RoleChangeKind.CHANGE_ROLE else ""
    return _proposed(RoleChange(kind=kind, account=held, role=given, reason=reason), by=by)


def _proposed(change: RoleChange, *, by: User) -> RoleChange:
    change.proposed_by = by
    change.reason = change.reason.strip()
    change.expires_at = timezone.now() + settings.INVITATION_LIMIT
    change.full_clean(exclude=PEOPLE, validate_constraints=False)
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({NON_FIELD_ERRORS: policies.open_words()}) from None
    record(
        event=Event.ROLE_CHANGE_PROPOSED,
        actor=by.actor,
        subject=change.subject,
        reason=change.reason,
        facts=facts_of(change),
    )
    return change


@transaction.atomic
def approve(*, change: RoleChange, by: User) -> RoleChange:
    """Approve another administrator's proposal: send the invitation, or apply the change. Raises Refused, Stale."""
    held = held_change(change, by=by)
    by = User.objects.get(pk=by.pk)
    policies.may_approve(change=held, by=by)
    return approve_held(held, approver=by, role=by.role, actor=by.actor)


def approve_held(held: RoleChange, *, approver: User | None, role: str, actor: Actor) -> RoleChange:
    """Approve a change whose row is locked. approver: None for the operator."""
    target = RoleChangeState.APPROVED if held.kind == RoleChangeKind.INVITE else RoleChangeState.ACCEPTED
    now = timezone.now()
    held.approved_by, held.approved_at = approver, now
    held.by_operator = held.by_operator or approver is None
    if target == RoleChangeState.APPROVED:
        held.expires_at = now + settings.INVITATION_LIMIT
    else:
        held.accepted_at = now
    take(held, target, role=role, actor=actor)
    if target == RoleChangeState.APPROVED:
        _send_invitation(held)
    else:
        effects.carry_out(change=held, by=actor)
    return held


@transaction.atomic
def cancel(*, change: RoleChange, by: User) -> RoleChange:
    """Cancel an open change; any administrator may. Raises Stale if it is not open."""
    held = held_change(change)
    policies.may_change_people(by=by)
    held.cancelled_by, held.cancelled_at = by, timezone.now()
    take(held, RoleChangeState.CANCELLED, role=by.role, actor=by.actor)
    return held


def expire_due(*, now: datetime, by: Actor) -> int:
    with transaction.atomic():
        due = RoleChange.objects.select_for_update(skip_locked=True, of=("self",))
        changes = list(due.filter(state__in=OPEN, expires_at__lte=now).order_by("pk"))
        for change in changes:
            take(change, RoleChangeState.EXPIRED, role=Other.CLOCK, actor=by)
    return len(changes)


def take(held: RoleChange, target: RoleChangeState, *, role: str, actor: Actor) -> None:
    """Move a locked change to `target`, with its entry. Raises Refused or Stale."""
    rule = ROLE_CHANGE.check(source=held.state, target=target, role=role, subject=held.subject)
    held.state = target
    held.save()
    record(event=Event(rule.event), actor=actor, subject=held.subject, facts=facts_of(held))


def held_change(change: RoleChange, *, by: User | None = None) -> RoleChange:
    """Lock the change after its holder, its proposer and `by`, in one order; none of them loses the role meanwhile."""
    named = [change.account_id, change.proposed_by_id, by.pk if by else None]
    people = [pk for pk in named if pk is not None]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    held = RoleChange.objects.select_for_update(of=("self",)).select_related("proposed_by")
    return held.get(pk=change.pk)


def _send_invitation(change: RoleChange) -> None:
    notifications.send(
        kind=MessageKind.INVITATION,
        to=Contact(change.email, language="en"),
        about=change.subject,
        context={"change": str(change.pk), "role": change.role, "expires_at": change.expires_at.isoformat()},
    )


@transaction.atomic
def open_person(*, account: User, by: User) -> None:
    policies.may_change_people(by=by)
    record(event=Event.PERSON_OPENED, actor=by.actor, subject=account.subject)


@transaction.atomic
def list_people(*, by: User) -> None:
    policies.may_change_people(by=by)
    record(event=Event.PEOPLE_LISTED, actor=by.actor, subject=Subject("people", "agency"))
