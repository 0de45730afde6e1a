"""What the pages about people say."""

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts import policies
from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.states import RoleChangeKind, RoleChangeState
from fusus_portal.ground.lifecycle import why_not


def person_of(account: User) -> dict[str, Any]:
    """Return what the pages say about an account. acts: whether it may search and view, so that its home matters."""
    state, kind = _state(account)
    return {
        "account": account,
        "state": state,
        "state_kind": kind,
        "acts": has(account.role, Permission.OPEN_INCIDENT),
    }


def _state(account: User) -> tuple[str, str]:
    if not account.is_active:
        return _("Disabled"), "bad"
    if account.is_locked:
        return _("Locked"), "warn"
    return _("In use"), "good"


def open_change(change: RoleChange, viewer: User) -> dict[str, Any]:
    """Return what waits for somebody, as one administrator sees it. cannot_approve: why a button is off, or ""."""
    return {
        "change": change,
        "what": what_of(change),
        "proposed_by": _proposer_of(change),
        "awaits_approval": change.state == RoleChangeState.PROPOSED,
        "cannot_approve": why_not(partial(policies.may_approve, change=change, by=viewer)),
    }


def past_change(change: RoleChange) -> tuple[datetime, str]:
    """Return one line of an account's history, with its time."""
    words = {
        "what": what_of(change),
        "state": change.get_state_display(),
        "proposer": _proposer_of(change),
        "approver": str(change.approved_by or _("nobody yet")),
    }
    sentence = _("%(what)s: %(state)s. Proposed by %(proposer)s, approved by %(approver)s.") % words
    return change.proposed_at, sentence


def _proposer_of(change: RoleChange) -> str:
    return str(change.proposed_by or _("the operator at the server"))


def what_of(change: RoleChange) -> str:
    """Return what a change does, in a few words."""
    role = Role(change.role).label if change.role else ""
    if change.kind == RoleChangeKind.INVITE:
        return _("Invite as %(role)s") % {"role": role}
    if change.kind == RoleChangeKind.CHANGE_ROLE:
        return _("Change the role to %(role)s") % {"role": role}
    return str(change.get_kind_display())
