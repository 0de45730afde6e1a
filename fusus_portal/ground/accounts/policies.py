from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Subject
from fusus_portal.ground.access.permissions import Permission, demand, has
from fusus_portal.ground.accounts.models import ENOUGH_IN_A_DAY, ONE_WORD_IN, WAITS, RoleChange, Suspension, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.states import OPEN, ROLE_CHANGE, RoleChangeKind, RoleChangeState, SuspensionState
from fusus_portal.ground.lifecycle import Other, Refused, Stale, why_not

LEAST = {Role.ADMINISTRATOR: 2, Role.AUDITOR: 1}
"""Accounts of a role that must still be able to act after a suspension (also enforced by the database)."""


def may_change_people(*, by: User) -> None:
    demand(by, Permission.PEOPLE)
    if by.is_locked:
        raise Refused(Permission.PEOPLE.sentence)


def may_propose(*, kind: str, account: User | None, by: User) -> None:
    """Raise Refused unless `by` may propose this kind of change. account: None for an invitation."""
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
    if account.is_suspended:
        return _suspended_words()
    if kind == RoleChangeKind.RELEASE and not account.is_locked:
        return _("This account is not locked.")
    if kind == RoleChangeKind.ENABLE and account.is_active:
        return _("This account is not disabled.")
    if kind == RoleChangeKind.DISABLE and not account.is_active:
        return _("This account is disabled already.")
    return ""


def check_email(email: str) -> str:
    """Return an e-mail address, normalized. Raises ValidationError on "email" if the agency uses it already."""
    address = email.strip().lower()
    if User.objects.filter(email=address).exclude(pseudonym="").exists():
        raise ValidationError({"email": _("This address has an agency account already.")})
    if RoleChange.objects.filter(state__in=OPEN, email=address).exists():
        raise ValidationError({"email": open_words()})
    return address


def check_role(kind: str, role: str, *, account: User) -> None:
    if kind == RoleChangeKind.CHANGE_ROLE and not role:
        raise ValidationError({"role": _("Choose the new role.")})
    if kind == RoleChangeKind.CHANGE_ROLE and role == account.role:
        raise ValidationError({"role": _("The person has this role already.")})


def check_none_open(account: User) -> None:
    if account.role_changes.filter(state__in=OPEN).exists():
        raise ValidationError({NON_FIELD_ERRORS: open_words()})


def open_words() -> str:
    return _("Another change for this person is still open. Approve or cancel it first.")


def check_password(password: str, *, email: str, name: str) -> None:
    """Raise ValidationError with the sentence of the first rule that refuses a password."""
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise ValidationError({"password": error.messages[0]}) from error


def may_approve(*, change: RoleChange, by: User) -> None:
    """Raise Refused unless `by` is an administrator other than the proposer and the account's holder (CJIS AC-5)."""
    may_change_people(by=by)
    may_stand_in(change=change)
    if change.proposed_by_id == by.pk:
        raise Refused(_("You proposed this, so another administrator must approve it."), subject=change.subject)
    if change.account_id == by.pk:
        raise Refused(_("This is about you, so another administrator must approve it."), subject=change.subject)


def may_stand_in(*, change: RoleChange) -> None:
    if change.account is not None and change.account.is_suspended:
        raise Refused(_suspended_words(), subject=change.subject)
    if not _first_word_counts(change.proposed_by):
        sentence = _("The person who proposed this is no administrator any more. Cancel it, and propose it anew.")
        raise Refused(sentence, subject=change.subject)


def _first_word_counts(first: User | None) -> bool:
    """True if the first of two people may still act; None is the operator. A lock is no bar: anybody can cause it."""
    return first is None or (has(first.role, Permission.PEOPLE) and first.is_active)


def _suspended_words() -> str:
    return _("This account is suspended. Another administrator confirms that, or it comes back after a day.")


def able(role: str) -> QuerySet[User]:
    return User.objects.filter(role=role, is_active=True, locked_at=None)


def able_or_suspended_administrators() -> int:
    suspended = Exists(Suspension.objects.filter(account=OuterRef("pk"), state=SuspensionState.SUSPENDED))
    return User.objects.filter(Q(is_active=True) | suspended, role=Role.ADMINISTRATOR, locked_at=None).count()


def may_suspend(*, account: User, by: User) -> None:
    """Raise Refused unless `by` may suspend this account alone; Stale if it is suspended or disabled.

    Refused: oneself, and a fourth account in 24 hours. Refused here, but not to the operator at the server: an account
    that `by` suspended in vain in the last week, or without which fewer than two administrators or no auditor can act.
    """
    may_change_people(by=by)
    if not account.is_agency:
        raise Refused(_("That is not an agency account."), subject=account.subject)
    if account.pk == by.pk:
        raise Refused(_("Nobody suspends their own account; ask another administrator."), subject=account.subject)
    must_be_in_use(account)
    if not leaves_enough(account):
        raise Refused(
            _(
                "Too few administrators or auditors could act without this account. Call the operator, who can "
                "suspend it at the server."
            ),
            subject=account.subject,
        )
    in_a_day = Suspension.objects.filter(suspended_by=by, suspended_at__gt=timezone.now() - WAITS)
    if in_a_day.count() >= ENOUGH_IN_A_DAY:
        raise Refused(
            _("You suspended three accounts in the last 24 hours. Ask another administrator to suspend this one."),
            subject=account.subject,
        )
    if _came_back(account).filter(suspended_by=by).exists():
        raise Refused(
            _(
                "You suspended this account in the last 7 days, nobody confirmed it, and it came back. Another "
                "administrator has to suspend it, or the operator at the server; then you can confirm it."
            ),
            subject=account.subject,
        )


def must_need_operator(account: User) -> None:
    """Raise Refused if an administrator can suspend this account in the console."""
    if leaves_enough(account) and not _came_back(account).exists():
        raise Refused(_("An administrator suspends this account in the console."), subject=account.subject)


def _came_back(account: User) -> QuerySet[Suspension]:
    lately = timezone.now() - ONE_WORD_IN
    return Suspension.objects.filter(account=account, state=SuspensionState.ENDED, ended_at__gt=lately)


def must_be_in_use(account: User) -> None:
    if account.is_suspended:
        raise Stale(_("This account is suspended already."), subject=account.subject)
    if not account.is_active:
        raise Stale(_("This account is disabled already."), subject=account.subject)


def leaves_enough(account: User) -> bool:
    least = LEAST.get(Role(account.role), 0)
    return able(account.role).exclude(pk=account.pk).count() >= least


def may_confirm(*, suspension: Suspension, by: User) -> None:
    """Raise Refused unless `by` is a second administrator, Stale when it is too late to confirm."""
    may_change_people(by=by)
    if suspension.suspended_by_id == by.pk:
        raise Refused(
            _("You suspended this account, so another administrator must confirm it."), subject=suspension.subject
        )
    if suspension.account_id == by.pk:
        raise Refused(_("This is about you, so another administrator must confirm it."), subject=suspension.subject)
    _must_be_confirmable(suspension)


def may_stand_in_to_confirm(*, suspension: Suspension) -> None:
    """Raise Refused unless the operator at the server may confirm, Stale when it is too late."""
    if suspension.suspended_by_id is None:
        raise Refused(_("You suspended this account, so an administrator must confirm it."), subject=suspension.subject)
    must_lack_administrators()
    _must_be_confirmable(suspension)


def must_lack_administrators() -> None:
    """Raise Refused while two administrators can act; the operator acts only when they can't."""
    if able_or_suspended_administrators() >= LEAST[Role.ADMINISTRATOR]:
        raise Refused(_("Two administrators can act; one of them approves this in the console."))


def _must_be_confirmable(suspension: Suspension) -> None:
    if suspension.state == SuspensionState.SUSPENDED and suspension.expires_at <= timezone.now():
        raise Stale(_("Nobody confirmed this within a day, so the account comes back."), subject=suspension.subject)
    if suspension.state == SuspensionState.SUSPENDED and not _first_word_counts(suspension.suspended_by):
        raise Refused(
            _("The administrator who suspended this account no longer is one, so the account comes back after a day."),
            subject=suspension.subject,
        )


def password_is_too_old(user: User, now: datetime) -> bool:
    """True if an agency password is due for its yearly change (CJIS IA-5)."""
    return user.is_agency and now - user.password_changed_at > settings.PASSWORD_AGE_LIMIT


def must_have_valid_asker(asker: User | None, may_ask: Callable[[User], object], *, subject: Subject) -> None:
    """Raise Refused unless the person who asked for an act of two people is active and may still ask for it."""
    # A locked asker counts: anybody outside can lock an account.
    if asker is None or (asker.is_active and not why_not(lambda: may_ask(asker))):
        return
    raise Refused(
        _("The person who asked for this may no longer ask for it. Somebody who may has to ask again."), subject=subject
    )


def refusal_sentence() -> str:
    """Return the one sentence for a refused sign-in; it reveals no account."""
    return _("That sign-in does not open an account here. Try again, or ask an administrator to invite you.")


def check_invitation(change: RoleChange) -> None:
    subject = change.subject
    if change.state == RoleChangeState.PROPOSED:
        raise Stale(_("This invitation waits for a second administrator."), subject=subject)
    if change.state == RoleChangeState.APPROVED and change.expires_at <= timezone.now():
        raise Stale(_("This invitation has expired. Ask an administrator for a new one."), subject=subject)
    if change.state == RoleChangeState.ACCEPTED:
        raise Stale(_("This invitation was used already. Sign in with your password."), subject=subject)
    ROLE_CHANGE.check(source=change.state, target=RoleChangeState.ACCEPTED, role=Other.INVITED, subject=subject)
