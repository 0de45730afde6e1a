"""Invoices and credit notes on paper: a tagged PDF (PDF/UA-1), in the language in which the order was placed.

Importing this loads the typesetting libraries, so a view does that only when somebody asks for a PDF.
"""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils import translation

from audit.console.paper import pdf
from fusus_portal.ground.agency.selectors import words
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.presenters.money import note_of, paper_of

FOLDER = "shop/orders/own"


def drawn(invoice: Invoice) -> bytes:
    with translation.override(invoice.language):
        return _drawn("invoice", paper_of(invoice))


def drawn_note(note: CreditNote) -> bytes:
    with translation.override(note.invoice.language):
        return _drawn("credit_note", note_of(note))


def _drawn(name: str, said: Mapping[str, object]) -> bytes:
    page = render_to_string(f"{FOLDER}/{name}.html", {**said, "agency": words()})
    style = render_to_string("integration/sharing/paper.css", {}) + render_to_string(f"{FOLDER}/invoice.css")
    return pdf(page, style)
