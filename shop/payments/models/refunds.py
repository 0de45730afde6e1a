from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.rows import Stepped
from shop.orders.models.orders import OrderLine
from shop.payments.models.payments import Payment
from shop.payments.states import LIVE_REFUNDS, REFUND, RefundState


class RefundSource(models.TextChoices):
    STAFF = "staff", _("Given by staff")
    CANCELLATION = "cancellation", _("The order was canceled")
    LATE = "late", _("Paid too late")
    TWICE = "twice", _("Paid twice")
    RETURN = "return", _("Returned")
    FEE = "fee", _("Unused part of the yearly fee")
    EXTERNAL = "external", _("Made outside the portal")


class Refund(Stepped):
    """A refund: cents of one payment. Its id is the gateway's idempotency key.

    Triggers keep the cents that live refunds hold of a payment, and of each line. clerk: asked for it, None if the
    portal itself did. second: sent it. needs_second: the clerk alone may not send it
    (docs/decisions/shop/refund-limit.md). tried_at: when the gateway was last asked to make it. check_number: of the
    check by which staff paid it out. of_return: the return that it pays, None for every other.
    """

    subject_kind = "refund"
    lifecycle = REFUND
    step_columns = ("payment_id", "cents")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    state = models.CharField(max_length=12, choices=RefundState, default=RefundState.REQUESTED, editable=False)
    source = models.CharField(max_length=12, choices=RefundSource)
    cents = models.BigIntegerField()
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    gateway_id = models.CharField(max_length=255, blank=True)
    check_number = models.CharField(_("number of the check"), max_length=40, blank=True)
    clerk = staff_key()
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    needs_second = models.BooleanField(default=False)
    second = staff_key()
    submitted_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=80, blank=True)
    of_return = models.ForeignKey(
        "shop.Return", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds", editable=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="refund_state_in_list", condition=Q(state__in=RefundState.values)),
            models.CheckConstraint(name="refund_source_in_list", condition=Q(source__in=RefundSource.values)),
            models.CheckConstraint(name="refund_above_zero", condition=Q(cents__gt=0)),
            models.CheckConstraint(
                name="refund_by_staff_has_clerk",
                condition=~Q(source=RefundSource.STAFF) | (Q(clerk__isnull=False) & ~Q(reason="")),
            ),
            # Refunds caused by an order are automatic; people ask for and send all others.
            models.CheckConstraint(
                name="refund_of_person_has_clerk",
                condition=Q(source__in=[RefundSource.STAFF, RefundSource.RETURN], clerk__isnull=False)
                | (~Q(source__in=[RefundSource.STAFF, RefundSource.RETURN]) & Q(clerk__isnull=True)),
            ),
            models.CheckConstraint(
                name="refund_of_return_pair",
                condition=Q(source=RefundSource.RETURN, of_return__isnull=False)
                | (~Q(source=RefundSource.RETURN) & Q(of_return__isnull=True)),
            ),
            models.CheckConstraint(
                name="refund_sent_by_somebody",
                condition=Q(clerk__isnull=True)
                | Q(state__in=[RefundState.REQUESTED, RefundState.CANCELLED])
                | Q(second__isnull=False),
            ),
            models.CheckConstraint(
                name="refund_second_is_another",
                condition=Q(needs_second=False)
                | Q(state__in=[RefundState.REQUESTED, RefundState.CANCELLED])
                | (Q(second__isnull=False) & ~Q(second=F("clerk"))),
            ),
            models.UniqueConstraint(fields=["gateway_id"], name="refund_once", condition=~Q(gateway_id="")),
            models.UniqueConstraint(
                fields=["of_return", "payment"],
                name="refund_of_return_once",
                condition=Q(of_return__isnull=False, state__in=sorted(LIVE_REFUNDS)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["requested_at"],
                name="refund_open",
                condition=Q(state__in=["pending", "requested", "submitted"]),
            ),
            models.Index(fields=["submitted_at"], name="refund_by_day"),
            models.Index(fields=["settled_at"], name="refund_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.cents} of {self.payment_id}"

    @property
    def why(self) -> str:
        return self.reason or str(self.get_source_display())


class RefundLine(models.Model):
    """The part of a refund for one line of the order. tax: cents of it that are tax. Never edited (trigger)."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="refunds")
    cents = models.BigIntegerField()
    tax = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="refund_line_above_zero", condition=Q(cents__gt=0)),
            models.CheckConstraint(name="refund_line_tax", condition=Q(tax__gte=0, tax__lte=F("cents"))),
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cents} of {self.line_id}"
