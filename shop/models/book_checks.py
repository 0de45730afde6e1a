"""Periods of the books that were held against what the payment service reports."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.actors import Subject


class BookCheck(models.Model):
    """One period, held against the payment service. Both sides are as they were at that moment, in cents.

    own_in, own_out: what the books say that the service took and gave back. told_in, told_out: what it says itself.
    failure: why it could not be brought to an end, "" otherwise.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    own_in = models.BigIntegerField(default=0)
    own_out = models.BigIntegerField(default=0)
    told_in = models.BigIntegerField(default=0)
    told_out = models.BigIntegerField(default=0)
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="book_check_days", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="book_check_ends_later",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("asked_at")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["first", "last", "-asked_at"], name="book_check_of_period")]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger names it."""
        return Subject("book_check", str(self.pk))
