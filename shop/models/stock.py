"""What lies on the shelf, and what of it waits for whom. Both counters are kept by triggers, and by nothing else."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actors import Subject
from shop.models.catalogue import Product


class Stock(models.Model):
    """What there is of a product that is shipped.

    on_hand: the sum of its movements. reserved: the sum of what its reservations still hold.
    """

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="stock")
    on_hand = models.IntegerField(default=0, editable=False)
    reserved = models.IntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="stock_reserved_is_there", condition=Q(reserved__gte=0, reserved__lte=F("on_hand"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand - self.reserved} of {self.product_id}"

    @property
    def free(self) -> int:
        """How many may be sold now."""
        return self.on_hand - self.reserved


class MovementKind(models.TextChoices):
    """Why there is more or less of something."""

    RECEIVED = "received", _("Received")
    CORRECTED = "corrected", _("Counted anew")
    SHIPPED = "shipped", _("Shipped")
    RETURNED = "returned", _("Returned to stock")
    SCRAPPED = "scrapped", _("Scrapped")


class StockMovement(models.Model):
    """A change of what is on hand. Never edited (trigger).

    order: what it was shipped for, or came back from. core: the one device that came back, or went out under warranty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind)
    change = models.IntegerField(_("how many more or fewer"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    order = models.ForeignKey("shop.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="movements")
    core = models.ForeignKey(
        "integration.Core", on_delete=models.PROTECT, null=True, blank=True, related_name="stock_movements"
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    moved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="stock_movement_kind_in_list", condition=Q(kind__in=MovementKind.values)),
            models.CheckConstraint(name="stock_movement_moves", condition=~Q(change=0)),
        ]

    def __str__(self) -> str:
        return f"{self.change:+}"


class Reservation(models.Model):
    """Stock that waits for an order. It holds `quantity` less `taken`, until it is released.

    taken: how many of it were shipped. released_at: what it held may be sold to others again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey("shop.Order", on_delete=models.PROTECT, related_name="reservations")
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    reserved_at = models.DateTimeField(default=timezone.now, editable=False)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="reservation_holds", condition=Q(quantity__gt=0, taken__lte=F("quantity"))),
            models.UniqueConstraint(
                fields=["order", "stock"], name="reservation_once", condition=Q(released_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.order_id}"

    @property
    def subject(self) -> Subject:
        """The row as the ledger and refusals name it."""
        return Subject("reservation", str(self.pk))
