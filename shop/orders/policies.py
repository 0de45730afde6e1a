"""Rules of orders. `check_x` raises ValidationError on the field "x", unless its docstring differs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.geo.geocoding import Address, AddressNotFound, check_zip_code
from fusus_portal.ground.lifecycle import Refused, Stale, check_all
from registry.registrants.models import Registrant, RegistrantKind
from shop.catalogue.models import SHIPPED, ProductKind
from shop.catalogue.money import dollars
from shop.orders.models.orders import (
    STATE,
    ZIP_CODE,
    ZIP_PREFIX,
    CartLine,
    ExemptionCertificate,
    Order,
    OrderLine,
    PurchaseOrder,
)
from shop.orders.states import ORDER, TO_DO, OrderState
from shop.payments.models import RefundSource
from shop.payments.states import LIVE_REFUNDS
from shop.rules import HIGHEST_TAX, MOST_OF_ONE

_CODES = """
AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI
SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI
"""
US_STATES = frozenset(_CODES.split())
"""Two-letter codes of the states, the district and the territories (USPS)."""


def must_be_undecided(paper: "ExemptionCertificate | PurchaseOrder") -> None:
    if paper.approved_at is not None or paper.declined_at is not None:
        raise Stale(_("Somebody has decided on this already."), subject=paper.subject)


def check_state(field: str, code: str) -> str:
    """Return a state's two letters, in capitals. Raises ValidationError on `field`."""
    tidy = code.strip().upper()
    if not re.fullmatch(STATE, tidy) or tidy not in US_STATES:
        raise ValidationError({field: _("Write the two letters of the state, for example AL.")})
    return tidy


def check_zip(field: str, zip_code: str, state: str = "") -> None:
    """Raise ValidationError on `field` if a ZIP code is not in use, or not in the state: it decides the tax.

    state: two letters, or "" if not known yet.
    """
    if not re.fullmatch(ZIP_CODE, zip_code.strip()):
        raise ValidationError({field: _("Write the five digits of the ZIP code.")})
    try:
        check_zip_code(zip_code, state=state)
    except AddressNotFound as error:
        raise ValidationError({field: str(error.sentence)}) from error


def check_tax_rate(*, zip_prefix: str, basis_points: int, starts_on: date, ends_on: date | None) -> None:
    """Raise ValidationError with all errors of a tax rate, each on the field that is wrong."""
    check_all(
        partial(check_zip_prefix, zip_prefix),
        partial(check_basis_points, basis_points),
        partial(check_rate_days, starts_on, ends_on),
    )


def check_zip_prefix(zip_prefix: str) -> None:
    if not re.fullmatch(ZIP_PREFIX, zip_prefix):
        sentence = _("Write the first digits of the ZIP codes, or nothing for the whole state.")
        raise ValidationError({"zip_prefix": sentence})


def check_basis_points(basis_points: int) -> None:
    if not 0 <= basis_points <= HIGHEST_TAX:
        sentence = _("A rate is at least 0 %% and at most %(most)d %%.") % {"most": HIGHEST_TAX // 100}
        raise ValidationError({"basis_points": sentence})


def check_rate_days(starts_on: date, ends_on: date | None) -> None:
    """Raise ValidationError on "ends_on" unless a tax rate ends after it begins."""
    if ends_on is not None and ends_on <= starts_on:
        raise ValidationError({"ends_on": _("It ends after it begins.")})


def check_valid_until(day: date | None, *, today: date) -> date:
    """Return the last day of a tax certificate. Raises ValidationError on "valid_until" if it has expired."""
    if day is None or day < today:
        raise ValidationError({"valid_until": _("This certificate has expired. Send one that is valid.")})
    return day


PURCHASE_ORDER_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 ./#-]{0,39}")
LONGEST = {"street": 120, "city": 60}


@dataclass(frozen=True, slots=True)
class Sending:
    ship_name: str
    ship_to: Address
    bill_to: Address


def check_business(registrant: Registrant) -> None:
    """Raise Refused unless the registrant is a business."""
    if registrant.kind != RegistrantKind.BUSINESS:
        raise Refused(_("Only businesses can buy COREs. Register your business first."), subject=registrant.subject)


def check_quantity(quantity: int, *, most: int = MOST_OF_ONE) -> int:
    """Return the number of pieces of one product. most: the agency's limit. Raises ValidationError on "quantity"."""
    if quantity < 1:
        raise ValidationError({"quantity": _("Order at least 1, or remove the product from the cart.")})
    if quantity > most:
        sentence = _("Order at most %(most)d of one product. Please call us if you need more.")
        raise ValidationError({"quantity": sentence % {"most": most}})
    return quantity


def check_stock(quantity: int, *, free: int | None, name: str) -> None:
    """Raise ValidationError on "quantity" if too few pieces are free. free: None for a product without stock."""
    if free is not None and quantity > free:
        raise ValidationError({"quantity": short_words(name, free)})


def short_words(name: str, free: int) -> str:
    if free <= 0:
        return _("“%(name)s” is sold out.") % {"name": name}
    words = ngettext("Only %(free)d of “%(name)s” is left.", "Only %(free)d of “%(name)s” are left.", free)
    return words % {"free": free, "name": name}


def check_line_count(count: int, *, most: int) -> None:
    """Raise ValidationError on "cart" if a cart has more products than `most`, the agency's limit for one order."""
    if count > most:
        raise ValidationError({"cart": _("A cart holds at most %(most)d products.") % {"most": most}})


def check_sending(sending: Sending) -> dict[str, str]:
    """Return the address columns of an order. Raises ValidationError with all errors, each on its column."""
    wrong: dict[str, list[str]] = {}
    columns = {"ship_name": " ".join(sending.ship_name.split())}
    if not columns["ship_name"] or len(columns["ship_name"]) > LONGEST["street"]:
        wrong["ship_name"] = [_("Write who it is for.")]
    for prefix, address in (("ship", sending.ship_to), ("bill", sending.bill_to)):
        try:
            columns |= _checked_columns(prefix, address)
        except ValidationError as error:
            wrong |= error.message_dict
    if wrong:
        raise ValidationError(wrong)
    return columns


def check_consent(*, consents: bool, sentence: str) -> str:
    """Return the sentence agreed to, or "" if nothing recurs. Raises ValidationError on "consent" (15 USC 8403)."""
    if not sentence:
        return ""
    if not consents:
        raise ValidationError({"consent": _("Please say that you agree to the yearly fee, or remove the product.")})
    return sentence


def check_purchase_order_number(number: str, *, registrant: Registrant | None) -> str:
    """Return a purchase order's number, tidied. Raises ValidationError on "number" if the business used it before."""
    tidy = " ".join(number.split()).upper()
    if not PURCHASE_ORDER_NUMBER.fullmatch(tidy):
        raise ValidationError({"number": _("Write the number of the purchase order, with letters and digits.")})
    if PurchaseOrder.objects.filter(registrant=registrant, number=tidy, declined_at__isnull=True).exists():
        raise ValidationError({"number": used_number_words()})
    return tidy


def used_number_words() -> str:
    return _("You have used this purchase order number before. Each number is good for one order.")


def check_purchase_order_limit(limit: int, *, total: int) -> None:
    """Raise ValidationError on "limit" if a purchase order allows less than the total. Both in cents."""
    if limit < total:
        sentence = _("This order costs %(total)s, and the purchase order allows %(limit)s.")
        raise ValidationError({"limit": sentence % {"total": dollars(total), "limit": dollars(limit)}})


def must_not_be_renewal(order: Order) -> None:
    if order.renews_id is not None:
        sentence = _("This pays for another year. To stop it, cancel the connection on the page of the CORE.")
        raise Stale(sentence, subject=order.subject)


def must_not_be_bill(order: Order) -> None:
    if order.is_bill:
        raise Stale(_("This is a bill. We cancel it when the old CORE arrives."), subject=order.subject)


def can_be_canceled(order: Order) -> bool:
    """True until an order ships, for one that its buyer placed. A further year ends with its connection."""
    is_placed = not order.is_bill and order.renews_id is None
    return is_placed and OrderState.CANCELLED in ORDER.targets(order.state)


def has_goods(lines: Iterable[OrderLine | CartLine]) -> bool:
    """True if one of the lines ships, False for services alone. A bill and a further year are services."""
    return any(line.kind in SHIPPED for line in lines)


def has_cores(lines: Iterable[OrderLine | CartLine]) -> bool:
    """True if one of the lines is of COREs, which can be activated and returned."""
    return any(line.kind == ProductKind.CORE for line in lines)


def has_goods_left(lines: Iterable[OrderLine]) -> bool:
    """True if one of the lines ships and is not refunded in full."""
    return any(line.kind in SHIPPED and line.wanted for line in lines)


def services_of(order: Order) -> list[tuple[OrderLine, int]]:
    """Return the services of an order with their pieces that are not refunded."""
    lines = sorted(order.lines.all(), key=lambda line: line.position)
    return [(line, line.wanted) for line in lines if line.kind not in SHIPPED and line.wanted]


def is_to_do(order: Order) -> bool:
    """True if an order is bought and has services that are not done and not refunded, and no goods but refunded ones.

    A bill never is.
    """
    is_bought = order.state in TO_DO and not order.is_bill
    return is_bought and not has_goods_left(order.lines.all()) and bool(services_of(order))


def is_done(order: Order) -> bool:
    """True if a clerk recorded that the services of an order are done; an order of goods is completed by parcels."""
    is_ended = order.state == OrderState.COMPLETED and order.ended_at is not None
    return is_ended and not has_goods_left(order.lines.all())


def must_be_to_do(order: Order) -> None:
    """Raise Stale unless an order is bought, has services that are not done, and no goods but refunded ones."""
    must_not_be_bill(order)
    if has_goods_left(order.lines.all()):
        raise Stale(_("This order has goods to ship. It is completed when its parcels arrive."), subject=order.subject)
    if not is_to_do(order):
        sentence = _("Nothing of this order is to be done: it is “%(state)s”.") % {"state": order.get_state_display()}
        raise Stale(sentence, subject=order.subject)


def refunded_pieces(line: OrderLine, cents: int, *, said: int | None = None) -> int:
    """Return how many pieces of a line don't ship any more, or not again, if `cents` of it go back.

    said: how many a clerk wrote, None for as many as the amount covers the price of. Nothing is left to ship of a line
    whose money all goes back.
    """
    if cents >= line.total - line.held:
        return line.wanted
    most = covered_pieces(line, cents) if said is None else min(said, most_pieces(line, cents))
    return min(most, line.wanted)


def covered_pieces(line: OrderLine, cents: int) -> int:
    """Return how many pieces of a line cents cover the price of."""
    return max(number for number in range(line.quantity + 1) if line.total * number // line.quantity <= cents)


def most_pieces(line: OrderLine, cents: int) -> int:
    """Return how many pieces of a line a clerk may write for cents: with what was given back before, it is their price.

    Each piece's price is rounded down, so that parts of an amount cover no fewer pieces than the whole. What went back
    for a return or unused months is the price of no piece that ships.
    """
    each = max(line.total // line.quantity, 1)
    before = line.held - _for_sent(line)
    return max(covered_pieces(line, cents), (before + cents) // each - line.refunded)


def _for_sent(line: OrderLine) -> int:
    """Return the cents that are held of a line for returns and unused months."""
    refunds = line.refunds.filter(
        refund__source__in=(RefundSource.RETURN, RefundSource.FEE), refund__state__in=LIVE_REFUNDS
    )
    parts = (refunds, line.credits.filter(note__clerk__isnull=True))
    return sum(rows.aggregate(cents=Sum("cents"))["cents"] or 0 for rows in parts)


def check_pieces(said: int | None, *, line: OrderLine, cents: int, field: str) -> None:
    """Raise ValidationError on `field` if a clerk wrote another number of pieces than can be refunded with `cents`."""
    if said is None or said == refunded_pieces(line, cents, said=said):
        return
    if said > line.wanted:
        sentence = _("Of “%(name)s” at most %(most)d can still be refunded.")
        raise ValidationError({field: sentence % {"name": line.local_name, "most": line.wanted}})
    if cents < line.total - line.held:
        sentence = _(
            "This amount covers the price of %(most)d of “%(name)s”. Write at most %(most)d here, or a higher amount."
        )
        raise ValidationError({field: sentence % {"name": line.local_name, "most": most_pieces(line, cents)}})
    sentence = _("All money of “%(name)s” goes back, so nothing of it ships any more. Leave this empty.")
    raise ValidationError({field: sentence % {"name": line.local_name}})


def must_be_payable(order: Order) -> None:
    """Raise Stale unless an order waits for a card payment and its stock is still reserved."""
    if order.state != OrderState.AWAITING_PAYMENT:
        raise Stale(_("Nothing is due for this order."), subject=order.subject)
    if is_payment_over(order):
        sentence = _("This order was not paid in time, so its items are no longer held for you. Please order again.")
        raise Stale(sentence, subject=order.subject)


def is_payment_over(order: Order) -> bool:
    """True if it is too late to pay an order. The announced order of a further year can always be paid."""
    if order.reserved_until is None:
        return order.renews_id is None
    return order.reserved_until <= timezone.now()


def _checked_columns(prefix: str, address: Address) -> Mapping[str, str]:
    wrong: dict[str, str] = {}
    tidy = {name: " ".join(getattr(address, name).split()) for name in ("street", "city", "zip_code")}
    for name, longest in LONGEST.items():
        if not tidy[name] or len(tidy[name]) > longest:
            wrong[f"{prefix}_{name}"] = _("Please fill this in.")
    state = ""
    try:
        state = check_state(f"{prefix}_state", address.state)
    except ValidationError as error:
        wrong |= _sentences(error)
    try:
        check_zip(f"{prefix}_zip", tidy["zip_code"], state)
    except ValidationError as error:
        wrong |= _sentences(error)
    if wrong:
        raise ValidationError(wrong)
    return {
        f"{prefix}_street": tidy["street"],
        f"{prefix}_city": tidy["city"],
        f"{prefix}_state": state,
        f"{prefix}_zip": tidy["zip_code"],
    }


def _sentences(error: ValidationError) -> dict[str, str]:
    return {field: " ".join(messages) for field, messages in error.message_dict.items()}


def a_year_after(day: date) -> date:
    """Return the same day of the next year; February 28 for February 29."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def cart_changed_sentence() -> str:
    return _("Your cart has changed since you looked. Nothing was ordered. Please check the new total.")


def address_columns(kind: str, address: Address) -> dict[str, str]:
    """Return an address as columns of an order. kind: "ship" or "bill"."""
    values = (address.street, address.city[: LONGEST["city"]], address.state, address.zip_code)
    return {f"{kind}_{part}": value for part, value in zip(("street", "city", "state", "zip"), values, strict=True)}
