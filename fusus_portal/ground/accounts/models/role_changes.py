from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fusus_portal.ground.accounts.models.users import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.accounts.states import RoleChangeKind, RoleChangeState
from fusus_portal.ground.rows import Recorded

_INVITE = Q(kind=RoleChangeKind.INVITE)
_GIVES_ROLE = Q(kind__in=[RoleChangeKind.INVITE, RoleChangeKind.CHANGE_ROLE])
_OPEN = Q(state__in=[RoleChangeState.PROPOSED, RoleChangeState.APPROVED])
_PENDING = Q(state=RoleChangeState.PROPOSED)
_HANDLED = Q(state__in=[RoleChangeState.APPROVED, RoleChangeState.ACCEPTED])


class RoleChange(Recorded):
    """A change that one administrator proposes and another approves (CJIS AC-5).

    email, name: of the invited person. account: the account changed, or the one made from the invitation. by_operator:
    the operator stood in while fewer than two administrators could act; then `proposed_by` or `approved_by` is empty.
    """

    subject_kind = "role_change"

    kind = models.CharField(max_length=16, choices=RoleChangeKind)
    state = models.CharField(max_length=16, choices=RoleChangeState, default=RoleChangeState.PROPOSED)
    account = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="role_changes")
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=Role, blank=True)
    reason = models.CharField(max_length=300)
    by_operator = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-proposed_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=sorted(RoleChangeKind)), name="role_change_kind_is_listed"),
            models.CheckConstraint(condition=Q(state__in=sorted(RoleChangeState)), name="role_change_state_is_listed"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(proposed_by=None) | ~Q(approved_by=F("proposed_by")),
                name="role_change_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(by_operator=True)
                | (Q(proposed_by__isnull=False) & (Q(approved_at=None) | Q(approved_by__isnull=False))),
                name="role_change_names_both_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(approved_at__isnull=False), name="role_change_approval_is_whole"
            ),
            models.CheckConstraint(
                condition=(Q(cancelled_by=None) & Q(cancelled_at=None))
                | (Q(cancelled_by__isnull=False) & Q(cancelled_at__isnull=False)),
                name="role_change_cancellation_is_whole",
            ),
            models.CheckConstraint(
                condition=~_HANDLED | Q(approved_at__isnull=False), name="role_change_effect_is_approved"
            ),
            models.CheckConstraint(
                condition=~_PENDING | Q(approved_at=None), name="role_change_proposal_is_not_approved"
            ),
            models.CheckConstraint(
                condition=(_INVITE & ~Q(email="")) | (~_INVITE & Q(email="") & Q(account__isnull=False)),
                name="role_change_is_about_someone",
            ),
            models.CheckConstraint(
                condition=(_GIVES_ROLE & Q(role__in=sorted(AGENCY_ROLES))) | (~_GIVES_ROLE & Q(role="")),
                name="role_change_gives_agency_roles_only",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=_OPEN & Q(account__isnull=False), name="role_change_one_open_an_account"
            ),
            models.UniqueConstraint(
                fields=["email"], condition=_OPEN & _INVITE, name="role_change_one_open_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"

    @property
    def about(self) -> str:
        return self.email or str(self.account)
