"""A registration that somebody has begun and not finished."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, TextField
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from audit.actors import Subject
from registry.rules import DRAFT_KEPT, LONGEST_DRAFT


def default_expires_at() -> datetime:
    """Return when a draft that is touched now is deleted, if nobody goes on with it."""
    return timezone.now() + DRAFT_KEPT


class RegistrationDraft(models.Model):
    """What one account typed so far, by step, so that it can be taken up later and elsewhere.

    typed: text, numbers and lists; no search reads it. reminded_at: when the one message that it can be gone on with
    was written. The row goes when the person registers, starts over, or leaves it alone for too long.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registration_draft")
    typed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    touched_at = models.DateTimeField(default=timezone.now, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(default=default_expires_at, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="registration_draft_is_bounded",
                condition=LessThanOrEqual(Length(Cast(F("typed"), TextField())), LONGEST_DRAFT),
            ),
            models.CheckConstraint(
                name="registration_draft_expires_later", condition=models.Q(expires_at__gt=F("touched_at"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="registration_draft_expiry")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("draft", str(self.pk))
