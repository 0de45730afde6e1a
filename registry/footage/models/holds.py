from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.rows import InLog, Stepped, both_or_none
from registry.footage.models.files import Evidence
from registry.footage.states import HOLD, HoldState
from registry.incidents.models.incidents import Incident


class LegalHold(Stepped):
    """An order to keep an incident's footage, or one file. Its giver is told that there is one, never why."""

    subject_kind = "hold"
    lifecycle = HOLD

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="holds")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.PLACED, editable=False)
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="placed_holds")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = staff_key("lifted_holds")
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    lift_reason = models.CharField(_("reason to lift it"), max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="hold_state_in_list", condition=Q(state__in=HoldState.values)),
            models.CheckConstraint(name="hold_has_reason", condition=~Q(reason="")),
            both_or_none("hold_lifted_pair", "lifted_by", "lifted_at"),
            models.CheckConstraint(
                name="hold_state_has_time",
                condition=Q(state=HoldState.PLACED, lifted_at__isnull=True, lift_reason="")
                | (Q(state=HoldState.LIFTED, lifted_at__isnull=False) & ~Q(lift_reason="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident"], name="hold_in_force", condition=Q(state=HoldState.PLACED)),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"

    @property
    def in_log(self) -> InLog:
        return self.incident.in_log
