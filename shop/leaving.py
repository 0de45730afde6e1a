"""What the page about leaving says of the shop."""

from django.utils.translation import ngettext

from registry import outliving
from registry.outliving import Part
from shop.selectors.books import ORDERS, kept_of
from shop.services.leaving import end_for_leaver


def register() -> None:
    """Add it."""
    outliving.register(Part(ORDERS, end_for_leaver, kept_of, kept_orders))


def kept_orders(number: int) -> str:
    """Return the line about orders that stay."""
    line = ngettext(
        "One order with its payments and invoices, with the name and addresses that stand on them: tax law asks for "
        "them. An order that is not shipped is canceled and paid back. Kept until %%(day)s.",
        "%(number)d orders with their payments and invoices, with the name and addresses that stand on them: tax law "
        "asks for them. An order that is not shipped is canceled and paid back. Kept until %%(day)s.",
        number,
    )
    return line % {"number": number}
