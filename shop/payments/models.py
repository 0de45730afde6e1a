"""Payments, refunds, and notices of the payment service."""

from functools import partial
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.rows import Recorded, Stepped, both_or_none
from shop.orders.models.orders import Order, OrderLine
from shop.payments.states import ATTEMPT, LIVE_ATTEMPTS, LIVE_REFUNDS, REFUND, AttemptState, RefundState
from shop.rules import CURRENCY

LONGEST_BRAND = 20
card_column: Any = partial(models.CharField, blank=True, editable=False)


def card_known() -> Q:
    return Q(card_brand="", card_last4="") | (~Q(card_brand="") & Q(card_last4__regex=r"^[0-9]{4}$"))


class PaymentAttempt(Stepped):
    """An attempt to pay an order by card. Its id is the gateway's idempotency key.

    session_id, url: of the payment page, "" until the gateway has made it. intent_id: of the payment at the gateway.
    customer, card: ids of the saved card that is charged without its owner and without a page; both "" for a page.
    keeps: the sentence that the buyer ticked to save the card for later years, or "". doubt: the difference between the
    gateway's answer and the request; staff have a task about it.
    """

    subject_kind = "payment_attempt"
    lifecycle = ATTEMPT
    step_columns = ("order_id", "cents")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=12, choices=AttemptState, default=AttemptState.CREATED, editable=False)
    cents = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    session_id = models.CharField(max_length=255, blank=True)
    intent_id = models.CharField(max_length=255, blank=True)
    url = models.TextField(blank=True)
    customer = models.CharField(max_length=255, blank=True, editable=False)
    card = models.CharField(max_length=255, blank=True, editable=False)
    keeps = models.TextField(blank=True, editable=False)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=80, blank=True)
    doubt = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="attempt_state_in_list", condition=Q(state__in=AttemptState.values)),
            models.CheckConstraint(name="attempt_amount", condition=Q(cents__gt=0)),
            models.CheckConstraint(name="attempt_currency", condition=Q(currency=CURRENCY)),
            models.CheckConstraint(
                name="attempt_card_or_page",
                condition=Q(card="", customer="") | (~Q(card="") & ~Q(customer="") & Q(session_id="")),
            ),
            models.UniqueConstraint(
                fields=["intent_id"], name="attempt_intent_once", condition=~Q(card="") & ~Q(intent_id="")
            ),
            models.UniqueConstraint(fields=["session_id"], name="attempt_session_once", condition=~Q(session_id="")),
            models.UniqueConstraint(
                fields=["order"], name="attempt_one_live", condition=Q(state__in=sorted(LIVE_ATTEMPTS))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["begun_at"], name="attempt_open", condition=Q(state__in=sorted(LIVE_ATTEMPTS)))
        ]

    @property
    def is_by_page(self) -> bool:
        return not self.card


class PaymentMethod(models.TextChoices):
    CARD = "card", _("Card")
    CHECK = "check", _("Check")


class Payment(Recorded):
    """Captured money, in cents. Never edited (trigger), except `held`, the cents of live refunds (LIVE_REFUNDS).

    gateway_id: the gateway's id of a card payment. card_brand, card_last4: of the card, by the gateway's names, so that
    the buyer recognizes it; "" if the gateway does not say. check_number, received_on: of a check that staff recorded.
    """

    subject_kind = "payment"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    attempt = models.OneToOneField(
        PaymentAttempt, on_delete=models.PROTECT, null=True, blank=True, related_name="payment"
    )
    method = models.CharField(max_length=10, choices=PaymentMethod)
    captured = models.BigIntegerField()
    held = models.BigIntegerField(default=0, editable=False)
    currency = models.CharField(max_length=3, default=CURRENCY)
    captured_at = models.DateTimeField(default=timezone.now)
    gateway_id = models.CharField(max_length=255, blank=True)
    card_brand = card_column(max_length=LONGEST_BRAND)
    card_last4 = card_column(max_length=4)
    check_number = models.CharField(_("number of the check"), max_length=40, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    recorded_by = staff_key()
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="payment_method_in_list", condition=Q(method__in=PaymentMethod.values)),
            models.CheckConstraint(
                name="payment_held_is_captured", condition=Q(captured__gt=0, held__gte=0, held__lte=F("captured"))
            ),
            models.CheckConstraint(name="payment_currency", condition=Q(currency=CURRENCY)),
            models.CheckConstraint(
                name="payment_card", condition=card_known() & (Q(method=PaymentMethod.CARD) | Q(card_last4=""))
            ),
            both_or_none("payment_recorded_pair", "recorded_by", "recorded_at"),
            models.CheckConstraint(
                name="payment_has_its_proof",
                condition=(Q(method=PaymentMethod.CARD, recorded_at__isnull=True, check_number="") & ~Q(gateway_id=""))
                | (
                    Q(method=PaymentMethod.CHECK, recorded_at__isnull=False, attempt__isnull=True, gateway_id="")
                    & Q(received_on__isnull=False)
                    & ~Q(check_number="")
                ),
            ),
            models.UniqueConstraint(fields=["gateway_id"], name="payment_once", condition=~Q(gateway_id="")),
            models.UniqueConstraint(
                fields=["order", "check_number"], name="payment_check_once", condition=~Q(check_number="")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["captured_at"], name="payment_by_day")]

    @property
    def refundable(self) -> int:
        """Cents that no live refund takes."""
        return self.captured - self.held


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

    While it is live, triggers count its cents in `held` of its payment and of each line. clerk: who asked for it, None
    if the portal itself did. second: who sent it. needs_second: the clerk alone may not send it
    (docs/decisions/shop/refund-limit.md). tried_at: when the gateway was last asked to make it. check_number: of the
    check by which staff paid it out. of_return: the return that it pays for, None for other refunds.
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

    @property
    def why(self) -> str:
        return self.reason or str(self.get_source_display())


class RefundLine(models.Model):
    """The cents of a refund for one line of the order. Never edited (trigger).

    tax: how many of them are tax. pieces: of the line that don't ship any more, or not again (`OrderLine.refunded`).
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="refunds")
    cents = models.BigIntegerField()
    tax = models.BigIntegerField()
    pieces = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="refund_line_above_zero", condition=Q(cents__gt=0)),
            models.CheckConstraint(name="refund_line_tax", condition=Q(tax__gte=0, tax__lte=F("cents"))),
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once"),
        ]


class GatewayEvent(models.Model):
    """A notice of the gateway, processed once, by its id there: a hint to ask the gateway about `object_id`.

    tries: how often the portal worked on it. failure: the kind of fault of the last try.
    """

    id = models.CharField(primary_key=True, max_length=255)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    processed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="gateway_event_names", condition=~Q(id="") & ~Q(kind="") & ~Q(object_id="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="gateway_event_waits", condition=Q(processed_at__isnull=True))
        ]
