"""Which reminders were written, so that each is written once."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.models.invoices import Invoice
from shop.models.warranty import Claim


class ReminderStep(models.TextChoices):
    """Which of the reminders about one thing it is."""

    SOON = "soon", _("Before the day")
    LATE = "late", _("After the day")
    LATER = "later", _("Two weeks after")
    LAST = "last", _("A month after")


class Reminder(models.Model):
    """One reminder about an invoice on account, or about an old CORE that is due. Never changed (trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders")
    step = models.CharField(max_length=8, choices=ReminderStep)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="reminder_step_in_list", condition=Q(step__in=ReminderStep.values)),
            models.CheckConstraint(
                name="reminder_of_one_thing",
                condition=Q(invoice__isnull=False, claim__isnull=True) | Q(invoice__isnull=True, claim__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["invoice", "step"], name="reminder_of_invoice_once", condition=Q(invoice__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["claim", "step"], name="reminder_of_claim_once", condition=Q(claim__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.invoice_id or self.claim_id}"
