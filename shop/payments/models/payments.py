from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.rows import Recorded, Stepped, both_or_none
from shop.orders.models.orders import Order
from shop.payments.states import ATTEMPT, LIVE_ATTEMPTS, AttemptState
from shop.rules import CURRENCY

LONGEST_BRAND = 20


def brand_column() -> Any:
    """Return a column for the brand of a card, as the gateway calls it: "visa"."""
    return models.CharField(max_length=LONGEST_BRAND, blank=True, editable=False)


def last4_column() -> Any:
    return models.CharField(max_length=4, blank=True, editable=False)


def card_known() -> Q:
    return Q(card_brand="", card_last4="") | (~Q(card_brand="") & Q(card_last4__regex=r"^[0-9]{4}$"))


class PaymentAttempt(Stepped):
    """An attempt to pay an order by card. Its id is the gateway's idempotency key.

    session_id, url: of the payment page, "" until the gateway has made it. intent_id: of the payment. customer, card:
    the gateway's ids of the saved card that is charged without its owner and without a page; both "" for a page. keeps:
    the sentence that the buyer ticked, so that the card is saved for later years; "" for none. doubt: the difference
    between the gateway's answer and the request; staff have a task about it.
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

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_by_page(self) -> bool:
        return not self.card


class PaymentMethod(models.TextChoices):
    CARD = "card", _("Card")
    CHECK = "check", _("Check")


class Payment(Recorded):
    """Captured money. Never edited (trigger), except `held`, the cents that live refunds hold.

    gateway_id: the gateway's id of a card payment. card_brand, card_last4: of its card, as the gateway calls them, so
    that the buyer knows which one; "" if the gateway does not say. check_number, received_on: of a check that staff
    recorded.
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
    card_brand = brand_column()
    card_last4 = last4_column()
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

    def __str__(self) -> str:
        return f"{self.captured} for {self.order_id}"

    @property
    def refundable(self) -> int:
        """Cents that no refund holds yet."""
        return self.captured - self.held
