from importlib import import_module
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, spend
from fusus_portal.ground.access.requests import SignedInRequest
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.selectors import orders
from shop.orders.services import buyers


@requires(Permission.OWN_ORDERS)
@require_safe
def order_invoice(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    return _invoice(request, orders.own_invoice(request.user, number, pk))


@requires(Permission.OWN_ORDERS)
@require_safe
def order_credit_note(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    return _note(request, orders.own_credit_note(request.user, number, pk))


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment_invoice(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    found = orders.invoice(number, pk)
    buyers.see(order=found.order, by=request.user)
    return _invoice(request, found)


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment_credit_note(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    found = orders.credit_note(number, pk)
    buyers.see(order=found.invoice.order, by=request.user)
    return _note(request, found)


def handed_out(name: str, content: bytes) -> HttpResponse:
    """Return a PDF to download. name: without its extension."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _invoice(request: SignedInRequest, invoice: Invoice) -> HttpResponse:
    spend("invoice_paper", "30/m", account_of(request))
    # It loads the typesetting libraries, which no other page needs.
    return handed_out(invoice.printed_number, import_module("shop.orders.invoice_paper").drawn(invoice))


def _note(request: SignedInRequest, note: CreditNote) -> HttpResponse:
    spend("invoice_paper", "30/m", account_of(request))
    return handed_out(note.printed_number, import_module("shop.orders.invoice_paper").drawn_note(note))
