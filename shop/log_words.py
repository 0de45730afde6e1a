"""What the auditors' search box knows of the shop: orders by their number, parcels by theirs."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from audit.console import words
from audit.console.wanted import Meaning
from shop.models import Order, Product, Shipment


def register() -> None:
    """Let the search box ask here."""
    words.understand(orders)
    words.call("order", order_numbers)
    words.call("shipment", parcel_numbers)
    words.call("product", product_names)


def orders(text: str) -> Iterable[Meaning]:
    """Return the order of exactly this number, with what it was paid by, sent in and billed as."""
    return [
        Meaning(_("order %(number)s") % {"number": order.number}, subjects=tuple(_about(order)))
        for order in Order.objects.filter(number=text.strip().upper())
    ]


def order_numbers(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the number of each order; a text that is no id of ours is passed over."""
    return _pairs(Order.objects.filter(pk__in=_known(ids)).values_list("pk", "number"))


def parcel_numbers(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the number of each parcel."""
    return _pairs(Shipment.objects.filter(pk__in=_known(ids)).values_list("pk", "number"))


def product_names(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the name of each product."""
    return _pairs(Product.objects.filter(pk__in=_known(ids)).values_list("pk", "name"))


def _about(order: Order) -> Iterable[tuple[str, str]]:
    yield tuple(order.subject)
    for rows in (order.shipments, order.attempts, order.payments, order.invoices):
        yield from (tuple(row.subject) for row in rows.all())


def _pairs(rows: Iterable[tuple[object, str]]) -> Mapping[str, str]:
    return {str(pk): name for pk, name in rows}


def _known(ids: Iterable[str]) -> list[str]:
    return [each for each in ids if _is_id(each)]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
