"""What stands on an invoice."""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.catalogue.money import dollars
from shop.catalogue.presenters.quantities import NOTHING
from shop.orders.models.invoices import CreditNote, Invoice


def paper_of(invoice: Invoice) -> dict[str, Any]:
    """Return what the sheet says, in the language that is active."""
    return {
        "language": get_language(),
        "title": _("Invoice"),
        "number": invoice.printed_number,
        "facts": list(_facts(invoice)),
        "is_due": invoice.due_on is not None,
        "lines": [
            (
                line.name,
                line.quantity,
                dollars(line.unit_cents),
                dollars(-line.discount) if line.discount else NOTHING,
                dollars(line.net),
            )
            for line in invoice.lines.order_by("position")
        ],
        "sums": [
            (_("Without tax"), dollars(invoice.net)),
            (_("Sales tax"), dollars(invoice.tax)),
            (_("In all"), dollars(invoice.total)),
        ],
        "notes": [
            (
                note.printed_number,
                date_format(localtime(note.issued_at), "DATE_FORMAT"),
                dollars(-note.total),
                note.reason,
            )
            for note in invoice.credit_notes.order_by("number")
        ],
    }


def note_of(note: CreditNote) -> dict[str, Any]:
    """Return what the sheet of a credit note says, in the language that is active."""
    invoice = note.invoice
    place = f"{invoice.street}, {invoice.city}, {invoice.state_code} {invoice.zip_code}"
    facts = [
        (_("Number"), note.printed_number),
        (_("Date"), date_format(localtime(note.issued_at), "DATE_FORMAT")),
        (_("Order"), invoice.order.number),
        (
            _("Takes off invoice"),
            f"{invoice.printed_number}, {date_format(localtime(invoice.issued_at), 'DATE_FORMAT')}",
        ),
        (_("For"), f"{invoice.party}, {place}"),
        (_("Reason"), note.reason),
    ]
    reversed_by = getattr(note, "reversed_by", None)
    if reversed_by is not None:
        facts.append((_("Taken back by invoice"), reversed_by.printed_number))
    return {
        "language": get_language(),
        "title": _("Credit note"),
        "number": note.printed_number,
        "facts": facts,
        "sums": [
            (_("Without tax"), dollars(-note.net)),
            (_("Sales tax"), dollars(-note.tax)),
            (_("In all"), dollars(-note.total)),
        ],
    }


def _facts(invoice: Invoice) -> Iterator[tuple[str, str]]:
    yield _("Number"), invoice.printed_number
    yield _("Date"), date_format(localtime(invoice.issued_at), "DATE_FORMAT")
    yield _("Order"), invoice.order.number
    place = f"{invoice.street}, {invoice.city}, {invoice.state_code} {invoice.zip_code}"
    yield _("For"), f"{invoice.party}, {place}"
    if invoice.purchase_order:
        yield _("Your purchase order"), invoice.purchase_order
    if invoice.due_on:
        yield _("To be paid by"), date_format(invoice.due_on, "DATE_FORMAT")
    elif invoice.reverses_id is None:
        yield _("Paid"), _("in full, by card")
    if invoice.order.exemption is not None:
        yield _("No sales tax by certificate"), invoice.order.exemption.number
