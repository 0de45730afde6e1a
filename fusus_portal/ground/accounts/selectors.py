"""Rows of agency accounts only: nobody gets a list of residents."""

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
    found = Suspension.objects.filter(state=SuspensionState.SUSPENDED).select_related("account", "suspended_by")
    return found.order_by("expires_at")


def suspensions_of(account: User) -> QuerySet[Suspension]:
    return account.suspensions.select_related("suspended_by", "confirmed_by").order_by("-suspended_at")


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
    """Return the changes that this administrator may approve; the operator's proposals always count."""
    counts = Q(proposed_by__isnull=True) | Q(proposed_by__role__in=Permission.PEOPLE.roles, proposed_by__is_active=True)
    own = Q(proposed_by=by) | Q(account=by)
    return proposed_changes().filter(counts).exclude(pk__in=RoleChange.objects.filter(own).values("pk"))


def changes_of(account: User) -> QuerySet[RoleChange]:
    return account.role_changes.select_related("proposed_by", "approved_by", "cancelled_by").order_by("-proposed_at")


def change(change_id: UUID) -> RoleChange:
    rows = RoleChange.objects.select_related("account").filter(pk=change_id)
    return find_or_refuse(rows, _("There is no such change."))
