"""The card that a business leaves for later years. The payment service keeps it; we know what it is called there."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.actors import Subject
from registry.models import Registrant
from shop.models.pairs import both_or_none


class CardOnFile(models.Model):
    """That a business has a card at the payment service. customer, method: its ids there; no number, no name.

    saved_at: since when. A card that was left earlier never takes the place of a later one.
    """

    registrant = models.OneToOneField(Registrant, on_delete=models.CASCADE, related_name="card_on_file")
    customer = models.CharField(max_length=255)
    method = models.CharField(max_length=255)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="card_on_file_names", condition=~Q(customer="") & ~Q(method="")),
        ]

    def __str__(self) -> str:
        return f"card of {self.registrant_id}"


class CardChange(models.Model):
    """One try to leave another card, on a page of the payment service. Its id is the key there.

    session_id, url: of the page, "" until it is made. settled_at: when its end was noted; saved: it left a card.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="card_changes")
    session_id = models.CharField(max_length=255, blank=True)
    url = models.TextField(blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    saved = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session_id"], name="card_change_once", condition=~Q(session_id="")),
            models.CheckConstraint(name="card_change_settled_pair", condition=both_or_none("settled_at", "saved")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["begun_at"], name="card_change_open", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("card_change", str(self.pk))
