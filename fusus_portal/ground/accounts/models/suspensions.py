from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fusus_portal.ground.accounts.models.users import User
from fusus_portal.ground.accounts.states import SuspensionState
from fusus_portal.ground.rows import Recorded

WAITS = timedelta(days=1)
"""Time for a second administrator to confirm (also a CHECK of the database)."""
ENOUGH_IN_A_DAY = 3
"""Suspensions by one administrator in 24 hours at most (also enforced by the database)."""
ONE_WORD_IN = timedelta(days=7)
"""For this long an administrator can't repeat a suspension that nobody confirmed (also enforced by the database)."""
_WAITS = Q(state=SuspensionState.SUSPENDED)


class Suspension(Recorded):
    """A suspension: one person says that an account is stolen, a second may confirm it within a day.

    by_operator: the operator at the server was one of the two; then `suspended_by` or `confirmed_by` is empty.
    ended_at: the account came back unconfirmed.
    """

    subject_kind = "suspension"

    state = models.CharField(max_length=16, choices=SuspensionState, default=SuspensionState.SUSPENDED)
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=300)
    by_operator = models.BooleanField(default=False)
    suspended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    suspended_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["-suspended_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=sorted(SuspensionState)), name="suspension_state_is_listed"),
            models.CheckConstraint(
                condition=Q(suspended_by=None) | ~Q(suspended_by=F("account")), name="suspension_is_of_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("account")) & (Q(suspended_by=None) | ~Q(confirmed_by=F("suspended_by")))),
                name="suspension_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(by_operator=True)
                | (Q(suspended_by__isnull=False) & (Q(confirmed_at=None) | Q(confirmed_by__isnull=False))),
                name="suspension_names_both_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(suspended_by__isnull=False) | Q(confirmed_by__isnull=False),
                name="suspension_has_one_word_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(confirmed_at__isnull=False), name="suspension_second_word_has_time"
            ),
            models.CheckConstraint(
                condition=Q(state=SuspensionState.CONFIRMED, confirmed_at__lt=F("expires_at"))
                | (~Q(state=SuspensionState.CONFIRMED) & Q(confirmed_at=None)),
                name="suspension_is_confirmed_in_time",
            ),
            models.CheckConstraint(
                condition=Q(state=SuspensionState.ENDED, ended_at__gte=F("expires_at"))
                | (~Q(state=SuspensionState.ENDED) & Q(ended_at=None)),
                name="suspension_ends_after_its_time",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=F("suspended_at") + WAITS), name="suspension_waits_for_a_day"
            ),
            models.UniqueConstraint(fields=["account"], condition=_WAITS, name="suspension_one_open_an_account"),
        ]
        indexes: ClassVar = [models.Index(fields=["suspended_by", "suspended_at"], name="suspension_of_a_day")]

    def __str__(self) -> str:
        return f"suspension of {self.account_id}"
