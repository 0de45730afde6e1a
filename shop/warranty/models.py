"""Warranty claims: a CORE that does not work, and its replacement (promise I6)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import RandomIdRow, Stepped, both_or_none
from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.orders.models.orders import Order
from shop.rules import LONGEST_PROBLEM
from shop.warranty.states import CLAIM, CLAIMS_OVER, ClaimState


def claim_number() -> str:
    return fresh("W")


class Claim(Stepped):
    """A problem with a CORE, claimed under warranty. charge: the bill for an old CORE not back by old_due_on."""

    subject_kind = "claim"
    lifecycle = CLAIM
    step_columns = ("core_id", "number")

    number = models.CharField(max_length=16, unique=True, default=claim_number, editable=False)
    core = models.ForeignKey(Core, on_delete=models.PROTECT, related_name="claims")
    registrant = models.ForeignKey(Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims")
    state = models.CharField(max_length=20, choices=ClaimState, default=ClaimState.OPENED, editable=False)
    problem = models.TextField(_("what is wrong"), max_length=LONGEST_PROBLEM)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = staff_key()
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    replacement = models.OneToOneField(
        Core, on_delete=models.PROTECT, null=True, blank=True, related_name="replaces_in_claim"
    )
    replaced_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    old_due_on = models.DateField(null=True, blank=True)
    charge = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="charged_claim")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="claim_state_in_list", condition=Q(state__in=ClaimState.values)),
            models.CheckConstraint(name="claim_says_what", condition=~Q(problem="")),
            both_or_none("claim_decided_pair", "decided_by", "decided_at"),
            both_or_none("claim_replaced_pair", "replacement", "replaced_at"),
            models.CheckConstraint(
                name="claim_declined_has_reason", condition=~Q(state=ClaimState.DECLINED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="claim_replaced_has_core",
                condition=Q(state__in=[ClaimState.OPENED, ClaimState.APPROVED, ClaimState.DECLINED])
                | Q(replacement__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_charged_has_order", condition=~Q(state=ClaimState.CHARGED) | Q(charge__isnull=False)
            ),
            models.CheckConstraint(
                name="claim_due_has_day",
                condition=~Q(state__in=[ClaimState.OLD_UNIT_DUE, ClaimState.CHARGED]) | Q(old_due_on__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["core"], name="claim_one_of_a_core", condition=~Q(state__in=sorted(CLAIMS_OVER))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "opened_at"], name="claim_by_state")]

    def __str__(self) -> str:
        return self.number


class ClaimPicture(RandomIdRow):
    """A picture of the problem from the CORE's owner, re-encoded. key: of its files (`shop.catalogue.files`)."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="pictures")
    key = models.CharField(max_length=80, unique=True, editable=False)

    def __str__(self) -> str:
        return self.key
