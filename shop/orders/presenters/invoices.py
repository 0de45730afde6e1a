"""Sheets of invoices and credit notes, in the active language."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.catalogue.money import dollars
from shop.catalogue.presenters.quantities import NOTHING
from shop.orders.models.invoices import CreditNote, Invoice, InvoiceLine
from shop.orders.models.orders import Order
from shop.orders.presenters.money import to_buyer
from shop.orders.presenters.totals import Totals, rate_words, tax_words
from shop.orders.selectors.invoices import owed_of
from shop.orders.selectors.money import Split
from shop.payments.models.payments import PaymentMethod
from shop.payments.presenters.cards import card_words


def paper_of(invoice: Invoice) -> dict[str, Any]:
    return {
        **_sheet(_("Invoice"), invoice, invoice, 1),
        "facts": list(_facts(invoice)),
        "is_due": invoice.due_on is not None and owed_of(invoice.order) > 0,
        "lines": [
            (
                line.name,
                line.quantity,
                dollars(line.unit_cents),
                dollars(-line.discount) if line.discount else NOTHING,
                rate_words(line.line.tax_basis_points) if line.line else NOTHING,
                dollars(line.net),
            )
            for line in _lines(invoice)
        ],
        "notes": [
            (note.printed_number, _day(note.issued_at), dollars(-note.total), note.reason)
            for note in invoice.credit_notes.order_by("number")
        ],
    }


def note_of(note: CreditNote) -> dict[str, Any]:
    invoice = note.invoice
    facts = [
        (_("Number"), note.printed_number),
        (_("Date"), _day(note.issued_at)),
        (_("Order"), invoice.order.number),
        (_("For invoice"), f"{invoice.printed_number}, {_day(invoice.issued_at)}"),
        (_("Reason"), note.reason),
        (_("The money"), to_buyer(_split_of(note))),
    ]
    reversed_by = getattr(note, "reversed_by", None)
    if reversed_by is not None:
        facts.append((_("Reversed by invoice"), reversed_by.printed_number))
    return {**_sheet(_("Credit note"), note, invoice, -1), "facts": facts}


def _sheet(title: str, document: Invoice | CreditNote, invoice: Invoice, sign: int) -> dict[str, Any]:
    """Return the parts that both sheets share. sign: -1 for a credit note."""
    tax = tax_words(line.line.tax_basis_points for line in _lines(invoice) if line.line)
    return {
        "language": get_language(),
        "title": title,
        "number": document.printed_number,
        "buyer": [invoice.party, invoice.street, f"{invoice.city}, {invoice.state_code} {invoice.zip_code}"],
        "totals": Totals(
            [(_("Before tax"), dollars(sign * document.net)), (tax, dollars(sign * document.tax))],
            (_("Total"), dollars(sign * document.total)),
        ),
    }


def _lines(invoice: Invoice) -> QuerySet[InvoiceLine]:
    return invoice.lines.select_related("line").order_by("position")


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")


def _paid_words(order: Order) -> str:
    cards = [card_words(each.card_brand, each.card_last4) for each in order.payments.order_by("captured_at")]
    which = next(filter(None, cards), "")
    return _("in full, by %(card)s") % {"card": which} if which else _("in full, by card")


def _account(invoice: Invoice) -> Iterator[tuple[str, str]]:
    owed = owed_of(invoice.order)
    paid = sum(payment.captured for payment in invoice.order.payments.all())
    if owed and invoice.due_on:
        yield _("To be paid by"), date_format(invoice.due_on, "DATE_FORMAT")
    if paid:
        yield _("Paid by check"), dollars(paid)
    if owed != invoice.total:
        yield _("Left to pay"), dollars(owed)


def _split_of(note: CreditNote) -> Split:
    if note.refund is None:
        return Split(off=note.total, invoice=note.invoice.printed_number)
    by_check = note.refund.payment.method == PaymentMethod.CHECK
    return Split(by_check=note.total) if by_check else Split(to_card=note.total)


def _facts(invoice: Invoice) -> Iterator[tuple[str, str]]:
    yield _("Number"), invoice.printed_number
    yield _("Date"), _day(invoice.issued_at)
    yield _("Order"), invoice.order.number
    if invoice.purchase_order:
        yield _("Your purchase order"), invoice.purchase_order
    if invoice.due_on:
        yield from _account(invoice)
    elif invoice.reverses_id is None:
        yield _("Paid"), _paid_words(invoice.order)
    if invoice.order.exemption is not None:
        yield _("No sales tax by certificate"), invoice.order.exemption.number
