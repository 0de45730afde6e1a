"""The clerks' board, and one order on it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from shop.orders.forms.orders import FindOrderForm
from shop.orders.models.orders import Order
from shop.orders.presenters.orders import OrderCard
from shop.orders.selectors import orders as order_selectors
from shop.orders.selectors.orders import stretch
from shop.orders.services import orders as order_services
from shop.parcels import presenters
from shop.parcels.forms import DelayForm
from shop.parcels.services import parcel_contents, shipments
from shop.payments.selectors import payments

FOLDER = "shop/parcels"


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment(request: SignedInRequest) -> HttpResponse:
    """Show what waits: to approve, to pick, to pack, to hand over, on its way."""
    return render(request, f"{FOLDER}/board.html", {"columns": presenters.board()})


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment_orders(request: SignedInRequest) -> HttpResponse:
    """List all orders, the latest first; a number leads to its order."""
    form = FindOrderForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text, state = wanted.get("q", "").strip().upper(), wanted.get("state", "")
    if text and order_selectors.everybodys().filter(number=text).exists():
        return redirect("fulfilment_order", text)
    rows = order_selectors.everybodys(state).none() if text else order_selectors.everybodys(state)
    found = stretch(rows, before=request.GET.get("before", ""))
    context = {
        "form": form,
        "cards": [OrderCard(order) for order in found.orders],
        "older": found.older,
        "query": f"state={state}&" if state else "",
        "is_filtered": bool(text or state),
    }
    return render(request, f"{FOLDER}/orders.html", context)


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment_order(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one order: what is still to be sent, its parcels, its money."""
    return _order(request, order_selectors.one(number))


@requires(Permission.FULFILMENT)
@require_POST
def order_pack(request: SignedInRequest, number: str) -> HttpResponse:
    """Begin a parcel, or resume the open one."""
    return redirect("parcel", parcel_contents.begin(order=order_selectors.one(number), by=request.user).pk)


@requires(Permission.FULFILMENT)
@require_POST
def order_delay(request: SignedInRequest, number: str) -> HttpResponse:
    """Ask the buyer of a late order whether they wait."""
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
    """Cancel an order for its buyer, before anything of it is sent."""
    order = order_selectors.one(number)
    page = presenters.ClerkPage(order, request.user, payments.refunds_of(order))
    if request.method == "POST":
        words = page.cancel_words
        order_services.cancel(order=order, by=request.user)
        messages.success(request, f"{_('Canceled.')} {words}")
        return redirect("fulfilment_order", number)
    return render(request, f"{FOLDER}/cancel.html", {"page": page, "order": order})


def _order(
    request: SignedInRequest, order: Order, *, delay: DelayForm | None = None, status: int = 200
) -> HttpResponse:
    page = presenters.ClerkPage(order, request.user, payments.refunds_of(order))
    context = {"page": page, "order": order, "delay_form": delay or DelayForm()}
    return render(request, f"{FOLDER}/order.html", context, status=status)
