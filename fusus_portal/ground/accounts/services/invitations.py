from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import AT_THE_SERVER, Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts import policies, pseudonyms
from fusus_portal.ground.accounts.models import RoleChange, User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import unconfirmed
from fusus_portal.ground.accounts.services.role_changes import PEOPLE, approve_held, facts_of, held_change, take
from fusus_portal.ground.accounts.states import ROLE_CHANGE, RoleChangeKind, RoleChangeState
from fusus_portal.ground.lifecycle import Other, Refused, Stale
from fusus_portal.ground.queries import find_or_refuse


@transaction.atomic
def accept(*, change: RoleChange, name: str, password: str, by: Actor) -> User:
    """Make the invited person's account.

    Raises Stale for a used, canceled or expired invitation, ValidationError, Refused.
    """
    held = held_change(change)
    check_open(held)
    unconfirmed.make_room(email=held.email, by=by)
    if _in_use(held.email):
        # One person has one role.
        raise Refused(own_address_sentence(), subject=held.subject)
    account = User(email=held.email, name=name.strip(), role=held.role, pseudonym=pseudonyms.fresh(held.role))
    policies.check_password(password, email=account.email, name=account.name)
    account.set_password(password)
    _insert(account, held)
    held.account, held.accepted_at = account, timezone.now()
    take(held, RoleChangeState.ACCEPTED, role=Other.INVITED, actor=by)
    return account


def _insert(account: User, invitation: RoleChange) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:  # somebody signed up with the address a moment ago
        if not _in_use(account.email):
            raise
        raise Refused(own_address_sentence(), subject=invitation.subject) from None
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)


def _in_use(email: str) -> bool:
    return User.objects.filter(email=email).exists()


def check_open(change: RoleChange) -> None:
    subject = change.subject
    if change.state == RoleChangeState.PROPOSED:
        raise Stale(_("This invitation waits for a second administrator."), subject=subject)
    if change.state == RoleChangeState.APPROVED and change.expires_at <= timezone.now():
        raise Stale(_("This invitation has expired. Ask an administrator for a new one."), subject=subject)
    if change.state == RoleChangeState.ACCEPTED:
        raise Stale(_("This invitation was used already. Sign in with your password."), subject=subject)
    ROLE_CHANGE.check(source=change.state, target=RoleChangeState.ACCEPTED, role=Other.INVITED, subject=subject)


def own_address_sentence() -> str:
    return _(
        "This e-mail address has an account on the portal already. An agency account needs an address of its own: "
        "ask an administrator to invite you at another one."
    )


@transaction.atomic
def first_administrator(*, email: str, by: Actor = AT_THE_SERVER) -> RoleChange:
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
            take(earlier, RoleChangeState.CANCELLED, role=Other.OPERATOR, actor=by)
    change.save()
    record(event=Event.ROLE_CHANGE_PROPOSED, actor=by, subject=change.subject, facts=facts_of(change))
    record(event=Event.ROLE_CHANGE_APPROVED, actor=by, subject=change.subject, facts=facts_of(change))
    return change


def _first_invitations_held() -> list[RoleChange]:
    """Return the open invitations, locked: one that is accepted at this instant makes its administrator first."""
    waiting = RoleChange.objects.select_for_update(of=("self",)).filter(
        kind=RoleChangeKind.INVITE, role=Role.ADMINISTRATOR, state=RoleChangeState.APPROVED
    )
    return list(waiting.order_by("pk"))


@transaction.atomic
def stand_in(*, change: RoleChange, by: Actor = AT_THE_SERVER) -> RoleChange:
    """Approve a change as the operator, while fewer than two administrators can act. Raises Refused, Stale."""
    held = held_change(change)
    policies.may_stand_in(change=held)
    # Suspended ones count as able: suspending others must not bring the operator in.
    policies.must_lack_administrators()
    return approve_held(held, approver=None, role=Other.OPERATOR, actor=by)


@transaction.atomic
def release_last_administrator(*, email: str, by: Actor = AT_THE_SERVER) -> RoleChange:
    """Release a locked administrator as the operator, while none can act. Raises Refused, NotYours, Stale."""
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
        record(event=Event.ROLE_CHANGE_PROPOSED, actor=by, subject=change.subject, facts=facts_of(change))
    return approve_held(change, approver=None, role=Other.OPERATOR, actor=by)
