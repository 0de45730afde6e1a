"""A business's own orders; invoices and credit notes as PDF, for buyers and for clerks."""

from importlib import import_module
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.access.limits import account_of, limit, spend
from fusus_portal.ground.pages.acts import OWN
from integration.cores.services import cores
from integration.rules import CODE_LIFE
from shop.orders.hooks import year_pages
from shop.orders.models.invoices import CreditNote, Invoice
from shop.orders.policies import can_be_canceled
from shop.orders.presenters import orders as order_presenters
from shop.orders.selectors import orders
from shop.orders.selectors.orders import stretch
from shop.orders.selectors.quotes import rows_of
from shop.orders.services import orders as order_services
from shop.orders.views.checkout import cart_of
from shop.parcels import selectors, services as parcels

FOLDER = "shop/orders/own"


@requires(Permission.OWN_ORDERS, SAFE)
def order_list(request: SignedInRequest) -> HttpResponse:
    found = stretch(orders.own(request.user), before=request.GET.get("before", ""))
    context = {
        "cards": [order_presenters.OrderCard(order) for order in found.orders],
        "older": found.older,
        "waiting": sum(row.line.quantity for row in rows_of(cart_of(request))),
        "years": year_pages.answer.cards(request.user),
    }
    return render(request, f"{FOLDER}/list.html", context)


@requires(Permission.OWN_ORDERS, SAFE)
def order(request: SignedInRequest, number: str) -> HttpResponse:
    page = order_presenters.order_page(orders.own_one(request.user, number), request.user)
    if page.order.renews_id is not None:
        context = {"page": page, "order": page.order, "year": year_pages.answer.page(page.order)}
        return render(request, "shop/connections/order.html", context)
    return render(request, f"{FOLDER}/one.html", {"page": page, "order": page.order})


@requires(Permission.OWN_ORDERS, FORM)
def order_cancel(request: SignedInRequest, number: str) -> HttpResponse:
    found = orders.own_one(request.user, number)
    if request.method == "POST":
        order_services.cancel(order=found, by=request.user)
        words = order_presenters.canceled_words(orders.own_one(request.user, number))
        messages.success(request, f"{_('Canceled.')} {words}")
        return redirect("order", found.number)
    page = order_presenters.order_page(found, request.user)
    return page.cancel_page(reverse("order", args=[number]), OWN).answer(request)


@requires(Permission.OWN_ORDERS, POST)
def order_agree(request: SignedInRequest, number: str) -> HttpResponse:
    found = orders.own_one(request.user, number)
    parcels.agree_to_delay(order=found, by=request.user)
    words = _("Thank you for waiting. You can still cancel until it ships.")
    messages.success(request, words if can_be_canceled(found) else _("Thank you for waiting."))
    return redirect("order", number)


@requires(Permission.OWN_ORDERS, POST)
def order_arrived(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    parcels.deliver_parcel(shipment=selectors.own_shipment(request.user, number, pk), by=request.user)
    messages.success(request, _("Good. If there was a CORE in it, get its activation code next."))
    return redirect("order", number)


@requires(Permission.OWN_ORDERS, POST)
@limit("activation_code", "20/h", account_of)
def order_code(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    """Show the activation code of a CORE that arrived: once, in this response alone."""
    issued = cores.issue_own_code(core=orders.own_core(request.user, number, pk), by=request.user)
    context = {"core": issued.core, "code": issued.code, "days": CODE_LIFE.days, "number": number}
    return render(request, f"{FOLDER}/code.html", context)


@requires(Permission.OWN_ORDERS, SAFE)
def order_invoice(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    return _invoice_pdf(request, orders.own_invoice(request.user, number, pk))


@requires(Permission.OWN_ORDERS, SAFE)
def order_credit_note(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    return _credit_note_pdf(request, orders.own_credit_note(request.user, number, pk))


@requires(Permission.FULFILMENT, SAFE)
def fulfilment_invoice(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    found = orders.invoice(number, pk)
    order_services.see_buyer(order=found.order, by=request.user)
    return _invoice_pdf(request, found)


@requires(Permission.FULFILMENT, SAFE)
def fulfilment_credit_note(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    found = orders.credit_note(number, pk)
    order_services.see_buyer(order=found.invoice.order, by=request.user)
    return _credit_note_pdf(request, found)


def pdf_response(name: str, content: bytes) -> HttpResponse:
    """Return a PDF to download. name: without its extension."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _invoice_pdf(request: SignedInRequest, invoice: Invoice) -> HttpResponse:
    spend("invoice_paper", "30/m", account_of(request))
    # It loads the typesetting libraries, which no other page needs.
    return pdf_response(invoice.printed_number, import_module("shop.orders.invoice_paper").drawn(invoice))


def _credit_note_pdf(request: SignedInRequest, note: CreditNote) -> HttpResponse:
    spend("invoice_paper", "30/m", account_of(request))
    return pdf_response(note.printed_number, import_module("shop.orders.invoice_paper").drawn_note(note))
