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
from fusus_portal.ground.accounts.models import WAITS, Suspension, User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.accounts.services.accounts import TOLD
from fusus_portal.ground.accounts.states import SUSPENSION, SuspensionState
from fusus_portal.ground.lifecycle import Other, find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications


@transaction.atomic
def suspend(*, account: User, reason: str, by: User) -> Suspension:
    """Suspend an account at once; after a day it comes back unless a second administrator confirms.

    Ends sign-ins and live views. Removes password, passkeys and code apps for good. Raises Refused, Stale.
    """
    people = _held(account.pk, by.pk)
    account, by = people[account.pk], people[by.pk]
    policies.may_suspend(account=account, by=by)
    return _suspend(account, reason, by=by, actor=by.actor)


@transaction.atomic
def suspend_at_server(*, email: str, reason: str, by: Actor = AT_THE_SERVER) -> Suspension:
    """Suspend, as the operator, an account that no administrator may suspend alone. Raises NotYours, Stale, Refused."""
    found = User.objects.filter(email=email.strip().lower(), role__in=AGENCY_ROLES)
    pk = find_or_refuse(found, _("There is no agency account with this address.")).pk
    account = _held(pk)[pk]
    policies.must_be_in_use(account)
    policies.must_need_operator(account)
    return _suspend(account, reason, by=None, actor=by)


@transaction.atomic
def confirm(*, suspension: Suspension, by: User) -> Suspension:
    """Confirm as the second administrator. Only two administrators enable the account again. Raises Refused, Stale."""
    people = _held(*(pk for pk in (suspension.account_id, suspension.suspended_by_id, by.pk) if pk))
    held = _held_suspension(suspension.pk)
    by = people[by.pk]
    policies.may_confirm(suspension=held, by=by)
    return _confirm(held, by=by, actor=by.actor, role=by.role)


@transaction.atomic
def confirm_at_server(*, email: str, by: Actor = AT_THE_SERVER) -> Suspension:
    """Confirm as the operator, while fewer than two administrators can act. Raises Refused, NotYours, Stale."""
    waiting = selectors.open_suspensions().filter(account__email=email.strip().lower())
    found = find_or_refuse(waiting, _("There is no suspended account with this address."))
    _held(*(pk for pk in (found.account_id, found.suspended_by_id) if pk))
    held = _held_suspension(found.pk)
    policies.may_stand_in_to_confirm(suspension=held)
    held.by_operator = True
    return _confirm(held, by=None, actor=by, role=Other.OPERATOR)


def end_due(*, now: datetime, by: Actor) -> int:
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
    facts = {"account": str(account.pk)}
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
    account = _held(suspension.account_id)[suspension.account_id]
    held = _held_suspension(suspension.pk)
    if held.state != SuspensionState.SUSPENDED:
        return False
    held.ended_at = now
    _forget_password(account)  # once more: a reset link from before the suspension may have set a password meanwhile
    _take(held, SuspensionState.ENDED, role=Other.CLOCK, actor=by)
    accounts.enable(held=account, by=by)
    return True


def _take(held: Suspension, target: SuspensionState, *, role: str, actor: Actor) -> None:
    rule = SUSPENSION.check(source=held.state, target=target, role=role, subject=held.subject)
    held.state = target
    held.save()
    facts = {"account": str(held.account_id)}
    record(event=Event(rule.event), actor=actor, subject=held.subject, facts=facts)
    _tell(held, target)


def _forget_password(account: User) -> None:
    """Remove the password. Sessions of the account end with it."""
    account.set_unusable_password()
    account.save(update_fields=["password", "password_changed_at"])


def _tell(suspension: Suspension, step: SuspensionState) -> None:
    context = {"suspension": str(suspension.pk), "step": step.value}
    staff = User.objects.filter(role__in=TOLD, is_active=True).exclude(pk=suspension.account_id).order_by("pk")
    notifications.send_many(
        kind=MessageKind.SUSPENSION,
        letters=[notifications.Letter(each, suspension.subject, {**context, "role": each.role}) for each in staff],
    )
    notifications.send(
        kind=MessageKind.SUSPENSION_NOTICE, to=suspension.account, about=suspension.subject, context=context
    )


def _held(*named: UUID) -> Mapping[UUID, User]:
    """Lock accounts, all administrators and all auditors, so that the number who can act stays; return them by id."""
    rows = User.objects.select_for_update(no_key=True).filter(Q(pk__in=named) | Q(role__in=TOLD, is_active=True))
    # One order for all: of two who suspend each other at once, the first wins.
    return {each.pk: each for each in rows.order_by("pk")}


def _held_suspension(pk: UUID) -> Suspension:
    held = Suspension.objects.select_for_update(of=("self",)).select_related("account", "suspended_by")
    return held.get(pk=pk)
