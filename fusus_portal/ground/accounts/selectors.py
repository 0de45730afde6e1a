"""What pages read about accounts. Agency accounts only: there is no list of residents for anyone."""

from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import RoleChange, Suspension, User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.accounts.states import OPEN, RoleChangeState, SuspensionState
from fusus_portal.ground.queries import find_or_refuse


def open_suspensions() -> QuerySet[Suspension]:
    """Return the suspensions that wait for a second administrator, the one first whose day ends first."""
    found = Suspension.objects.filter(state=SuspensionState.SUSPENDED).select_related("account", "suspended_by")
    return found.order_by("expires_at")


def suspensions_of(account: User) -> QuerySet[Suspension]:
    """Return how often an account was suspended, the newest first."""
    return account.suspensions.select_related("suspended_by", "confirmed_by").order_by("-suspended_at")


def suspension(suspension_id: UUID) -> Suspension:
    """Return one suspension. Raises NotYours when there is none."""
    return find_or_refuse(Suspension.objects.filter(pk=suspension_id), _("There is no such suspension."))


def agency_people() -> QuerySet[User]:
    """Return the agency's accounts, those that can't sign in first, then by role and name."""
    waiting = Case(
        When(locked_at__isnull=False, then=Value(0)),
        When(is_active=False, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return User.objects.filter(role__in=AGENCY_ROLES).order_by(waiting, "role", "name", "email")


def agency_person(account_id: UUID) -> User:
    """Return one agency account. Raises NotYours for any other account, and for none."""
    return find_or_refuse(agency_people().filter(pk=account_id), _("There is no such agency account."))


def open_changes() -> QuerySet[RoleChange]:
    """Return the changes that wait for somebody, oldest first."""
    found = RoleChange.objects.filter(state__in=OPEN).select_related("account", "proposed_by", "approved_by")
    return found.order_by("proposed_at")


def proposed_changes() -> QuerySet[RoleChange]:
    """Return the changes that wait for a second administrator, oldest first."""
    proposed = RoleChange.objects.filter(state=RoleChangeState.PROPOSED, expires_at__gt=timezone.now())
    return proposed.order_by("proposed_at", "pk")


def to_approve(by: User) -> QuerySet[RoleChange]:
    """Return those that this administrator may approve: proposed by another one, and about somebody else.

    The proposer's word counts while they are an administrator; the operator at the server's always does.
    """
    counts = Q(proposed_by__isnull=True) | Q(proposed_by__role__in=Permission.PEOPLE.roles, proposed_by__is_active=True)
    own = Q(proposed_by=by) | Q(account=by)
    return proposed_changes().filter(counts).exclude(pk__in=RoleChange.objects.filter(own).values("pk"))


def changes_of(account: User) -> QuerySet[RoleChange]:
    """Return what was ever proposed for an account, newest first."""
    return account.role_changes.select_related("proposed_by", "approved_by", "cancelled_by").order_by("-proposed_at")


def change(change_id: UUID) -> RoleChange:
    """Return one change. Raises NotYours when there is none."""
    rows = RoleChange.objects.select_related("account").filter(pk=change_id)
    return find_or_refuse(rows, _("There is no such change."))
