"""What the auditors' search box knows of the shop: orders by their number."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from audit.console import words
from audit.console.wanted import Meaning
from shop.models import CreditNote, Invoice, Order, Payment, PaymentAttempt, Product, Refund, Shipment


def register() -> None:
    """Let the search box ask here."""
    words.understand(orders)
    words.call("order", numbers)
    words.call("shipment", parcel_numbers)
    words.call("product", product_names)


def orders(text: str) -> Iterable[Meaning]:
    """Return the order of exactly this number: what was done with it, with its payments and its refunds."""
    return [
        Meaning(_("Order %(number)s") % {"number": order.number}, actors=(), subjects=tuple(_subjects(order)))
        for order in Order.objects.filter(number=text.strip().upper())
    ]


def numbers(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the number of each order; a text that is no id of ours is passed over."""
    known = [each for each in ids if _is_id(each)]
    return {str(pk): number for pk, number in Order.objects.filter(pk__in=known).values_list("pk", "number")}


def parcel_numbers(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the number of each parcel."""
    known = [each for each in ids if _is_id(each)]
    return {str(pk): number for pk, number in Shipment.objects.filter(pk__in=known).values_list("pk", "number")}


def product_names(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the name of each product."""
    known = [each for each in ids if _is_id(each)]
    return {str(pk): name for pk, name in Product.objects.filter(pk__in=known).values_list("pk", "name")}


def _subjects(order: Order) -> Iterable[tuple[str, str]]:
    yield order.subject
    for attempt in PaymentAttempt.objects.filter(order=order):
        yield attempt.subject
    for payment in Payment.objects.filter(order=order):
        yield payment.subject
    for shipment in Shipment.objects.filter(order=order):
        yield shipment.subject
    for invoice in Invoice.objects.filter(order=order):
        yield invoice.subject
    for note in CreditNote.objects.filter(invoice__order=order):
        yield note.subject
    for refund in Refund.objects.filter(payment__order=order):
        yield refund.subject


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
