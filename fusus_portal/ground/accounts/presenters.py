from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts import policies
from fusus_portal.ground.accounts.models import RoleChange, Suspension, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.states import RoleChangeKind, RoleChangeState, SuspensionState
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.look_alikes import has_words


def person_of(account: User, *, is_suspended: bool) -> dict[str, Any]:
    """Return an account's row in the list of people. acts: the role opens incidents; its page links to a home."""
    state, kind = _("In use"), "good"
    if is_suspended:
        state, kind = _("Suspended"), "bad"
    elif not account.is_active:
        state, kind = _("Disabled"), "bad"
    elif account.is_locked:
        state, kind = _("Locked"), "warn"
    return {
        "account": account,
        "state": state,
        "state_kind": kind,
        "acts": has(account.role, Permission.OPEN_INCIDENT),
    }


def is_called(person: dict[str, Any], typed: str) -> bool:
    """True if a row of the list of people has every typed word in its name, address, role, badge or state."""
    account = person["account"]
    words = [account.name, account.email, account.get_role_display(), account.pseudonym, person["state"]]
    return has_words(" ".join(map(str, words)), typed)


def open_change(change: RoleChange, viewer: User) -> dict[str, Any]:
    return {
        "change": change,
        "what": what_of(change),
        "proposed_by": _named(change.proposed_by),
        "awaits_approval": change.state == RoleChangeState.PROPOSED,
        "cannot_approve": why_not(partial(policies.may_approve, change=change, by=viewer)),
    }


def open_suspension(suspension: Suspension, viewer: User) -> dict[str, Any]:
    return {
        "suspension": suspension,
        "suspended_by": _named(suspension.suspended_by),
        "cannot_confirm": why_not(partial(policies.may_confirm, suspension=suspension, by=viewer)),
    }


def cannot_suspend(account: User, viewer: User) -> str:
    return why_not(partial(policies.may_suspend, account=account, by=viewer))


def history_of(account: User) -> list[tuple[datetime, str]]:
    changes = map(_past_change, account.role_changes.select_related("proposed_by", "approved_by"))
    suspensions = map(_past_suspension, account.suspensions.select_related("suspended_by", "confirmed_by"))
    return sorted([*changes, *suspensions], reverse=True)


def _past_suspension(suspension: Suspension) -> tuple[datetime, str]:
    words = {"first": _named(suspension.suspended_by), "reason": suspension.reason}
    if suspension.state == SuspensionState.CONFIRMED:
        words["second"] = _named(suspension.confirmed_by)
        sentence = _("Suspended by %(first)s, confirmed by %(second)s. Reason: %(reason)s") % words
    elif suspension.state == SuspensionState.ENDED:
        sentence = _("Suspended by %(first)s, and back after a day: nobody confirmed it. Reason: %(reason)s") % words
    else:
        sentence = _("Suspended by %(first)s. It waits for another administrator. Reason: %(reason)s") % words
    return suspension.suspended_at, sentence


def _past_change(change: RoleChange) -> tuple[datetime, str]:
    words = {
        "what": what_of(change),
        "state": change.get_state_display(),
        "proposer": _named(change.proposed_by),
        "approver": str(change.approved_by or _("nobody yet")),
    }
    sentence = _("%(what)s: %(state)s. Proposed by %(proposer)s, approved by %(approver)s.") % words
    return change.proposed_at, sentence


def _named(first: User | None) -> str:
    return str(first or _("the operator at the server"))


def what_of(change: RoleChange) -> str:
    role = Role(change.role).label if change.role else ""
    if change.kind == RoleChangeKind.INVITE:
        return _("Invite as %(role)s") % {"role": role}
    if change.kind == RoleChangeKind.CHANGE_ROLE:
        return _("Change the role to %(role)s") % {"role": role}
    return str(change.get_kind_display())
