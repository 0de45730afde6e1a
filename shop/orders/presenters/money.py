"""Sentences on the money of an order that is canceled, returned or ended: what comes off, what goes back, and how."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.catalogue.money import dollars
from shop.orders.models.orders import Order
from shop.orders.selectors.invoices import invoice_of, is_overdue, owed_of
from shop.orders.selectors.money import Split


def to_buyer(split: Split) -> str:
    """Return the buyer's sentence about the money of an order that is canceled, returned or ended.

    Every page, mail and sheet takes it from here or from `to_clerk`, so that no two differ. Without its period: a
    condition can follow.
    """
    facts = _facts(split, _way_of_buyer(split))
    if not split.off and not split.back:
        return _("You owe nothing")
    if not split.off:
        return _("You get %(back)s back %(way)s") % facts
    if split.back:
        return _("%(off)s comes off invoice %(invoice)s, and you get %(back)s back %(way)s") % facts
    return _off(split, facts)


def to_clerk(split: Split, party: str = "") -> str:
    """Return the same in a clerk's words. party: the name of the buyer, "" for "the buyer"."""
    facts = {**_facts(split, _way_of_clerk(split)), "party": party or _("the buyer")}
    if not split.off and not split.back:
        return _("The buyer owes nothing")
    if not split.off:
        return _("%(back)s goes back to %(party)s, %(way)s") % facts
    if split.back:
        return _("%(off)s comes off invoice %(invoice)s, and %(back)s goes back to %(party)s, %(way)s") % facts
    return _off(split, facts)


def due_words(order: Order) -> str:
    invoice, owed = invoice_of(order), owed_of(order)
    if invoice is None or invoice.due_on is None or not owed:
        return ""
    words = {"amount": dollars(owed), "day": date_format(invoice.due_on, "DATE_FORMAT")}
    if is_overdue(invoice, owed=owed, today=timezone.localdate()):
        return _("Overdue since %(day)s: %(amount)s") % words
    return _("To be paid by %(day)s: %(amount)s") % words


def _off(split: Split, facts: dict[str, str]) -> str:
    words = _("%(off)s comes off invoice %(invoice)s") % facts
    if not split.left:
        return words
    return _("%(money)s, and %(left)s of it is left to pay") % {"money": words, "left": dollars(split.left)}


def _facts(split: Split, way: str) -> dict[str, str]:
    return {"off": dollars(split.off), "back": dollars(split.back), "invoice": split.invoice, "way": way}


def _way_of_buyer(split: Split) -> str:
    if split.to_card and split.by_check:
        return _("the way you paid")
    return _("by check") if split.by_check else _("to the card that you paid with")


def _way_of_clerk(split: Split) -> str:
    if split.to_card and split.by_check:
        return _("the way it was paid")
    return _("by check") if split.by_check else _("to the card that it was paid with")
