"""The cart, the steps of the checkout, and the page about the payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.registrants.models import Registrant
from shop.catalogue.forms import QuantityForm
from shop.catalogue.money import dollars
from shop.catalogue.presenters import StockTag
from shop.orders.models.orders import Order
from shop.orders.policies import a_year_after, has_cores, has_goods, is_to_do, short_words
from shop.orders.presenters import money
from shop.orders.presenters.money import Totals, goods_lines, later_line
from shop.orders.selectors.money import canceled_split
from shop.orders.selectors.quotes import CartRow, has_changed_price, yearly_of
from shop.orders.states import OrderState
from shop.parcels.policies import has_to_ship
from shop.payments.selectors import latest_attempt
from shop.rules import ANNOUNCED_BEFORE, DUE_AFTER, REMINDED_BEFORE, SHIP_WITHIN


@dataclass(frozen=True, slots=True)
class CartItem:
    row: CartRow
    form: QuantityForm

    @property
    def name(self) -> str:
        return self.row.line.product.local_name

    @property
    def url(self) -> str:
        return reverse("product", args=[self.row.line.product.slug]) if self.row.is_sold else ""

    @property
    def price(self) -> str:
        return dollars(self.row.price.cents) if self.row.price else ""

    @property
    def total(self) -> str:
        return dollars(self.row.cents)

    @property
    def stock(self) -> StockTag | None:
        return StockTag(self.row.line.product.free) if self.row.is_sold else None

    @property
    def short(self) -> str:
        return short_words(self.name, self.row.line.product.free or 0) if self.row.is_sold and self.row.is_short else ""

    @property
    def change(self) -> str:
        price, line = self.row.price, self.row.line
        if price is None or not self.row.is_sold:
            return _("This is not sold any more.")
        parts = []
        if price.cents != line.seen_cents:
            words = _("It cost %(before)s when you looked, and costs %(now)s now.")
            parts.append(words % {"before": dollars(line.seen_cents), "now": dollars(price.cents)})
        if price.yearly_fee != line.seen_fee:
            words = _("The yearly fee was %(before)s, and is %(now)s now.")
            parts.append(words % {"before": dollars(line.seen_fee), "now": dollars(price.yearly_fee)})
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class CartPage:
    """The page of a cart. refused: slug of the product whose new quantity was refused, and its form."""

    rows: Sequence[CartRow]
    refused: tuple[str, QuantityForm] | None = None

    @property
    def lines(self) -> list[CartItem]:
        return [CartItem(row, self._form(row)) for row in self.rows]

    @property
    def is_changed(self) -> bool:
        return has_changed_price(self.rows) or not all(row.is_sold for row in self.rows)

    @property
    def why_not(self) -> str:
        if self.is_changed:
            return _("Please check what changed first.")
        if any(row.is_short for row in self.rows):
            return _("There are not enough left. Please change the number above first.")
        return ""

    @property
    def totals(self) -> Totals:
        sold = [row for row in self.rows if row.is_sold]
        goods, fees = sum(row.cents for row in sold), sum(row.first_fees for row in sold)
        discount = sum(row.discount for row in sold)
        yearly = sum(row.price.yearly_fee * row.line.quantity for row in sold if row.price)
        return Totals(
            goods_lines(goods=goods, first_fees=fees, discount=discount),
            (_("Total before sales tax"), dollars(goods + fees - discount)),
            later_line(yearly) if yearly else None,
        )

    def _form(self, row: CartRow) -> QuantityForm:
        slug = row.line.product.slug
        if self.refused and self.refused[0] == slug:
            return self.refused[1]
        return QuantityForm(initial={"quantity": row.line.quantity}, auto_id=f"{slug}-%s")


STEPS = [
    (gettext_lazy("Addresses"), "checkout_addresses"),
    (gettext_lazy("Sales tax"), "checkout_tax"),
    (gettext_lazy("How to pay"), "checkout_payment"),
    (gettext_lazy("Check and confirm"), ""),
]
"""Label of each step, and the name of its address, to which the next step leads back."""


@dataclass(frozen=True, slots=True)
class BuyingStep:
    heading: str
    text: str
    doors: list[tuple[str, str]]


def step_before_buying(user: User | None, registrant: Registrant | None) -> BuyingStep | None:
    """Return the page that tells a visitor to sign in or register first; None for a registered business."""
    back = urlencode({"next": reverse("checkout")})
    if user is None:
        return BuyingStep(
            _("Who is buying?"),
            _("COREs are sold to businesses with an account. Your cart is kept."),
            [
                (_("Sign in"), f"{reverse('account_login')}?{back}"),
                (_("Create an account for a business"), f"{reverse('account_signup')}?{back}"),
            ],
        )
    if user.role != Role.BUSINESS:
        return BuyingStep(
            _("Only businesses can buy COREs"),
            _("You are signed in with another kind of account. Sign out, and create one for your business."),
            [(_("Back to the shop"), reverse("shop"))],
        )
    if registrant is None:
        return BuyingStep(
            _("Register your business first"),
            _(
                "A CORE connects cameras of a registered place. Registering takes about three minutes, and your cart "
                "is kept."
            ),
            [(_("Register your business"), reverse("register"))],
        )
    return None


def page(step: int, **more: Any) -> dict[str, Any]:
    """Return what the page of a step shows, from 1; 0: the page before them, for a visitor who can't buy yet."""
    before = STEPS[step - 2][1] if step > 1 else "cart"
    facts = {"back_url": reverse(before), "ship_within": SHIP_WITHIN.days, "due_after": DUE_AFTER.days}
    return {"steps": [label for label, _name in STEPS], "current": step, **facts, **more}


def summary(order: Order, *, method: str | None = None) -> dict[str, Any]:
    return {
        "lines": money.lines_of(order),
        "totals": money.totals(order, method=method),
        "addresses": money.addresses(order),
        "has_goods": has_goods(order.lines.all()),
        "has_cores": has_cores(order.lines.all()),
    }


def fee_terms(order: Order) -> list[str]:
    """Return the terms of the yearly fee that must be shown before payment (15 USC 8403)."""
    yearly = yearly_of(order)
    if not yearly:
        return []
    earliest = date_format(a_year_after(timezone.localdate()))
    return [
        _("The yearly fee is %(fee)s in total, plus sales tax.") % {"fee": dollars(yearly)},
        _("It is first due one year after a CORE is activated, so not before %(day)s.") % {"day": earliest},
        _("We write to you %(first)d days and %(second)d days before. It renews each year until you cancel.")
        % {"first": ANNOUNCED_BEFORE.days, "second": REMINDED_BEFORE.days},
        _("You can cancel on the page of the CORE with two clicks, at any time and for any reason."),
    ]


def paid_words(order: Order) -> tuple[str, str, bool]:
    """Return heading and sentence about the payment of an order, and True while the payment is awaited."""
    if order.renews_id is not None and order.state == OrderState.COMPLETED:
        words = _("Thank you. The invoice is on the page of your order, and the CORE stays connected.")
        return _("Your order is paid"), words, False
    if order.state not in (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED, OrderState.CANCELLED):
        return _("Your order is paid"), _bought_words(order), False
    if order.state != OrderState.AWAITING_PAYMENT:
        return _("This order is closed"), _closed_words(order), False
    attempt = latest_attempt(order)
    if attempt is not None and attempt.state == "processing":
        words = _("The payment service is still processing it. We will write to you when it is done.")
        return _("Your payment is being processed"), words, True
    words = _(
        "We have not received a payment yet. If your card was declined or you left the payment page, nothing is "
        "lost. Please try again."
    )
    return _("Your order is not paid yet"), words, True


def _bought_words(order: Order) -> str:
    if has_to_ship(order):
        return _("Thank you. The invoice is on the page of your order. We will write to you when it ships.")
    if is_to_do(order):
        return _("Thank you. The invoice is on the page of your order. We will write to you when it is done.")
    return _("Thank you. The invoice is on the page of your order.")


def _closed_words(order: Order) -> str:
    """Return the sentence for a visitor of the payment page whose order was canceled or not paid in time."""
    if order.state == OrderState.EXPIRED and order.renews_id is None and not has_goods(order.lines.all()):
        return _("You owe nothing. If you paid anyway, we do what you ordered.")
    if order.state == OrderState.EXPIRED and order.renews_id is None:
        return _("You owe nothing. If you paid anyway, we send it if it is still there, or refund it automatically.")
    split = canceled_split(order)
    if split.off or split.back:
        return f"{money.to_buyer(split)}."
    return _("You owe nothing. If you paid anyway, we refund it automatically.")
