"""Rules of orders. A `check_...` raises ValidationError on the field of its name, unless its docstring differs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import Refused, Stale
from registry.people.models import Registrant, RegistrantKind
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order, PurchaseOrder
from shop.orders.policies.taxes import check_state, check_zip
from shop.orders.states import OrderState
from shop.rules import MOST_OF_ONE

PURCHASE_ORDER = re.compile(r"[A-Z0-9][A-Z0-9 ./#-]{0,39}")
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
    """Return the pieces of one product. most: the agency's limit. Raises ValidationError on "quantity"."""
    if quantity < 1:
        raise ValidationError({"quantity": _("Order at least 1, or remove the product from the cart.")})
    if quantity > most:
        sentence = _("Order at most %(most)d of one product. Please call us if you need more.")
        raise ValidationError({"quantity": sentence % {"most": most}})
    return quantity


def check_free(quantity: int, *, free: int | None, name: str) -> None:
    """Raise ValidationError on "quantity" if too few are free. free: None for a product that is not kept in stock."""
    if free is not None and quantity > free:
        raise ValidationError({"quantity": short_words(name, free)})


def short_words(name: str, free: int) -> str:
    if free <= 0:
        return _("“%(name)s” is sold out.") % {"name": name}
    words = ngettext("Only %(free)d of “%(name)s” is left.", "Only %(free)d of “%(name)s” are left.", free)
    return words % {"free": free, "name": name}


def check_lines(count: int, *, most: int) -> None:
    """Raise ValidationError on "cart" if it has more products than one order holds. most: the agency's limit."""
    if count > most:
        raise ValidationError({"cart": _("A cart holds at most %(most)d products.") % {"most": most}})


def check_sending(sending: Sending) -> dict[str, str]:
    """Return the address columns of an order. Raises ValidationError by field."""
    wrong: dict[str, list[str]] = {}
    columns = {"ship_name": " ".join(sending.ship_name.split())}
    if not columns["ship_name"] or len(columns["ship_name"]) > LONGEST["street"]:
        wrong["ship_name"] = [_("Write who the parcel is for.")]
    for prefix, address in (("ship", sending.ship_to), ("bill", sending.bill_to)):
        try:
            columns |= _address(prefix, address)
        except ValidationError as error:
            wrong |= error.message_dict
    if wrong:
        raise ValidationError(wrong)
    return columns


def check_consent(*, consents: bool, sentence: str) -> str:
    """Return the consent, "" if nothing recurs. Raises ValidationError on "consent" (15 USC 8403)."""
    if not sentence:
        return ""
    if not consents:
        raise ValidationError({"consent": _("Please say that you agree to the yearly fee, or remove the product.")})
    return sentence


def check_number(number: str, *, registrant: Registrant | None) -> str:
    """Return a purchase order's number, used once by its business. Raises ValidationError on "number"."""
    tidy = " ".join(number.split()).upper()
    if not PURCHASE_ORDER.fullmatch(tidy):
        raise ValidationError({"number": _("Write the number of the purchase order, with letters and digits.")})
    if PurchaseOrder.objects.filter(registrant=registrant, number=tidy, declined_at__isnull=True).exists():
        raise ValidationError({"number": used_words()})
    return tidy


def used_words() -> str:
    return _("You have used this purchase order number before. Each number is good for one order.")


def check_limit(limit: int, *, total: int) -> None:
    """Raise ValidationError on "limit" if a purchase order allows less than the total. Both in cents."""
    if limit < total:
        sentence = _("This order costs %(total)s, and the purchase order allows %(limit)s.")
        raise ValidationError({"limit": sentence % {"total": dollars(total), "limit": dollars(limit)}})


def must_not_renew(order: Order) -> None:
    if order.renews_id is not None:
        sentence = _("This pays for another year. To stop it, cancel the connection on the page of the CORE.")
        raise Stale(sentence, subject=order.subject)


def must_be_ordered(order: Order) -> None:
    if order.is_bill:
        raise Stale(_("This is a bill. We cancel it when the old CORE arrives."), subject=order.subject)


def must_be_payable(order: Order) -> None:
    """Raise Stale unless an order waits for a card payment and its stock is still reserved."""
    if order.state != OrderState.AWAITING_PAYMENT:
        raise Stale(_("Nothing is due for this order."), subject=order.subject)
    if is_over(order):
        sentence = _("This order was not paid in time, so its items are no longer held for you. Please order again.")
        raise Stale(sentence, subject=order.subject)


def is_over(order: Order) -> bool:
    """True if the time to pay an order is over. A further year that was announced has no such time."""
    if order.reserved_until is None:
        return order.renews_id is None
    return order.reserved_until <= timezone.now()


def _address(prefix: str, address: Address) -> Mapping[str, str]:
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
