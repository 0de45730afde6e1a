"""Carts and quotes: the cost of products by the prices, discounts and taxes of a moment, to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.registrants.models import Registrant
from shop.catalogue.models import Price, Product
from shop.catalogue.money import dollars, percent
from shop.catalogue.selectors import best_discount, discounts_at, prices_at
from shop.orders.models.orders import Cart, CartLine, ExemptionCertificate, Order, OrderLine, TaxRate
from shop.orders.policies import check_zip


@dataclass(frozen=True, slots=True)
class CartRow:
    """A line of a cart with its current price. price: None if it is not sold now. off: discount in basis points."""

    line: CartLine
    price: Price | None
    off: int

    @property
    def is_sold(self) -> bool:
        return self.price is not None and self.line.product.retired_at is None

    @property
    def has_changed(self) -> bool:
        seen = (self.line.seen_cents, self.line.seen_fee)
        return self.price is not None and (self.price.cents, self.price.yearly_fee) != seen

    @property
    def cents(self) -> int:
        """The cost of the line now, in cents, without discount, fee and tax."""
        return self.price.cents * self.line.quantity if self.price else 0

    @property
    def first_fees(self) -> int:
        """The first year's fees of the line that are charged on top of the price, in cents."""
        if self.price is None or self.line.product.first_year_included:
            return 0
        return self.price.yearly_fee * self.line.quantity

    @property
    def discount(self) -> int:
        return percent(self.cents, self.off)

    @property
    def is_short(self) -> bool:
        free = self.line.product.free
        return free is not None and self.line.quantity > free

    @property
    def needs_look(self) -> bool:
        return self.has_changed or not self.is_sold or self.is_short


def rows_of(cart: Cart | None) -> Sequence[CartRow]:
    """Return the lines of a cart, oldest first."""
    return [] if cart is None else rows_in(Q(cart=cart))


def rows_in(carts: Q) -> Sequence[CartRow]:
    """Return the lines of all carts that fit the condition `carts`, oldest first. Three queries."""
    found = list(CartLine.objects.filter(carts).select_related("product__stock").order_by("pk"))
    products = [line.product for line in found]
    prices, discounts = prices_at(products), discounts_at(products)
    return [
        CartRow(
            line,
            prices.get(line.product_id),
            off=best_discount(discounts.get(line.product_id, []), line.quantity),
        )
        for line in found
    ]


def has_changed_price(rows: Sequence[CartRow]) -> bool:
    return any(row.has_changed for row in rows)


def is_about(order: Order, rows: Sequence[CartRow]) -> bool:
    """True if a draft order has the same products and quantities as these lines of a cart."""
    wanted = {row.line.product_id: row.line.quantity for row in rows}
    return wanted == dict(order.lines.values_list("product", "quantity"))


Wanted = tuple[Product, int]


SAME_FIELDS = (
    "product_id",
    "quantity",
    "unit_cents",
    "first_fee",
    "yearly_fee",
    "fee_included",
    "net",
    "tax_basis_points",
)
"""A quoted line with the same values in these fields costs what the line of the order says."""


@dataclass(frozen=True, slots=True)
class OrderQuote:
    """The cost of an order, in cents. lines: not saved. exemption: the certificate, if no tax is taken."""

    lines: Sequence[OrderLine]
    exemption: ExemptionCertificate | None

    @property
    def goods(self) -> int:
        return sum(line.net + line.discount for line in self.lines)

    @property
    def discount(self) -> int:
        return sum(line.discount for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    def is_as(self, order: Order) -> bool:
        """True if a draft order, made earlier, still costs the same."""
        written = order.lines.order_by("position")
        is_exempt_as = order.exemption_id == (self.exemption.pk if self.exemption else None)
        pairs = zip(self.lines, written, strict=True)
        return is_exempt_as and all(
            getattr(new, name) == getattr(old, name) for new, old in pairs for name in SAME_FIELDS
        )


def quote(
    wanted: Sequence[Wanted], *, state: str, zip_code: str, registrant: Registrant | None, at: datetime | None = None
) -> OrderQuote:
    """Return what products cost if they are sent to a place, at the prices of `at` (None: now).

    Raises ValidationError on "lines" if a product is not sold now, and on "ship_zip" if the place has no tax rate or
    the ZIP code is not in use: nobody is charged a guess, and nobody picks a rate.
    """
    check_zip("ship_zip", zip_code, state)
    moment = at or timezone.now()
    today = timezone.localdate(moment)
    products = [product for product, _quantity in wanted]
    prices, discounts = prices_at(products, moment), discounts_at(products, moment)
    rates = rates_at(state=state, zip_code=zip_code, on=today)
    exemption = exemption_of(registrant, state=state, on=today)
    lines = []
    for product, quantity in wanted:
        price, rate = prices.get(product.pk), rates.get(product.tax_code)
        if price is None or product.retired_at is not None:
            sentence = _("“%(name)s” is not sold any more.") % {"name": product.local_name}
            raise ValidationError({"lines": sentence})
        if rate is None:
            raise ValidationError({"ship_zip": _("We can't sell to this place yet. Please call the office.")})
        off = best_discount(discounts.get(product.pk, []), quantity)
        line = line_of(
            product,
            rate=rate,
            is_exempt=exemption is not None,
            quantity=quantity,
            unit_cents=price.cents,
            first_fee=0 if product.first_year_included else price.yearly_fee,
            yearly_fee=price.yearly_fee,
            fee_included=product.first_year_included,
            discount=percent(price.cents * quantity, off),
        )
        lines.append(line)
    return OrderQuote(lines, exemption)


def line_of(
    product: Product,
    *,
    rate: TaxRate,
    is_exempt: bool,
    unit_cents: int,
    quantity: int = 1,
    first_fee: int = 0,
    yearly_fee: int = 0,
    fee_included: bool = False,
    discount: int = 0,
) -> OrderLine:
    """Return an unsaved line of an order, with its tax. Amounts as in `OrderLine`."""
    net = (unit_cents + first_fee) * quantity - discount
    basis_points = 0 if is_exempt else rate.basis_points
    tax = percent(net, basis_points)
    return OrderLine(
        product=product,
        kind=product.kind,
        name=product.name,
        name_es=product.name_es,
        quantity=quantity,
        unit_cents=unit_cents,
        first_fee=first_fee,
        yearly_fee=yearly_fee,
        fee_included=fee_included,
        discount=discount,
        tax_rate=rate,
        tax_basis_points=basis_points,
        net=net,
        tax=tax,
        total=net + tax,
    )


def rates_at(*, state: str, zip_code: str, on: date) -> dict[str, TaxRate]:
    """Return the tax rates at a place on a day, by tax code; the longest ZIP prefix that fits counts."""
    beginnings = [zip_code[:length] for length in range(6)]
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    rows = TaxRate.objects.filter(in_force, state_code=state, zip_prefix__in=beginnings, starts_on__lte=on)
    ordered = sorted(rows, key=lambda rate: len(rate.zip_prefix))
    return {rate.tax_code: rate for rate in ordered}


def exemption_of(registrant: Registrant | None, *, state: str, on: date) -> ExemptionCertificate | None:
    if registrant is None:
        return None
    rows = ExemptionCertificate.objects.filter(registrant=registrant, state_code=state, valid_until__gte=on)
    return rows.filter(approved_at__isnull=False, declined_at__isnull=True).order_by("-valid_until").first()


def wanted_of(order: Order) -> list[Wanted]:
    lines = order.lines.select_related("product").order_by("position")
    return [(line.product, line.quantity) for line in lines]


def yearly_of(order: Order) -> int:
    """Return the fees of an order for each later year, in cents without tax."""
    return sum(line.yearly_fee * line.quantity for line in order.lines.all())


def consent_of(order: Order) -> str:
    """Return the sentence about the yearly fee that a buyer agrees to before paying (15 USC 8403).

    In the language of the page; "" for an order without a yearly fee.
    """
    yearly = yearly_of(order)
    if not yearly:
        return ""
    sentence = _(
        "I agree to pay %(yearly)s, plus sales tax, for each year after the first one, until I cancel. I can cancel at "
        "any time on the page of the CORE."
    )
    return sentence % {"yearly": dollars(yearly)}
