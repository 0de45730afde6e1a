"""Who may do what to an agency account, and when a password is too old. Each refusal is one sentence."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand, has
from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.states import OPEN, RoleChangeKind
from fusus_portal.ground.lifecycle import Refused


def may_change_people(*, by: User) -> None:
    """Raise Refused unless `by` is an administrator whose account is in order."""
    demand(by, Permission.PEOPLE)
    if by.is_locked:
        raise Refused(Permission.PEOPLE.sentence)


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


def check_email(email: str) -> str:
    """Return an address that may be invited. Raises ValidationError on "email" for one that the agency uses already."""
    address = email.strip().lower()
    if User.objects.filter(email=address).exclude(pseudonym="").exists():
        raise ValidationError({"email": _("This address has an agency account already.")})
    if RoleChange.objects.filter(state__in=OPEN, email=address).exists():
        raise ValidationError({"email": open_words()})
    return address


def check_role(kind: str, role: str, *, account: User) -> None:
    """Raise ValidationError on "role" for a change of role that gives none, or the one that the account has."""
    if kind == RoleChangeKind.CHANGE_ROLE and not role:
        raise ValidationError({"role": _("Choose the new role.")})
    if kind == RoleChangeKind.CHANGE_ROLE and role == account.role:
        raise ValidationError({"role": _("The person has this role already.")})


def check_none_open(account: User) -> None:
    """Raise ValidationError, on no field, while another change of the account is open."""
    if account.role_changes.filter(state__in=OPEN).exists():
        raise ValidationError({NON_FIELD_ERRORS: open_words()})


def open_words() -> str:
    """Return what an administrator reads who proposes a second change for somebody."""
    return _("Another change for this person is still open. Approve or cancel it first.")


def check_password(password: str, *, email: str, name: str) -> None:
    """Raise ValidationError on "password" for a weak one, or one like the person's address or name."""
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error


def may_approve(*, change: RoleChange, by: User) -> None:
    """Raise Refused unless `by` is a second administrator, not the one who proposed nor the one concerned (AC-5)."""
    may_change_people(by=by)
    may_stand_in(change=change)
    if change.proposed_by_id == by.pk:
        raise Refused(_("You proposed this, so another administrator must approve it."), subject=change.subject)
    if change.account_id == by.pk:
        raise Refused(_("This is about you, so another administrator must approve it."), subject=change.subject)


def may_stand_in(*, change: RoleChange) -> None:
    """Raise Refused where there is no first word that the operator at the server could be the second to."""
    if not _first_word_counts(change):
        sentence = _("Whoever proposed this is no administrator any more. Cancel it, and propose it anew.")
        raise Refused(sentence, subject=change.subject)


def _first_word_counts(change: RoleChange) -> bool:
    """Return whether its proposer could propose the change today; the operator at the server always could.

    A lock takes nothing away: anybody outside can bring it about by guessing.
    """
    proposer = change.proposed_by
    return proposer is None or (has(proposer.role, Permission.PEOPLE) and proposer.is_active)


def password_is_too_old(user: User, now: datetime) -> bool:
    """Return whether an agency password is due for its yearly change (CJIS IA-5)."""
    return user.is_agency and now - user.password_changed_at > settings.PASSWORD_AGE_LIMIT
