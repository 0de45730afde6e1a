from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.rows import RandomIdRow
from shop.catalogue.models import Product
from shop.rules import MOST_OF_ONE


class Cart(RandomIdRow):
    """A cart of a browser, or of an account. browser: SHA-256 of a random key in the session, or ""."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="cart"
    )
    browser = models.CharField(max_length=64, blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="cart_is_somebodys",
                condition=(Q(user__isnull=True) & ~Q(browser="")) | Q(user__isnull=False, browser=""),
            ),
            models.UniqueConstraint(fields=["browser"], name="cart_once", condition=~Q(browser="")),
        ]
        indexes: ClassVar = [models.Index(fields=["changed_at"], name="cart_changed")]

    def __str__(self) -> str:
        return str(self.pk)


class CartLine(models.Model):
    """A product in a cart. seen_cents, seen_fee: the price of one piece that its visitor last saw and accepted."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    seen_cents = models.BigIntegerField()
    seen_fee = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="cart_line_quantity", condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE)),
            models.CheckConstraint(name="cart_line_seen", condition=Q(seen_cents__gt=0)),
            models.CheckConstraint(name="cart_line_seen_fee", condition=Q(seen_fee__gte=0)),
            models.UniqueConstraint(fields=["cart", "product"], name="cart_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_id}"
