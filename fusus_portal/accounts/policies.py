"""Who may do what to an agency account, and when a password is too old. Each refusal is one sentence."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import RoleChange, User
from fusus_portal.accounts.roles import Role
from fusus_portal.accounts.states import RoleChangeKind
from fusus_portal.lifecycle import Refused


def may_change_people(*, by: User) -> None:
    """Raise Refused unless `by` is an administrator whose account is in order."""
    if by.role != Role.ADMINISTRATOR or not by.is_active or by.is_locked:
        raise Refused(_("Only administrators change agency accounts."))


def may_propose(*, kind: str, account: User | None, by: User) -> None:
    """Raise Refused unless `by` may propose this kind of change to the account (None for an invitation)."""
    may_change_people(by=by)
    if account is None:
        return
    subject = account.subject
    if not account.is_agency:
        raise Refused(_("That is not an agency account."), subject=subject)
    if account.pk == by.pk:
        raise Refused(_("Nobody changes their own account; ask another administrator."), subject=subject)
    sentence = _cannot_now(kind, account)
    if sentence:
        raise Refused(sentence, subject=subject)


def _cannot_now(kind: str, account: User) -> str:
    if kind == RoleChangeKind.RELEASE and not account.is_locked:
        return _("This account is not locked.")
    if kind == RoleChangeKind.ENABLE and account.is_active:
        return _("This account is not disabled.")
    if kind == RoleChangeKind.DISABLE and not account.is_active:
        return _("This account is disabled already.")
    return ""


def may_approve(*, change: RoleChange, by: User) -> None:
    """Raise Refused unless `by` is a second administrator, not the one who proposed nor the one concerned (AC-5)."""
    may_change_people(by=by)
    sentence = cannot_approve(change=change, by=by)
    if sentence:
        raise Refused(sentence, subject=change.subject)


def may_stand_in(*, change: RoleChange) -> None:
    """Raise Refused where there is no first word that the operator at the server could be the second to."""
    if not _first_word_counts(change):
        raise Refused(_lost_its_first_word(), subject=change.subject)


def cannot_approve(*, change: RoleChange, by: User) -> str:
    """Return why `by` can't approve the change, or "" when they can; the button shows the same sentence."""
    if not _first_word_counts(change):
        return _lost_its_first_word()
    if change.proposed_by_id == by.pk:
        return _("You proposed this, so another administrator must approve it.")
    if change.account_id == by.pk:
        return _("This is about you, so another administrator must approve it.")
    return ""


def _first_word_counts(change: RoleChange) -> bool:
    """Return whether whoever proposed the change could propose it today; the operator at the server always could.

    A lock takes nothing away: anybody outside can bring it about by guessing.
    """
    proposer = change.proposed_by
    return proposer is None or (proposer.role == Role.ADMINISTRATOR and proposer.is_active)


def _lost_its_first_word() -> str:
    return _("Whoever proposed this is no administrator any more. Cancel it, and propose it anew.")


def password_is_too_old(user: User, now: datetime) -> bool:
    """Return whether an agency password is due for its yearly change (CJIS IA-5)."""
    return user.is_agency and now - user.password_changed_at > settings.PASSWORD_AGE_LIMIT
