"""Agency accounts, never a list of residents; their changes, invitations and pseudonyms."""

import secrets
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import RoleChange, Suspension, User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.accounts.states import OPEN, RoleChangeKind, RoleChangeState, SuspensionState
from fusus_portal.ground.lifecycle import NotYours, find_or_refuse


def open_suspensions() -> QuerySet[Suspension]:
    found = Suspension.objects.filter(state=SuspensionState.SUSPENDED).select_related("account", "suspended_by")
    return found.order_by("expires_at")


def suspension(suspension_id: UUID) -> Suspension:
    return find_or_refuse(Suspension.objects.filter(pk=suspension_id), _("There is no such suspension."))


def agency_people() -> QuerySet[User]:
    """Return the agency's accounts: locked ones first, disabled ones last, then by role and name."""
    waiting = Case(
        When(locked_at__isnull=False, then=Value(0)),
        When(is_active=False, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return User.objects.filter(role__in=AGENCY_ROLES).order_by(waiting, "role", "name", "email")


def agency_person(account_id: UUID) -> User:
    return find_or_refuse(agency_people().filter(pk=account_id), _("There is no such agency account."))


def open_changes() -> QuerySet[RoleChange]:
    found = RoleChange.objects.filter(state__in=OPEN).select_related("account", "proposed_by", "approved_by")
    return found.order_by("proposed_at")


def proposed_changes() -> QuerySet[RoleChange]:
    proposed = RoleChange.objects.filter(state=RoleChangeState.PROPOSED, expires_at__gt=timezone.now())
    return proposed.order_by("proposed_at", "pk")


def to_approve(by: User) -> QuerySet[RoleChange]:
    """Return the changes that this administrator may approve: proposed by the operator or another administrator."""
    counts = Q(proposed_by__isnull=True) | Q(proposed_by__role__in=Permission.PEOPLE.roles, proposed_by__is_active=True)
    own = Q(proposed_by=by) | Q(account=by)
    return proposed_changes().filter(counts).exclude(pk__in=RoleChange.objects.filter(own).values("pk"))


def change(change_id: UUID) -> RoleChange:
    rows = RoleChange.objects.select_related("account").filter(pk=change_id)
    return find_or_refuse(rows, _("There is no such change."))


_signer = Signer(salt="accounts.invitation", sep=".")


def invitation_token(change_id: UUID | str) -> str:
    return _signer.sign(str(change_id))


def invitation_of(token: str) -> RoleChange:
    """Return the invitation named by a link's token, in any state. Raises NotYours for a token that we did not sign."""
    try:
        return RoleChange.objects.get(pk=_signer.unsign(token), kind=RoleChangeKind.INVITE)
    except (BadSignature, RoleChange.DoesNotExist):
        raise NotYours(_("There is no such invitation.")) from None


LETTERS = "ABCDEFGHJKMNPQRTUVWXY"  # no letters that look like a digit or like each other
DIGITS = "2346789"


def new_pseudonym(role: str) -> str:
    """Return an unused pseudonym, for example "Deputy K7Q2"."""
    while True:
        code = "".join(secrets.choice(kind) for kind in (LETTERS, DIGITS, LETTERS, DIGITS))
        if not User.objects.filter(pseudonym__endswith=f" {code}").exists():
            return _written_pseudonym(role, code)


def pseudonym_for_role(pseudonym: str, role: str) -> str:
    """Return the pseudonym with another role. The code stays, so that an owner recognizes the person."""
    return _written_pseudonym(role, pseudonym.rpartition(" ")[2])


def _written_pseudonym(role: str, code: str) -> str:
    with translation.override("en"):
        return f"{Role(role).label} {code}"
