"""Products, prices and stock. All money is whole cents; triggers alone move the counters of stock."""

from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.languages import local
from fusus_portal.ground.rows import RandomIdRow, Recorded
from integration.cores.models import CoreModel
from shop.rules import ALL_BASIS_POINTS, HIGHEST_PRICE, MOST_OF_ONE

LONGEST_NAME = 80
LONGEST_TEXT = 2000
LONGEST_FACT = 300
FACTS = ("box", "power", "network", "works_with", "delivery", "warranty")
"""What buyers ask before they buy, each a column, and one of the same name with _es."""


class ProductKind(models.TextChoices):
    """What kind of thing a product is."""

    CORE = "core", _("CORE")
    SERVICE = "service", _("Service")
    ACCESSORY = "accessory", _("Accessory")


def _in_both(fact: str) -> models.CheckConstraint:
    said = Q(**{fact: "", f"{fact}_es": ""}) | (~Q(**{fact: ""}) & ~Q(**{f"{fact}_es": ""}))
    return models.CheckConstraint(name=f"product_{fact}_in_both_languages", condition=said)


_fact: Any = partial(models.CharField, max_length=LONGEST_FACT, blank=True)

SHIPPED = (ProductKind.CORE, ProductKind.ACCESSORY)
"""Kept in stock, counted, and sent."""


class ProductQuerySet(models.QuerySet["Product"]):
    """Products, with and without retired ones."""

    def offered(self) -> "ProductQuerySet":
        """Return what is in the shop now."""
        return self.filter(retired_at__isnull=True)


class Product(Recorded):
    """Something that is sold. Its facts (`FACTS`) are written in both languages, or not at all.

    core_model: which COREs are sent for it. first_year_included: its price covers the first year's fee.
    tax_code: which rates count for it. retired_at: no longer sold since then; orders keep it.
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
        """Whether it is kept in stock, counted, and sent."""
        return self.kind in SHIPPED

    @property
    def free(self) -> int | None:
        """How many may be sold now, None for what is not kept in stock. No query for a product read with its stock."""
        if not self.is_shipped:
            return None
        return self.stock.free if hasattr(self, "stock") else 0

    @property
    def local_name(self) -> str:
        """The name in the language of the page."""
        return local(self.name, self.name_es)

    @property
    def local_text(self) -> str:
        """The description in the language of the page."""
        return local(self.text, self.text_es)

    def local_fact(self, fact: str) -> str:
        """Return one of the facts in the language of the page, "" where it is not written."""
        return local(getattr(self, fact), getattr(self, f"{fact}_es"))


class Price(RandomIdRow):
    """What one piece costs from a moment on. The newest that has begun counts. Never edited (trigger).

    cents: of one piece. yearly_fee: of one piece for a year, 0 for none.
    """

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
    """The discount for a number of pieces of one product in one order. The largest that fits counts."""

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
        """What it shows, in the language of the page."""
        return local(self.alternative, self.alternative_es)


class Stock(models.Model):
    """The stock of a product that is shipped.

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


class StockMovement(RandomIdRow):
    """A change of what is on hand. Never edited (trigger).

    order: what it was shipped for, or came back from. core: the one device that came back, or went out under warranty.
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
    """Stock that waits for an order. It holds `quantity` less `taken`, until it is released.

    taken: how many of them were shipped. released_at: from then on others may buy what it held.
    """

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
