"""Parcels and their contents. A CORE is in one parcel at most, and no piece is shipped twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import RandomIdRow, Recorded, Stepped, both_or_none
from integration.cores.models import Core
from shop.orders.models.orders import Order, OrderLine
from shop.parcels.states import SHIPMENT, ShipmentState
from shop.rules import MOST_OF_ONE


def parcel_number() -> str:
    return fresh("P")


class Carrier(models.TextChoices):
    USPS = "usps", "USPS"
    UPS = "ups", "UPS"
    FEDEX = "fedex", "FedEx"
    OFFICE = "office", _("The office itself")


class Box(models.TextChoices):
    ENVELOPE = "envelope", _("Padded envelope")
    SMALL = "small", _("Small box")
    MEDIUM = "medium", _("Medium box")
    LARGE = "large", _("Large box")


class Shipment(Stepped):
    """One parcel of an order. tracking: "" if the office delivers it. handed_over_at: when the carrier got it.

    box: "" if nobody said.
    """

    subject_kind = "shipment"
    lifecycle = SHIPMENT
    step_columns = ("order_id", "number")

    number = models.CharField(max_length=16, unique=True, default=parcel_number, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    state = models.CharField(max_length=12, choices=ShipmentState, default=ShipmentState.PACKING, editable=False)
    carrier = models.CharField(_("carrier"), max_length=10, choices=Carrier, blank=True)
    box = models.CharField(_("box"), max_length=10, choices=Box, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=40, blank=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    labelled_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = staff_key()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="shipment_state_in_list", condition=Q(state__in=ShipmentState.values)),
            models.CheckConstraint(name="shipment_carrier_in_list", condition=Q(carrier__in=["", *Carrier.values])),
            models.CheckConstraint(name="shipment_box_in_list", condition=Q(box__in=["", *Box.values])),
            both_or_none("shipment_handed_over_pair", "handed_over_by", "handed_over_at"),
            models.CheckConstraint(
                name="shipment_on_its_way",
                condition=Q(state__in=[ShipmentState.PACKING, ShipmentState.DROPPED], handed_over_at__isnull=True)
                | Q(state=ShipmentState.LABELLED, labelled_at__isnull=False, handed_over_at__isnull=True)
                | (
                    Q(state__in=[ShipmentState.HANDED_OVER, ShipmentState.DELIVERED, ShipmentState.LOST])
                    & Q(labelled_at__isnull=False, handed_over_at__isnull=False)
                    & ~Q(carrier="")
                ),
            ),
            models.CheckConstraint(
                name="shipment_has_tracking",
                condition=Q(carrier__in=["", Carrier.OFFICE]) | ~Q(tracking=""),
            ),
            models.UniqueConstraint(
                fields=["order"], name="shipment_one_is_packed", condition=Q(state=ShipmentState.PACKING)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "begun_at"], name="shipment_by_state")]

    def __str__(self) -> str:
        return self.number


class ShipmentItem(RandomIdRow):
    """Pieces of an order's line in a parcel. Each CORE has a row of its own.

    void_at: when the pieces were taken out, lost or unpacked, so that they are owed again. back_at: when a CORE that
    came back was released for other parcels.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="items")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="items")
    core = models.ForeignKey(Core, on_delete=models.PROTECT, null=True, blank=True, related_name="shipment_items")
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    packed_at = models.DateTimeField(default=timezone.now, editable=False)
    void_at = models.DateTimeField(null=True, blank=True)
    back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="shipment_item_quantity",
                condition=Q(core__isnull=True, quantity__gte=1, quantity__lte=MOST_OF_ONE)
                | Q(core__isnull=False, quantity=1),
            ),
            models.UniqueConstraint(
                fields=["core"],
                name="shipment_serial_once",
                condition=Q(core__isnull=False, void_at__isnull=True, back_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["shipment", "line"],
                name="shipment_line_once",
                condition=Q(core__isnull=True, void_at__isnull=True),
            ),
        ]


class ShippingDelay(Recorded):
    """A question to the buyer of a delayed order, and the answer (16 CFR 435.2(b)).

    sent_by_then: the day promised now. agreed_at: when the buyer agreed to wait, instead of canceling the order.
    """

    subject_kind = "shipping_delay"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="delays")
    sent_by_then = models.DateField(_("sent by"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], name="shipping_delay_one_open", condition=Q(agreed_at__isnull=True)
            ),
        ]
