"""Changes to agency accounts that take two administrators: invitations, roles, locks."""

from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import AT_THE_SERVER, Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts import followers, policies, selectors
from fusus_portal.ground.accounts.models import RoleChange, SignInFailure, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.ground.accounts.states import OPEN, ROLE_CHANGE, RoleChangeKind, RoleChangeState
from fusus_portal.ground.lifecycle import Other, Refused, Stale, find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services import outbox as notifications


def _carry_out_change(*, change: RoleChange, by: Actor) -> None:
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
    account.pseudonym = selectors.pseudonym_for_role(account.pseudonym, change.role)
    account.save(update_fields=["role", "pseudonym"])
    followers.may_do_less(account, by)
    facts = {"from": before, "to": change.role}
    record(event=Event.ACCOUNT_ROLE_CHANGED, actor=by, subject=account.subject, facts=facts)


def _release(account: User, _change: RoleChange, by: Actor) -> None:
    account.locked_at = None
    account.save(update_fields=["locked_at"])
    SignInFailure.objects.filter(account=account).delete()
    record(event=Event.ACCOUNT_RELEASED, actor=by, subject=account.subject)


_EFFECTS: dict[RoleChangeKind, Callable[[User, RoleChange, Actor], object]] = {
    RoleChangeKind.CHANGE_ROLE: _change_role,
    RoleChangeKind.RELEASE: _release,
    RoleChangeKind.RESET_FACTORS: lambda account, _change, by: accounts.forget_proofs(account=account, by=by),
    RoleChangeKind.DISABLE: lambda account, _change, by: accounts.disable(account=account, by=by, why="administrators"),
    RoleChangeKind.ENABLE: lambda account, _change, by: accounts.enable(held=account, by=by),
}


PEOPLE = ("account", "proposed_by", "approved_by", "cancelled_by")
"""Columns that validation skips: services set them, and CHECKs of the database demand them."""


def _facts_of(change: RoleChange) -> dict[str, int | str]:
    return {"kind": change.kind, "role": change.role, "account": str(change.account_id or "")}


@transaction.atomic
def invite(*, email: str, name: str, role: str, reason: str, by: User) -> RoleChange:
    """Propose to invite a person to an agency role. Raises Refused, ValidationError if the agency uses the address."""
    policies.may_propose(kind=RoleChangeKind.INVITE, account=None, by=by)
    # Public accounts are not looked up: administrators don't learn who is registered.
    address = policies.check_email(email)
    return _proposed(
        RoleChange(kind=RoleChangeKind.INVITE, email=address, name=name.strip(), role=role, reason=reason), by=by
    )


@transaction.atomic
def propose(*, kind: str, account: User, reason: str, by: User, role: str = "") -> RoleChange:
    """Propose a change. role: the new one, for "change_role". Raises Refused, ValidationError if nothing changes."""
    held = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    policies.may_propose(kind=kind, account=held, by=by)
    policies.check_role(kind, role, account=held)
    given = role if kind == RoleChangeKind.CHANGE_ROLE else ""
    return _proposed(RoleChange(kind=kind, account=held, role=given, reason=reason), by=by)


def _proposed(change: RoleChange, *, by: User) -> RoleChange:
    change.proposed_by = by
    change.reason = change.reason.strip()
    change.expires_at = timezone.now() + settings.INVITATION_LIMIT
    change.full_clean(exclude=PEOPLE, validate_constraints=False)
    try:
        with transaction.atomic():
            change.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({NON_FIELD_ERRORS: policies.open_words()}) from None
    record(
        event=Event.ROLE_CHANGE_PROPOSED,
        actor=by.actor,
        subject=change.subject,
        reason=change.reason,
        facts=_facts_of(change),
    )
    return change


@transaction.atomic
def approve(*, change: RoleChange, by: User) -> RoleChange:
    """Approve another administrator's proposal: send the invitation, or apply the change. Raises Refused, Stale."""
    held = _held_change(change, by=by)
    by = User.objects.get(pk=by.pk)
    policies.may_approve(change=held, by=by)
    return _approve_held(held, approver=by, role=by.role, actor=by.actor)


def _approve_held(held: RoleChange, *, approver: User | None, role: str, actor: Actor) -> RoleChange:
    """Approve a change whose row is locked. approver: None for the operator."""
    target = RoleChangeState.APPROVED if held.kind == RoleChangeKind.INVITE else RoleChangeState.ACCEPTED
    now = timezone.now()
    held.approved_by, held.approved_at = approver, now
    held.by_operator = held.by_operator or approver is None
    if target == RoleChangeState.APPROVED:
        held.expires_at = now + settings.INVITATION_LIMIT
    else:
        held.accepted_at = now
    _take(held, target, role=role, actor=actor)
    if target == RoleChangeState.APPROVED:
        _send_invitation(held)
    else:
        _carry_out_change(change=held, by=actor)
    return held


@transaction.atomic
def cancel(*, change: RoleChange, by: User) -> RoleChange:
    """Cancel an open change; any administrator may. Raises Stale if it is not open."""
    held = _held_change(change)
    policies.may_change_people(by=by)
    held.cancelled_by, held.cancelled_at = by, timezone.now()
    _take(held, RoleChangeState.CANCELLED, role=by.role, actor=by.actor)
    return held


def expire_due(*, now: datetime, by: Actor) -> int:
    with transaction.atomic():
        due = RoleChange.objects.select_for_update(skip_locked=True, of=("self",))
        changes = list(due.filter(state__in=OPEN, expires_at__lte=now).order_by("pk"))
        for change in changes:
            _take(change, RoleChangeState.EXPIRED, role=Other.CLOCK, actor=by)
    return len(changes)


def _take(held: RoleChange, target: RoleChangeState, *, role: str, actor: Actor) -> None:
    rule = ROLE_CHANGE.check(source=held.state, target=target, role=role, subject=held.subject)
    held.state = target
    held.save()
    record(event=Event(rule.event), actor=actor, subject=held.subject, facts=_facts_of(held))


def _held_change(change: RoleChange, *, by: User | None = None) -> RoleChange:
    """Lock a change, but first its account, proposer and `by`, in one order: none of these loses a role meanwhile."""
    accounts.hold_people(change.account_id, change.proposed_by_id, by.pk if by else None)
    held = RoleChange.objects.select_for_update(of=("self",)).select_related("proposed_by")
    return held.get(pk=change.pk)


def _send_invitation(change: RoleChange) -> None:
    notifications.send(
        kind=MessageKind.INVITATION,
        to=Contact(change.email, language="en"),
        about=change.subject,
        context={"change": str(change.pk), "role": change.role, "expires_at": change.expires_at.isoformat()},
    )


@transaction.atomic
def open_person(*, account: User, by: User) -> None:
    policies.may_change_people(by=by)
    record(event=Event.PERSON_OPENED, actor=by.actor, subject=account.subject)


@transaction.atomic
def list_people(*, by: User) -> None:
    policies.may_change_people(by=by)
    record(event=Event.PEOPLE_LISTED, actor=by.actor, subject=Subject("people", "agency"))


@transaction.atomic
def accept_invitation(*, change: RoleChange, name: str, password: str, by: Actor) -> User:
    """Make an invited person's account. Raises Stale (used, canceled or expired), ValidationError, Refused."""
    held = _held_change(change)
    policies.check_invitation(held)
    accounts.delete_unconfirmed(email=held.email, by=by)
    if _in_use(held.email):
        # One person has one role.
        raise Refused(_own_address_sentence(), subject=held.subject)
    account = User(email=held.email, name=name.strip(), role=held.role, pseudonym=selectors.new_pseudonym(held.role))
    policies.check_password(password, email=account.email, name=account.name)
    account.set_password(password)
    _insert(account, held)
    held.account, held.accepted_at = account, timezone.now()
    _take(held, RoleChangeState.ACCEPTED, role=Other.INVITED, actor=by)
    return account


def _insert(account: User, invitation: RoleChange) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:  # somebody signed up with the address a moment ago
        if not _in_use(account.email):
            raise
        raise Refused(_own_address_sentence(), subject=invitation.subject) from None
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)


def _in_use(email: str) -> bool:
    return User.objects.filter(email=email).exists()


def _own_address_sentence() -> str:
    return _(
        "This e-mail address has an account on the portal already. An agency account needs an address of its own: "
        "ask an administrator to invite you at another one."
    )


@transaction.atomic
def invite_first_administrator(*, email: str, by: Actor = AT_THE_SERVER) -> RoleChange:
    """Invite the first administrator, without a second person. Raises Refused if any exists, even a disabled one."""
    with connection.cursor() as cursor:  # two operators at once would make two first ones
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.first_administrator'))")
    waiting = _first_invitations_held()
    if User.objects.filter(role=Role.ADMINISTRATOR).exists():
        raise Refused(_("There is an administrator already. Administrators are invited in the console."))
    now = timezone.now()
    change = RoleChange(
        kind=RoleChangeKind.INVITE,
        state=RoleChangeState.APPROVED,
        email=email.strip().lower(),
        role=Role.ADMINISTRATOR,
        reason="The first administrator of this installation.",
        by_operator=True,
        approved_at=now,
        expires_at=now + settings.INVITATION_LIMIT,
    )
    change.full_clean(exclude=[*PEOPLE, "name"], validate_constraints=False)
    for earlier in waiting:
        if earlier.email == change.email:
            earlier.expires_at = change.expires_at
            change = earlier
        else:
            _take(earlier, RoleChangeState.CANCELLED, role=Other.OPERATOR, actor=by)
    change.save()
    record(event=Event.ROLE_CHANGE_PROPOSED, actor=by, subject=change.subject, facts=_facts_of(change))
    record(event=Event.ROLE_CHANGE_APPROVED, actor=by, subject=change.subject, facts=_facts_of(change))
    return change


def _first_invitations_held() -> list[RoleChange]:
    """Return open invitations of administrators, locked: one that is accepted at this instant comes first."""
    waiting = RoleChange.objects.select_for_update(of=("self",)).filter(
        kind=RoleChangeKind.INVITE, role=Role.ADMINISTRATOR, state=RoleChangeState.APPROVED
    )
    return list(waiting.order_by("pk"))


@transaction.atomic
def stand_in(*, change: RoleChange, by: Actor = AT_THE_SERVER) -> RoleChange:
    """Approve a change as the operator, while fewer than two administrators can act. Raises Refused, Stale."""
    held = _held_change(change)
    policies.may_stand_in(change=held)
    # Suspended ones count as able: suspending others must not bring the operator in.
    policies.must_lack_administrators()
    return _approve_held(held, approver=None, role=Other.OPERATOR, actor=by)


@transaction.atomic
def release_last_administrator(*, email: str, by: Actor = AT_THE_SERVER) -> RoleChange:
    """Release a locked administrator as the operator, while none of them can act. Raises Refused, NotYours, Stale."""
    if policies.able_or_suspended_administrators():
        raise Refused(_("An administrator can act: they propose the release, then you stand in for the second one."))
    found = User.objects.select_for_update().filter(email=email.strip().lower(), role=Role.ADMINISTRATOR)
    held = find_or_refuse(found, _("There is no administrator with this address."))
    if not held.is_locked:
        raise Stale(_("This account is not locked."), subject=held.subject)
    waiting = RoleChange.objects.filter(account=held, state=RoleChangeState.PROPOSED)
    change = waiting.filter(kind=RoleChangeKind.RELEASE).first()
    if change is None:
        change = RoleChange.objects.create(
            kind=RoleChangeKind.RELEASE,
            account=held,
            reason="No administrator could act.",
            by_operator=True,
            expires_at=timezone.now() + settings.INVITATION_LIMIT,
        )
        record(event=Event.ROLE_CHANGE_PROPOSED, actor=by, subject=change.subject, facts=_facts_of(change))
    return _approve_held(change, approver=None, role=Other.OPERATOR, actor=by)
