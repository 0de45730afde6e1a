"""What the pages about people say."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts import policies
from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.states import RoleChangeKind, RoleChangeState


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list of agency people."""

    id: UUID
    name: str
    email: str
    role: str
    pseudonym: str
    state: str
    state_kind: str
    last_used: datetime | None

    @classmethod
    def of(cls, account: User) -> "Person":
        """Return what the pages say about an account."""
        state, kind = _state(account)
        return cls(
            id=account.pk,
            name=account.name or account.email,
            email=account.email,
            role=account.get_role_display(),
            pseudonym=account.pseudonym,
            state=state,
            state_kind=kind,
            last_used=account.last_login,
        )


def _state(account: User) -> tuple[str, str]:
    if not account.is_active:
        return _("Disabled"), "bad"
    if account.is_locked:
        return _("Locked"), "warn"
    return _("In use"), "good"


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A change that waits for somebody, as one administrator sees it."""

    id: UUID
    what: str
    about: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    expires_at: datetime
    state: str
    awaits_approval: bool
    cannot_approve: str

    @classmethod
    def of(cls, change: RoleChange, viewer: User) -> "OpenChange":
        """Return what the page says; `cannot_approve` is the reason beside a button that is off."""
        return cls(
            id=change.pk,
            what=what_of(change),
            about=change.about,
            reason=change.reason,
            proposed_by=_proposer_of(change),
            proposed_at=change.proposed_at,
            expires_at=change.expires_at,
            state=change.get_state_display(),
            awaits_approval=change.state == RoleChangeState.PROPOSED,
            cannot_approve=policies.cannot_approve(change=change, by=viewer),
        )


@dataclass(frozen=True, slots=True)
class PastChange:
    """One line of an account's history."""

    at: datetime
    sentence: str

    @classmethod
    def of(cls, change: RoleChange) -> "PastChange":
        """Return the line of a change."""
        words = {
            "what": what_of(change),
            "state": change.get_state_display(),
            "proposer": _proposer_of(change),
            "approver": str(change.approved_by or _("nobody yet")),
        }
        sentence = _("%(what)s: %(state)s. Proposed by %(proposer)s, approved by %(approver)s.") % words
        return cls(at=change.proposed_at, sentence=sentence)


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
