"""Orders, their lines and purchase orders, carts, tax rates and certificates."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.languages import local
from fusus_portal.ground.numbers import fresh
from fusus_portal.ground.rows import RandomIdRow, Recorded, Stepped, both_or_none
from registry.registrants.models import Registrant
from shop.catalogue.models import LONGEST_NAME, Product, ProductKind
from shop.orders.states import ORDER, WAITING, OrderState
from shop.rules import HIGHEST_TAX, MOST_OF_ONE

STATE = r"^[A-Z]{2}$"
ZIP_PREFIX = r"^\d{0,5}$"


class TaxRate(Recorded):
    """The sales tax of a tax code in a state, or for ZIP codes that begin with some digits, for a time.

    zip_prefix: "" for the whole state; the longest that fits counts. ends_on: the first day without the rate. Rates of
    one place and tax code never overlap: an exclusion constraint of the migration prevents it.
    """

    subject_kind = "tax_rate"

    state_code = models.CharField(_("state"), max_length=2)
    zip_prefix = models.CharField(_("ZIP codes that begin with"), max_length=5, blank=True)
    tax_code = models.CharField(_("tax code"), max_length=40)
    basis_points = models.PositiveSmallIntegerField(_("hundredths of a percent"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("ends before"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="tax_rate_state", condition=Q(state_code__regex=STATE)),
            models.CheckConstraint(name="tax_rate_zip_prefix", condition=Q(zip_prefix__regex=ZIP_PREFIX)),
            models.CheckConstraint(name="tax_rate_code", condition=~Q(tax_code="")),
            models.CheckConstraint(name="tax_rate_height", condition=Q(basis_points__lte=HIGHEST_TAX)),
            models.CheckConstraint(
                name="tax_rate_ends_later", condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_code} {self.zip_prefix} {self.basis_points}"


class ExemptionCertificate(Recorded):
    """A certificate by which a business pays no sales tax in a state. It counts once approved, through valid_until.

    registrant: None once the business left. party: its name, copied. paper: key of the scan (`shop.catalogue.files`).
    """

    subject_kind = "exemption"

    registrant = models.ForeignKey(
        Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="exemptions"
    )
    party = models.CharField(_("business"), max_length=120)
    state_code = models.CharField(_("state"), max_length=2)
    number = models.CharField(_("number of the certificate"), max_length=40)
    valid_until = models.DateField(_("valid until"))
    paper = models.CharField(max_length=80, unique=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = staff_key()
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = staff_key()
    declined_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="exemption_state", condition=Q(state_code__regex=STATE)),
            models.CheckConstraint(name="exemption_names", condition=~Q(party="") & ~Q(number="") & ~Q(paper="")),
            both_or_none("exemption_approved_pair", "approved_by", "approved_at"),
            both_or_none("exemption_declined_pair", "declined_by", "declined_at"),
            models.CheckConstraint(
                name="exemption_decided_once", condition=Q(approved_at__isnull=True) | Q(declined_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["sent_at"],
                name="exemption_to_decide",
                condition=Q(approved_at__isnull=True, declined_at__isnull=True),
            )
        ]


ZIP_CODE = r"^\d{5}(-\d{4})?$"
NUMBER_ONCE = "purchase_order_number_once"
RENEWAL_STATES = (OrderState.DRAFT, *WAITING, OrderState.COMPLETED, OrderState.EXPIRED, OrderState.CANCELLED)
"""States that the order of a further year can have: nothing is shipped for one."""


def order_number() -> str:
    return fresh("O")


class PayMethod(models.TextChoices):
    CARD = "card", _("Card")
    PURCHASE_ORDER = "purchase_order", _("Purchase order")
    CHARGE = "charge", _("Bill for an old CORE")


ON_ACCOUNT = (PayMethod.PURCHASE_ORDER, PayMethod.CHARGE)
"""Methods by which a buyer pays an invoice later, by check."""


class Order(Stepped):
    """An order. A placed order never changes.

    registrant: the business, None once it has left; party and the addresses are copied, since the books outlive it.
    goods: the sum of the lines without discount and tax. total: goods - discount + tax, in cents. reserved_until: when
    its reservation lapses unless it is paid. exemption: the certificate, if no tax is taken. consent: the sentence
    about the yearly fee that the buyer agreed to, word for word (15 USC 8403). renews, year_from: the connection whose
    further year the order pays, and the first day of that year; None for goods. reminded_at: when the buyer got the
    second notice of that year.
    """

    subject_kind = "order"
    lifecycle = ORDER
    step_columns = ("total",)

    number = models.CharField(max_length=16, unique=True, default=order_number, editable=False)
    registrant = models.ForeignKey(Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders")
    party = models.CharField(_("business"), max_length=120)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=20, choices=OrderState, default=OrderState.DRAFT, editable=False)
    method = models.CharField(max_length=20, choices=PayMethod, blank=True, editable=False)
    bill_street = models.CharField(_("street"), max_length=120)
    bill_city = models.CharField(_("city"), max_length=60)
    bill_state = models.CharField(_("state"), max_length=2)
    bill_zip = models.CharField(_("ZIP code"), max_length=10)
    ship_name = models.CharField(_("recipient"), max_length=120)
    ship_street = models.CharField(_("street"), max_length=120)
    ship_city = models.CharField(_("city"), max_length=60)
    ship_state = models.CharField(_("state"), max_length=2)
    ship_zip = models.CharField(_("ZIP code"), max_length=10)
    exemption = models.ForeignKey(ExemptionCertificate, on_delete=models.PROTECT, null=True, blank=True)
    goods = models.BigIntegerField()
    discount = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    consent = models.CharField(max_length=400, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    drafted_at = models.DateTimeField(default=timezone.now, editable=False)
    placed_at = models.DateTimeField(null=True, blank=True)
    reserved_until = models.DateTimeField(null=True, blank=True)
    bought_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    renews = models.ForeignKey(
        "shop.Subscription", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals", editable=False
    )
    year_from = models.DateField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="order_state_in_list", condition=Q(state__in=OrderState.values)),
            models.CheckConstraint(
                name="order_total",
                condition=Q(total=F("goods") - F("discount") + F("tax"), total__gt=0, goods__gt=0, tax__gte=0)
                & Q(discount__gte=0, discount__lt=F("goods")),
            ),
            models.CheckConstraint(
                name="order_placed_has_method",
                condition=Q(state=OrderState.DRAFT, placed_at__isnull=True, method__in=["", PayMethod.CHARGE])
                | (~Q(state=OrderState.DRAFT) & Q(placed_at__isnull=False, method__in=PayMethod.values)),
            ),
            models.CheckConstraint(
                name="order_addresses",
                condition=Q(bill_state__regex=STATE, ship_state__regex=STATE)
                & Q(bill_zip__regex=ZIP_CODE, ship_zip__regex=ZIP_CODE)
                & ~Q(party="")
                & ~Q(bill_street="")
                & ~Q(ship_street=""),
            ),
            models.CheckConstraint(
                name="order_consent_pair",
                condition=Q(consent="", consent_at__isnull=True) | (~Q(consent="") & Q(consent_at__isnull=False)),
            ),
            # A year or a bill is a draft only for a moment, while its line is written; no buyer puts it together.
            models.UniqueConstraint(
                fields=["registrant"],
                name="order_one_draft",
                condition=Q(method="", renews__isnull=True, state=OrderState.DRAFT),
            ),
            both_or_none("order_renews_pair", "renews", "year_from"),
            models.CheckConstraint(
                name="order_renewal_has_no_parcel",
                condition=Q(renews__isnull=True) | Q(state__in=sorted(RENEWAL_STATES)),
            ),
            models.UniqueConstraint(
                fields=["renews"],
                name="order_one_waiting_year",
                condition=Q(renews__isnull=False, state__in=sorted(WAITING)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["registrant", "-drafted_at"], name="order_of_registrant"),
            models.Index(fields=["state", "drafted_at"], name="order_by_state"),
            models.Index(fields=["-placed_at", "-id"], name="order_by_day"),
            models.Index(
                fields=["reserved_until"], name="order_lapsing", condition=Q(state=OrderState.AWAITING_PAYMENT)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_bill(self) -> bool:
        """True if the order bills an old CORE that did not come back: the business ordered nothing."""
        return self.method == PayMethod.CHARGE

    @property
    def bill_to(self) -> Address:
        return Address(self.bill_street, self.bill_city, self.bill_state, self.bill_zip)

    @property
    def ship_to(self) -> Address:
        return Address(self.ship_street, self.ship_city, self.ship_state, self.ship_zip)


class OrderLine(RandomIdRow):
    """One product of an order, with names and amounts as they were.

    unit_cents: of one piece. first_fee: the first year's fee of one piece if it is charged on top, else 0. yearly_fee:
    of one piece for each later year. fee_included: the first year's fee is in unit_cents. net: (unit_cents + first_fee)
    * quantity - discount. tax: of net, half a cent up. total: net + tax. held: cents of the total in live refunds
    (LIVE_REFUNDS), or off the invoice (`CreditLine`). refunded: pieces whose money staff gave back, so that they don't
    ship, or not again; also while the refund waits, and once it has failed. Triggers keep both.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ProductKind)
    name = models.CharField(max_length=LONGEST_NAME)
    name_es = models.CharField(max_length=LONGEST_NAME)
    quantity = models.PositiveSmallIntegerField()
    unit_cents = models.BigIntegerField()
    first_fee = models.BigIntegerField()
    yearly_fee = models.BigIntegerField()
    fee_included = models.BooleanField()
    discount = models.BigIntegerField()
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="+")
    tax_basis_points = models.PositiveSmallIntegerField()
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    total = models.BigIntegerField()
    held = models.BigIntegerField(default=0, editable=False)
    refunded = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="order_line_kind_in_list", condition=Q(kind__in=ProductKind.values)),
            models.CheckConstraint(name="order_line_quantity", condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE)),
            models.CheckConstraint(
                name="order_line_amounts",
                condition=Q(first_fee__gte=0, yearly_fee__gte=0, discount__gte=0, net__gt=0)
                & Q(net=F("quantity") * (F("unit_cents") + F("first_fee")) - F("discount")),
            ),
            models.CheckConstraint(
                name="order_line_tax",
                condition=Q(tax=(F("net") * F("tax_basis_points") + 5000) / 10000, total=F("net") + F("tax")),
            ),
            models.CheckConstraint(name="order_line_unit", condition=Q(unit_cents__gt=0)),
            models.CheckConstraint(name="order_line_held", condition=Q(held__gte=0, held__lte=F("total"))),
            models.CheckConstraint(name="order_line_refunded", condition=Q(refunded__lte=F("quantity"))),
            models.UniqueConstraint(fields=["order", "product"], name="order_line_once"),
        ]

    @property
    def local_name(self) -> str:
        return local(self.name, self.name_es)

    @property
    def wanted(self) -> int:
        """Pieces that are not refunded."""
        return self.quantity - self.refunded


class PurchaseOrder(Recorded):
    """The purchase order of a school, church or public body, by which an order is bought.

    number: used once by each business. limit: cents that it allows. total: that of the order, copied, so that the
    database holds it to the limit. paper: key of the scan (`shop.catalogue.files`).
    """

    subject_kind = "purchase_order"

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="purchase_order")
    registrant = models.ForeignKey(
        Registrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="purchase_orders"
    )
    number = models.CharField(_("number of the purchase order"), max_length=40)
    limit = models.BigIntegerField(_("limit"))
    total = models.BigIntegerField()
    paper = models.CharField(max_length=80, unique=True, editable=False)
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = staff_key()
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = staff_key()
    declined_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="purchase_order_within_limit", condition=Q(total__gt=0, total__lte=F("limit"))),
            models.CheckConstraint(name="purchase_order_names", condition=~Q(number="") & ~Q(paper="")),
            both_or_none("purchase_order_approved_pair", "approved_by", "approved_at"),
            both_or_none("purchase_order_declined_pair", "declined_by", "declined_at"),
            models.CheckConstraint(
                name="purchase_order_decided_once", condition=Q(approved_at__isnull=True) | Q(declined_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["registrant", "number"],
                name=NUMBER_ONCE,
                condition=Q(declined_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Cart(RandomIdRow):
    """A cart of a browser or an account. browser: SHA-256 of a random key in the session, or "" for an account."""

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


class CartLine(models.Model):
    """A product in a cart. seen_cents, seen_fee: price and yearly fee of a piece as the visitor last accepted them."""

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

    @property
    def kind(self) -> str:
        return self.product.kind


class TaskKind(models.TextChoices):
    PAYMENT_DOUBT = "payment_doubt", _("A payment is not what was asked for")
    PAID_TWICE = "paid_twice", _("An order was paid twice and one payment goes back")
    PAID_LATE = "paid_late", _("An order was paid when nothing was left, and the payment goes back")
    REFUND_FAILED = "refund_failed", _("A refund failed")
    REFUND_EXTERNAL = "refund_external", _("A refund was made outside the portal")
    RENEWAL_STUCK = "renewal_stuck", _("The next year of a CORE can't be announced")
    UNKNOWN_OBJECT = "unknown_object", _("The payment service told of something that is not in the books")
    DIFFERENCE = "difference", _("The books and the payment service differ")
    INVOICE_OVERDUE = "invoice_overdue", _("An invoice was not paid a month after its day")
    OLD_UNIT_LATE = "old_unit_late", _("An old CORE did not come back in time")


class ShopTask(Recorded):
    """A task for staff. about: the id of its subject. At most one task of a kind is open for one subject."""

    subject_kind = "shop_task"

    kind = models.CharField(max_length=20, choices=TaskKind)
    about = models.CharField(max_length=255)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    facts: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    done_by = staff_key()
    done_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("what was done"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="shop_task_kind_in_list", condition=Q(kind__in=TaskKind.values)),
            both_or_none("shop_task_done_pair", "done_by", "done_at"),
            models.UniqueConstraint(fields=["kind", "about"], name="shop_task_once", condition=Q(done_at__isnull=True)),
        ]
