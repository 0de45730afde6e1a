from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lookup.typed import Typed
from shop.catalogue.presenters import products
from shop.orders.forms import FindOrderForm
from shop.orders.models.orders import Order
from shop.orders.presenters.orders import OrderCard
from shop.orders.selectors import orders as order_selectors
from shop.orders.selectors.orders import stretch
from shop.orders.services import orders as order_services
from shop.parcels.forms import DelayForm
from shop.parcels.presenters import board
from shop.parcels.presenters.parcels import ClerkPage
from shop.parcels.services import parcel_contents, shipments
from shop.payments import selectors as payments
from shop.rules import PACKED_AT_ONCE

FOLDER = "shop/parcels"


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment(request: SignedInRequest) -> HttpResponse:
    context = {
        "sections": board.sections(),
        "stock": products.stock_rows(),
        "packed": [("packed", number) for number in request.GET.getlist("packed")[:PACKED_AT_ONCE]],
    }
    return render(request, f"{FOLDER}/board.html", context)


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment_orders(request: SignedInRequest) -> HttpResponse:
    form = FindOrderForm(request.GET)
    is_right = form.is_valid()
    text, state = form.cleaned_data.get("q", ""), form.cleaned_data.get("state", "")
    number = Typed(text).number("O")
    if number and order_selectors.everybodys().filter(number=number).exists():
        return redirect("fulfilment_order", number)
    rows = order_selectors.everybodys(state, business=text)
    found = stretch(rows if is_right else rows.none(), before=request.GET.get("before", ""))
    context = {
        "form": form,
        "cards": [OrderCard(order) for order in found.orders],
        "older": found.older,
        "query": f"{urlencode({'q': text, 'state': state})}&" if text or state else "",
        "is_filtered": bool(text or state or not is_right),
    }
    return render(request, f"{FOLDER}/orders.html", context)


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment_order(request: SignedInRequest, number: str) -> HttpResponse:
    return _order(request, order_selectors.one(number))


@requires(Permission.FULFILMENT)
@require_POST
def order_pack(request: SignedInRequest, number: str) -> HttpResponse:
    return redirect("parcel", parcel_contents.begin(order=order_selectors.one(number), by=request.user).pk)


@requires(Permission.FULFILMENT)
@require_POST
def order_delay(request: SignedInRequest, number: str) -> HttpResponse:
    order = order_selectors.one(number)
    form = DelayForm(request.POST)
    if form.carry_out(shipments.ask, order=order, by=request.user):
        messages.success(request, _("The buyer is asked."))
        return redirect("fulfilment_order", number)
    return _order(request, order, delay=form, status=422)


@privileged
@requires(Permission.FULFILMENT)
@require_form
def fulfilment_cancel(request: SignedInRequest, number: str) -> HttpResponse:
    order = order_selectors.one(number)
    page = ClerkPage(order, request.user, payments.refunds_of(order))
    if request.method == "POST":
        words = page.cancel_words
        order_services.cancel(order=order, by=request.user)
        messages.success(request, f"{_('Canceled.')} {words}")
        return redirect("fulfilment_order", number)
    return render(request, f"{FOLDER}/cancel.html", {"page": page, "order": order})


def _order(
    request: SignedInRequest, order: Order, *, delay: DelayForm | None = None, status: int = 200
) -> HttpResponse:
    order_services.see_buyer(order=order, by=request.user)
    page = ClerkPage(order, request.user, payments.refunds_of(order))
    context = {"page": page, "order": order, "delay_form": delay or DelayForm()}
    return render(request, f"{FOLDER}/order.html", context, status=status)
