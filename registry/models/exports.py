"""A copy of the whole registry for an agency that leaves the portal."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.actors import Subject
from registry.states import ExportState


class RegistryExport(models.Model):
    """One administrator asks with a reason, another approves, a worker makes the file, the first takes it once.

    key: where the file lies; "" before and after. cameras: how many stand in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.PROPOSED)
    reason = models.CharField(max_length=300)
    key = models.CharField(max_length=64, blank=True)
    cameras = models.PositiveIntegerField(default=0)
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="export_state_in_list", condition=Q(state__in=ExportState.values)),
            models.CheckConstraint(
                name="export_approved_has_both",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="export_takes_two", condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="export_approved_before_made",
                condition=Q(approved_at__isnull=False)
                | Q(state__in=[ExportState.PROPOSED, ExportState.CANCELLED, ExportState.EXPIRED]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("registry_export", str(self.pk))
