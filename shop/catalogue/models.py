"""Products, prices and stock. All money is whole cents; only triggers move the counters of stock."""

from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.languages import local
from fusus_portal.ground.rows import RandomIdRow, Recorded
from integration.cores.models import CoreModel
from shop.rules import ALL_BASIS_POINTS, HIGHEST_PRICE, MOST_OF_ONE

LONGEST_NAME = 80
LONGEST_TEXT = 2000
LONGEST_FACT = 300
FACTS = ("box", "power", "network", "works_with", "delivery", "warranty")
"""Facts that buyers ask for before they buy. Each is a column of Product, with a second one in Spanish (_es)."""

FACT_COLUMNS = tuple(column for fact in FACTS for column in (fact, f"{fact}_es"))
DETAILS = ("name", "name_es", "tax_code", "text", "text_es", *FACT_COLUMNS, "first_year_included", "core_model")
"""Columns of a product that an administrator writes. core_model: None for any product but a CORE."""


class ProductKind(models.TextChoices):
    CORE = "core", _("CORE")
    SERVICE = "service", _("Service")
    ACCESSORY = "accessory", _("Accessory")


def _in_both(fact: str) -> models.CheckConstraint:
    said = Q(**{fact: "", f"{fact}_es": ""}) | (~Q(**{fact: ""}) & ~Q(**{f"{fact}_es": ""}))
    return models.CheckConstraint(name=f"product_{fact}_in_both_languages", condition=said)


_fact: Any = partial(models.CharField, max_length=LONGEST_FACT, blank=True)

SHIPPED = (ProductKind.CORE, ProductKind.ACCESSORY)
"""Kinds of products that are kept in stock, counted and shipped."""


class ProductQuerySet(models.QuerySet["Product"]):
    def offered(self) -> "ProductQuerySet":
        return self.filter(retired_at__isnull=True)


class Product(Recorded):
    """A product. Its facts (`FACTS`) are written in both languages, or not at all.

    core_model: the kind of CORE that is shipped for it. first_year_included: its price covers the first year's fee.
    tax_code: selects its tax rates. retired_at: since when it is not sold any more; orders keep it.
    """

    subject_kind = "product"

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ProductKind)
    name = models.CharField(_("name"), max_length=LONGEST_NAME, unique=True)
    name_es = models.CharField(_("name in Spanish"), max_length=LONGEST_NAME)
    text = models.TextField(_("description"), max_length=LONGEST_TEXT, blank=True)
    text_es = models.TextField(_("description in Spanish"), max_length=LONGEST_TEXT, blank=True)
    core_model = models.ForeignKey(
        CoreModel, on_delete=models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("CORE")
    )
    box = _fact()
    box_es = _fact()
    power = _fact()
    power_es = _fact()
    network = _fact()
    network_es = _fact()
    works_with = _fact()
    works_with_es = _fact()
    delivery = _fact()
    delivery_es = _fact()
    warranty = _fact()
    warranty_es = _fact()
    first_year_included = models.BooleanField(_("the price includes the first year's fee"), default=False)
    tax_code = models.CharField(_("tax code"), max_length=40)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="product_kind_in_list", condition=Q(kind__in=ProductKind.values)),
            models.CheckConstraint(
                name="product_has_names", condition=~Q(name="") & ~Q(name_es="") & ~Q(slug="") & ~Q(tax_code="")
            ),
            models.CheckConstraint(
                name="product_core_has_model",
                condition=Q(kind=ProductKind.CORE, core_model__isnull=False)
                | (~Q(kind=ProductKind.CORE) & Q(core_model__isnull=True)),
            ),
            *map(_in_both, FACTS),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shipped(self) -> bool:
        return self.kind in SHIPPED

    @property
    def free(self) -> int | None:
        """Pieces that may be sold now, None for a product without stock. No query if `stock` was loaded with it."""
        if not self.is_shipped:
            return None
        return self.stock.free if hasattr(self, "stock") else 0

    @property
    def local_name(self) -> str:
        return local(self.name, self.name_es)

    @property
    def local_text(self) -> str:
        return local(self.text, self.text_es)

    def local_fact(self, fact: str) -> str:
        return local(getattr(self, fact), getattr(self, f"{fact}_es"))


class Price(RandomIdRow):
    """The price of a product from a moment on, in cents. The newest that has begun counts. Never edited (trigger)."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    cents = models.BigIntegerField()
    yearly_fee = models.BigIntegerField(default=0)
    starts_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="price_above_zero", condition=Q(cents__gt=0, cents__lte=HIGHEST_PRICE)),
            models.CheckConstraint(name="price_fee", condition=Q(yearly_fee__gte=0, yearly_fee__lte=HIGHEST_PRICE)),
            models.CheckConstraint(name="price_not_before_set", condition=Q(starts_at__gte=F("set_at"))),
            models.UniqueConstraint(fields=["product", "starts_at"], name="price_one_from_a_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.cents} from {self.starts_at:%Y-%m-%d}"


class Discount(Recorded):
    """A discount for a number of pieces of one product in one order. Of those that fit, the largest counts."""

    subject_kind = "discount"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="discounts")
    from_quantity = models.PositiveSmallIntegerField(_("smallest quantity"))
    basis_points = models.PositiveSmallIntegerField(_("hundredths of a percent"))
    starts_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="discount_quantity", condition=Q(from_quantity__gte=1, from_quantity__lte=MOST_OF_ONE)
            ),
            models.CheckConstraint(
                name="discount_never_all", condition=Q(basis_points__gt=0, basis_points__lt=ALL_BASIS_POINTS)
            ),
            models.UniqueConstraint(
                fields=["product", "from_quantity"], name="discount_once", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.basis_points} from {self.from_quantity}"


class ProductPicture(RandomIdRow):
    """A picture of a product, re-encoded in each size. key: of its files (`shop.catalogue.files`)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80, unique=True, editable=False)
    alternative = models.CharField(_("what it shows"), max_length=160)
    alternative_es = models.CharField(_("what it shows, in Spanish"), max_length=160)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="product_picture_is_described", condition=~Q(alternative="") & ~Q(alternative_es="")
            ),
            models.UniqueConstraint(fields=["product", "position"], name="product_picture_one_at_a_place"),
        ]

    def __str__(self) -> str:
        return self.alternative

    @property
    def local_alternative(self) -> str:
        return local(self.alternative, self.alternative_es)


class Stock(models.Model):
    """The stock of a product. on_hand: sum of its movements. reserved: pieces that live reservations still hold."""

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
        return self.on_hand - self.reserved


class MovementKind(models.TextChoices):
    RECEIVED = "received", _("Received")
    CORRECTED = "corrected", _("Counted anew")
    SHIPPED = "shipped", _("Shipped")
    RETURNED = "returned", _("Returned to stock")
    SCRAPPED = "scrapped", _("Scrapped")


class StockMovement(RandomIdRow):
    """A change of the stock on hand. Never edited (trigger).

    order: the order for which a CORE or piece was shipped, or from which it came back. core: the CORE that came back,
    or was shipped as a replacement under warranty.
    """

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind)
    change = models.IntegerField(_("change"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    order = models.ForeignKey("shop.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="movements")
    core = models.ForeignKey(
        "integration.Core", on_delete=models.PROTECT, null=True, blank=True, related_name="stock_movements"
    )
    staff = staff_key()
    moved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="stock_movement_kind_in_list", condition=Q(kind__in=MovementKind.values)),
            models.CheckConstraint(name="stock_movement_moves", condition=~Q(change=0)),
        ]

    def __str__(self) -> str:
        return f"{self.change:+}"


class Reservation(Recorded):
    """Stock reserved for an order until released_at: `quantity` less the pieces `taken`, which were shipped."""

    subject_kind = "reservation"

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
    def left(self) -> int:
        return self.quantity - self.taken
