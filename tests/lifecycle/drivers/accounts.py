"""Steps of changes to agency accounts, and of suspensions."""

from datetime import timedelta

from django.utils import timezone

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.accounts.models import RoleChange
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import role_changes, suspensions
from fusus_portal.ground.accounts.states import (
    ROLE_CHANGE,
    SUSPENSION,
    RoleChangeKind,
    RoleChangeState as State,
    SuspensionState,
)
from fusus_portal.ground.accounts.tasks import DAILY_ROUND, SUSPENSION_ROUND
from fusus_portal.ground.lifecycle import Other
from tests.accounts.suspending import suspended
from tests.database.operator import as_operator
from tests.factories import person
from tests.lifecycle.drivers import Taken, beginning, drives, take
from tests.people import PASSWORD

ADMINISTRATOR = Role.ADMINISTRATOR.value
REASON = "Joins the night shift."


def invitation_at(state: str, *, address: str = "new.deputy@agency.example") -> RoleChange:
    """Return an invitation at "proposed", "approved" (it went out) or "accepted"."""
    change = role_changes.invite(
        email=address, name="Noel Deputy", role=Role.DEPUTY, reason=REASON, by=person(ADMINISTRATOR)
    )
    if state != State.PROPOSED:
        change = role_changes.approve(change=change, by=person(ADMINISTRATOR))
    if state == State.ACCEPTED:
        accept(change)
        change.refresh_from_db()
    if change.state != state:
        raise ValueError(f"no walk leads to an invitation at {state!r}")
    return change


def disabling(*, of_role: str = Role.CLERK) -> RoleChange:
    """Return a proposal to disable an account."""
    return role_changes.propose(
        kind=RoleChangeKind.DISABLE, account=person(of_role), reason=REASON, by=person(ADMINISTRATOR)
    )


def accept(change: RoleChange) -> None:
    """Open the account as the invited person."""
    by = Actor(ActorKind.LINK, str(change.pk), role=Other.INVITED)
    role_changes.accept_invitation(change=change, name="Noel Deputy", password=PASSWORD, by=by)


def approve(change: RoleChange, role: str) -> Taken:
    """Approve a change as a second administrator, or as the operator if there is no second one."""
    if role == Other.OPERATOR:
        return take(change, as_operator()(lambda: role_changes.stand_in(change=change)))
    second = person(ADMINISTRATOR)
    return take(change, lambda: role_changes.approve(change=change, by=second))


@drives(ROLE_CHANGE, State.PROPOSED, State.APPROVED, ADMINISTRATOR, Other.OPERATOR)
def approve_invitation(role: str) -> Taken:
    """An invitation goes out."""
    return approve(beginning(invitation_at, "proposed"), role)


@drives(ROLE_CHANGE, State.PROPOSED, State.ACCEPTED, ADMINISTRATOR, Other.OPERATOR)
def approve_disabling(role: str) -> Taken:
    """Every other change takes effect when it is approved."""
    return approve(disabling(), role)


@drives(ROLE_CHANGE, State.PROPOSED, State.CANCELLED, ADMINISTRATOR)
def cancel_proposal(role: str) -> Taken:
    """A proposal is canceled before it was approved."""
    return _cancel(disabling())


@drives(ROLE_CHANGE, State.APPROVED, State.CANCELLED, ADMINISTRATOR, Other.OPERATOR)
def cancel_invitation(role: str) -> Taken:
    """An invitation is canceled before the person came; at the server, by inviting the first one at another address."""
    if role == Other.OPERATOR:
        invite = as_operator()(role_changes.invite_first_administrator)
        return take(invite(email="frist@agency.example"), lambda: invite(email="first@agency.example"))
    return _cancel(beginning(invitation_at, "approved"))


def _cancel(change: RoleChange) -> Taken:
    anyone = person(ADMINISTRATOR)
    return take(change, lambda: role_changes.cancel(change=change, by=anyone))


@drives(ROLE_CHANGE, State.APPROVED, State.ACCEPTED, Other.INVITED)
def accept_invitation(role: str) -> Taken:
    """The invited person opens the account."""
    change = beginning(invitation_at, "approved")
    return take(change, lambda: accept(change))


@drives(ROLE_CHANGE, State.PROPOSED, State.EXPIRED, Other.CLOCK)
def expire_proposal(role: str) -> Taken:
    """Nobody approved a proposal in time."""
    return _expire(disabling())


@drives(ROLE_CHANGE, State.APPROVED, State.EXPIRED, Other.CLOCK)
def expire_invitation(role: str) -> Taken:
    """The invited person did not come in time."""
    return _expire(beginning(invitation_at, "approved"))


def _expire(change: RoleChange) -> Taken:
    later = timezone.now() + timedelta(days=60)
    return take(change, lambda: role_changes.expire_due(now=later, by=DAILY_ROUND))


@drives(SUSPENSION, SuspensionState.SUSPENDED, SuspensionState.CONFIRMED, ADMINISTRATOR, Other.OPERATOR)
def confirm_suspension(role: str) -> Taken:
    """A second administrator confirms a suspension, or the operator does if there is no second one."""
    suspension = suspended(person(Role.CLERK))
    if role == Other.OPERATOR:
        confirm = as_operator()(suspensions.confirm_at_server)
        return take(suspension, lambda: confirm(email=suspension.account.email))
    second = person(ADMINISTRATOR)
    return take(suspension, lambda: suspensions.confirm(suspension=suspension, by=second))


@drives(SUSPENSION, SuspensionState.SUSPENDED, SuspensionState.ENDED, Other.CLOCK)
def end_suspension(role: str) -> Taken:
    """Nobody confirmed a suspension within a day."""
    suspension = suspended(person(Role.CLERK))
    return take(suspension, lambda: suspensions.end_due(now=suspension.expires_at, by=SUSPENSION_ROUND))
