"""Subscriptions, their paid terms, which never overlap (exclusion constraint), and the card for later years."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fusus_portal.ground.rows import Recorded, Stepped, both_or_none
from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.connections.states import SUBSCRIPTION, SubscriptionState
from shop.orders.models.orders import Order, OrderLine
from shop.parcels.models import ShipmentItem
from shop.payments.models import LONGEST_BRAND, card_column, card_known


class CardOnFile(models.Model):
    """A business's card at the payment service. customer, method: its ids there; the portal has no number and no name.

    card_brand, card_last4: "" if the service does not report them. saved_at: when the page was opened on which the card
    was entered; a card entered earlier never replaces a later one. brought_by: the order that was paid with the card
    and whose buyer ticked to save it, None for a card saved on a page of its own.
    """

    registrant = models.OneToOneField(Registrant, on_delete=models.CASCADE, related_name="card_on_file")
    customer = models.CharField(max_length=255)
    method = models.CharField(max_length=255)
    card_brand = card_column(max_length=LONGEST_BRAND)
    card_last4 = card_column(max_length=4)
    saved_at = models.DateTimeField(default=timezone.now)
    brought_by = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="card_on_file_names", condition=~Q(customer="") & ~Q(method="")),
            models.CheckConstraint(name="card_on_file_card", condition=card_known()),
        ]

    def __str__(self) -> str:
        return f"card of {self.registrant_id}"


class CardUse(models.Model):
    """Consent to charge a card for the later years of an order (trigger). said: its exact words (15 USC 8403)."""

    card = models.ForeignKey(CardOnFile, on_delete=models.CASCADE, related_name="uses")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="card_uses")
    said = models.TextField()
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["card", "order"], name="card_use_once"),
            models.CheckConstraint(name="card_use_said", condition=~Q(said="")),
        ]

    def __str__(self) -> str:
        return f"{self.card} for {self.order_id}"


class CardChange(Recorded):
    """An attempt to save another card on a page of the payment service, which gets the row's id as idempotency key.

    session_id, url: of that page, "" until it exists. settled_at: when its result was known. saved: a card was saved.
    """

    subject_kind = "card_change"

    registrant = models.ForeignKey(Registrant, on_delete=models.CASCADE, related_name="card_changes")
    session_id = models.CharField(max_length=255, blank=True)
    url = models.TextField(blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    saved = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session_id"], name="card_change_once", condition=~Q(session_id="")),
            both_or_none("card_change_settled_pair", "settled_at", "saved"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["begun_at"], name="card_change_open", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


OWING = [SubscriptionState.LAPSED, SubscriptionState.PAST_DUE]
"""States in which a year has begun that is not paid."""


class Subscription(Stepped):
    """The connection of a CORE that a business bought. Its id is a number for the exclusion constraint of its terms.

    item: the CORE as it was shipped. line, position: the line of the order, and which piece of it. ends_on: the day on
    which a canceled connection ends. past_due_on: since when a begun year is unpaid, None if all are paid. stopped: the
    portal stopped the CORE for an unpaid year; a payment restarts it.
    """

    subject_kind = "subscription"
    lifecycle = SUBSCRIPTION
    step_columns = ("core_id",)

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    item = models.OneToOneField(ShipmentItem, on_delete=models.PROTECT, related_name="subscription")
    core = models.ForeignKey(Core, on_delete=models.PROTECT, related_name="subscriptions")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="subscriptions")
    registrant = models.ForeignKey(
        Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="subscriptions"
    )
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=SubscriptionState, default=SubscriptionState.ACTIVE, editable=False)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_on = models.DateField(null=True, blank=True)
    past_due_on = models.DateField(null=True, blank=True, editable=False)
    stopped = models.BooleanField(default=False, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="subscription_state_in_list", condition=Q(state__in=SubscriptionState.values)),
            models.CheckConstraint(
                name="subscription_end_is_said",
                condition=Q(state=SubscriptionState.ACTIVE, ends_on__isnull=True, ended_at__isnull=True)
                | Q(state=SubscriptionState.CANCEL_SCHEDULED, ends_on__isnull=False, ended_at__isnull=True)
                | Q(state__in=OWING, ends_on__isnull=True, ended_at__isnull=True)
                | Q(state=SubscriptionState.ENDED, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="subscription_owes_since",
                condition=Q(state__in=OWING, past_due_on__isnull=False)
                | (~Q(state__in=OWING) & Q(past_due_on__isnull=True, stopped=False)),
            ),
            models.UniqueConstraint(fields=["line", "position"], name="subscription_piece_once"),
            models.UniqueConstraint(
                fields=["core"], name="subscription_core_once", condition=~Q(state=SubscriptionState.ENDED)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_on"], name="subscription_ending", condition=Q(state=SubscriptionState.CANCEL_SCHEDULED)
            ),
            models.Index(fields=["past_due_on"], name="subscription_owing", condition=Q(state__in=OWING)),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Term(models.Model):
    """A paid year of a connection. ends_on: the day after the year's last day. line: of the order that paid for it.

    fee: cents paid for it, tax included. refunded: cents of that fee that went back. Days and fee never change
    (trigger). void_at: when a year paid ahead was refunded in full before it began, so that it no longer counts.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="terms")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="terms")
    starts_on = models.DateField()
    ends_on = models.DateField()
    fee = models.BigIntegerField()
    refunded = models.BigIntegerField(default=0)
    void_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="term_days", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(name="term_fee", condition=Q(fee__gte=0, refunded__gte=0, refunded__lte=F("fee"))),
            models.UniqueConstraint(fields=["subscription", "line"], name="term_paid_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on}"
