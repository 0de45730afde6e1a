from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.rows import InLog, Stepped, both_or_none
from registry.incidents.models.incidents import Incident
from registry.incidents.number_format import LONGEST_NUMBER
from registry.joins.states import JOIN, JoinState


class JoinQuestion(Stepped):
    """A person asks, by a number that they were told, to work on an incident.

    number: as the agency writes it, real or not. incident: None if there is no such incident.
    ends_at: from then on nobody can answer. Nobody answers their own question, or one about no incident.
    """

    subject_kind = "join"
    lifecycle = JOIN
    step_columns = ("asked_by_id",)

    number = models.CharField(_("incident number"), max_length=LONGEST_NUMBER, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, blank=True, related_name="joins")
    state = models.CharField(max_length=10, choices=JoinState, default=JoinState.ASKED, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="joins")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_at = models.DateTimeField(editable=False)
    answered_by = staff_key()
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="join_state_in_list", condition=Q(state__in=JoinState.values)),
            models.CheckConstraint(name="join_has_number", condition=~Q(number="")),
            models.CheckConstraint(name="join_ends_later", condition=Q(ends_at__gt=F("asked_at"))),
            both_or_none("join_answered_pair", "answered_by", "answered_at"),
            models.CheckConstraint(
                name="join_answered_once_decided",
                condition=Q(state=JoinState.ASKED, answered_at__isnull=True)
                | Q(
                    state__in=[JoinState.ADMITTED, JoinState.DECLINED],
                    answered_at__isnull=False,
                    incident__isnull=False,
                    answered_at__lt=F("ends_at"),
                ),
            ),
            models.CheckConstraint(
                name="join_answered_by_second_person",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["asked_by", "-asked_at"], name="join_by_person")]

    def __str__(self) -> str:
        return f"{self.asked_by_id} about {self.number}"

    @property
    def in_log(self) -> InLog:
        """The incident for its entries; empty for an unknown number. The incident's type must be loaded."""
        return self.incident.in_log if self.incident is not None else {}
