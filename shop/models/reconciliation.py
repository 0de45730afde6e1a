"""Comparisons of the books with the payment service."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.actors import Subject


class Reconciliation(models.Model):
    """One comparison. clerk: who asked for it, None for the nightly one.

    attempts, refunds, notices: how many of each were looked at. differences: what was found that does not settle
    itself; each is a task of its own. failure: why it could not be brought to an end, "" otherwise.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    refunds = models.PositiveIntegerField(default=0)
    notices = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reconciliation_ends_later",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("asked_at")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-asked_at"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger names it."""
        return Subject("reconciliation", str(self.pk))
