from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.rows import RandomIdRow, Recorded
from shop.orders.models.invoices import Invoice
from shop.warranty.models import Claim


class BookCheck(Recorded):
    """A period compared with the payment service. Both sides are as of the check, in cents.

    own_in, own_out: taken and refunded by the service according to the books. told_in, told_out: according to the
    service. failure: why the check did not finish, or "".
    """

    subject_kind = "book_check"

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


class Reconciliation(Recorded):
    """One comparison with the payment service. clerk: who asked for it, None for the nightly one.

    attempts, refunds, notices: how many were examined. differences: findings left after settling; each is a task of its
    own. failure: why the comparison did not finish, or "".
    """

    subject_kind = "reconciliation"

    clerk = staff_key()
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


class ReminderStep(models.TextChoices):
    SOON = "soon", _("Before the day")
    LATE = "late", _("After the day")
    LATER = "later", _("Two weeks after")
    LAST = "last", _("A month after")


class Reminder(RandomIdRow):
    """One reminder about an invoice on account, or about an old CORE that is to come back. Never changed (trigger)."""

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
