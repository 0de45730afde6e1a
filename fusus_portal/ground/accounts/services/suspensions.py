"""A stolen account: one administrator suspends it at once, a second one confirms, or the clock gives it back."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import AT_THE_SERVER, Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts import policies, selectors
from fusus_portal.ground.accounts.models import Suspension, User
from fusus_portal.ground.accounts.models.suspensions import WAITS
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.accounts.services.alarms import TOLD
from fusus_portal.ground.accounts.states import SUSPENSION, SuspensionState
from fusus_portal.ground.lifecycle import Other
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from fusus_portal.ground.queries import find_or_refuse


@transaction.atomic
def suspend(*, account: User, reason: str, by: User) -> Suspension:
    """Suspend an account: it is out at once, and for a day unless a second administrator confirms it.

    Its sign-ins and live views end. Its password, passkeys and code apps are gone for good: the person sets them up
    anew, whenever and however the account comes back. Raises Refused where the policy says no, for one, where too few
    would be left to act; Stale for an account that is out already.
    """
    people = _held(account.pk, by.pk)
    account, by = people[account.pk], people[by.pk]
    policies.may_suspend(account=account, by=by)
    return _suspend(account, reason, by=by, actor=by.actor)


@transaction.atomic
def suspend_at_server(*, email: str, reason: str, by: Actor = AT_THE_SERVER) -> Suspension:
    """Suspend, as the operator at the server, an account that no administrator may suspend alone.

    Raises NotYours for an address without an agency account, Stale for one that is out already, and Refused for one
    that an administrator can suspend in the console.
    """
    found = User.objects.filter(email=email.strip().lower(), role__in=AGENCY_ROLES)
    pk = find_or_refuse(found, _("There is no agency account with this address.")).pk
    account = _held(pk)[pk]
    policies.must_be_in_use(account)
    policies.must_need_operator(account)
    return _suspend(account, reason, by=None, actor=by)


@transaction.atomic
def confirm(*, suspension: Suspension, by: User) -> Suspension:
    """Confirm, as the second administrator: the account stays disabled until two administrators enable it.

    Raises Refused for whoever suspended it, and when that person is no administrator any more; Stale when it is
    confirmed already, or nobody confirmed it in time.
    """
    people = _held(*(pk for pk in (suspension.account_id, suspension.suspended_by_id, by.pk) if pk))
    held = _held_suspension(suspension.pk)
    by = people[by.pk]
    policies.may_confirm(suspension=held, by=by)
    return _confirm(held, by=by, actor=by.actor, role=by.role)


@transaction.atomic
def confirm_at_server(*, email: str, by: Actor = AT_THE_SERVER) -> Suspension:
    """Confirm as the operator at the server, while fewer than two administrators can act.

    Suspended administrators count as if they could: who suspends others does not bring the operator in. Raises Refused
    while two can act and for what the operator suspended, NotYours for an account that is not suspended, Stale when
    it is too late.
    """
    waiting = selectors.open_suspensions().filter(account__email=email.strip().lower())
    found = find_or_refuse(waiting, _("There is no suspended account with this address."))
    _held(*(pk for pk in (found.account_id, found.suspended_by_id) if pk))
    held = _held_suspension(found.pk)
    policies.may_stand_in_to_confirm(suspension=held)
    held.by_operator = True
    return _confirm(held, by=None, actor=by, role=Other.OPERATOR)


def end_due(*, now: datetime, by: Actor) -> int:
    """Give back the accounts whose suspension nobody confirmed within a day; return how many."""
    due = Suspension.objects.filter(state=SuspensionState.SUSPENDED, expires_at__lte=now)
    return sum(_end_if_still(suspension, now, by) for suspension in due.order_by("pk"))


def _suspend(account: User, reason: str, *, by: User | None, actor: Actor) -> Suspension:
    now = timezone.now()
    made = Suspension(
        account=account,
        reason=reason.strip(),
        by_operator=by is None,
        suspended_by=by,
        suspended_at=now,
        expires_at=now + WAITS,
    )
    made.full_clean(exclude=["account", "suspended_by", "confirmed_by"], validate_constraints=False)
    made.save(force_insert=True)
    facts = _facts(made)
    record(event=Event.ACCOUNT_SUSPENDED, actor=actor, subject=made.subject, reason=made.reason, facts=facts)
    held = accounts.disable(account=account, by=actor, why="suspended")
    _forget_password(held)
    accounts.forget_proofs(account=held, by=actor)
    _tell(made, SuspensionState.SUSPENDED)
    return made


def _confirm(held: Suspension, *, by: User | None, actor: Actor, role: str) -> Suspension:
    held.confirmed_by, held.confirmed_at = by, timezone.now()
    _take(held, SuspensionState.CONFIRMED, role=role, actor=actor)
    return held


@transaction.atomic
def _end_if_still(suspension: Suspension, now: datetime, by: Actor) -> bool:
    """Give an account back, unless a second administrator has confirmed since the round began."""
    account = _held(suspension.account_id)[suspension.account_id]
    held = _held_suspension(suspension.pk)
    if held.state != SuspensionState.SUSPENDED:
        return False
    held.ended_at = now
    _forget_password(account)  # once more: a code of before the suspension may have set one meanwhile
    _take(held, SuspensionState.ENDED, role=Other.CLOCK, actor=by)
    accounts.enable(held=account, by=by)
    return True


def _take(held: Suspension, target: SuspensionState, *, role: str, actor: Actor) -> None:
    rule = SUSPENSION.check(source=held.state, target=target, role=role, subject=held.subject)
    held.state = target
    held.save()
    record(event=Event(rule.event), actor=actor, subject=held.subject, facts=_facts(held))
    _tell(held, target)


def _facts(suspension: Suspension) -> dict[str, int | str]:
    return {"account": str(suspension.account_id)}


def _forget_password(account: User) -> None:
    """Leave the account no password. Whoever still holds a session of it is out by that alone."""
    account.set_unusable_password()
    account.save(update_fields=["password", "password_changed_at"])


def _tell(suspension: Suspension, step: SuspensionState) -> None:
    """Write to all administrators and auditors, whoever did it among them, and to the person."""
    context = {"suspension": str(suspension.pk), "step": step.value}
    staff = User.objects.filter(role__in=TOLD, is_active=True).exclude(pk=suspension.account_id).order_by("pk")
    notifications.send_many(
        kind=MessageKind.SUSPENSION,
        letters=[Letter(each, suspension.subject, {**context, "role": each.role}) for each in staff],
    )
    notifications.send(
        kind=MessageKind.SUSPENSION_NOTICE, to=suspension.account, about=suspension.subject, context=context
    )


def _held(*named: UUID) -> Mapping[UUID, User]:
    """Return accounts as they are now, by id, locked together with those of all administrators and auditors.

    All in one order: of two who suspend each other in the same second the first is obeyed, and the second is out.
    How many are left to act does not change until the transaction ends.
    """
    rows = User.objects.select_for_update(no_key=True).filter(Q(pk__in=named) | Q(role__in=TOLD, is_active=True))
    return {each.pk: each for each in rows.order_by("pk")}


def _held_suspension(pk: UUID) -> Suspension:
    held = Suspension.objects.select_for_update(of=("self",)).select_related("account", "suspended_by")
    return held.get(pk=pk)
