from collections.abc import Callable

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts import followers, pseudonyms
from fusus_portal.ground.accounts.models import RoleChange, SignInFailure, User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.accounts.states import RoleChangeKind
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications


def carry_out(*, change: RoleChange, by: Actor) -> None:
    """Apply an approved change to its account and notify the person, inside the approving transaction."""
    account = User.objects.select_for_update(no_key=True).get(role_changes=change)
    _EFFECTS[RoleChangeKind(change.kind)](account, change, by)
    notifications.send(
        kind=MessageKind.ROLE_NOTICE,
        to=account,
        about=account.subject,
        context={"kind": change.kind, "role": change.role},
    )


def _change_role(account: User, change: RoleChange, by: Actor) -> None:
    before = account.role
    account.role = change.role
    account.pseudonym = pseudonyms.for_role(account.pseudonym, change.role)
    account.save(update_fields=["role", "pseudonym"])
    followers.may_do_less(account, by)
    facts = {"from": before, "to": change.role}
    record(event=Event.ACCOUNT_ROLE_CHANGED, actor=by, subject=account.subject, facts=facts)


def _release(account: User, _change: RoleChange, by: Actor) -> None:
    account.locked_at = None
    account.save(update_fields=["locked_at"])
    SignInFailure.objects.filter(account=account).delete()
    record(event=Event.ACCOUNT_RELEASED, actor=by, subject=account.subject)


def _reset_factors(account: User, _change: RoleChange, by: Actor) -> None:
    accounts.forget_proofs(account=account, by=by)


def _disable(account: User, _change: RoleChange, by: Actor) -> None:
    accounts.disable(account=account, by=by, why="administrators")


def _enable(account: User, _change: RoleChange, by: Actor) -> None:
    accounts.enable(held=account, by=by)


_EFFECTS: dict[RoleChangeKind, Callable[[User, RoleChange, Actor], None]] = {
    RoleChangeKind.CHANGE_ROLE: _change_role,
    RoleChangeKind.RELEASE: _release,
    RoleChangeKind.RESET_FACTORS: _reset_factors,
    RoleChangeKind.DISABLE: _disable,
    RoleChangeKind.ENABLE: _enable,
}
