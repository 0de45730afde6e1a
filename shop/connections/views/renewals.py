"""Paying a further year: by a purchase order, or to let a CORE work again that was stopped."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fusus_portal.access import Permission, requires
from fusus_portal.access.limits import account_of, limit
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from fusus_portal.picture_forms import say_refusal, takes_picture
from integration.selectors import cores as known_cores
from shop.forms.buying import PurchaseOrderForm
from shop.presenters import orders as pages
from shop.selectors import renewals as known
from shop.services import lapsing
from shop.views.public.paying import to_payment

FOLDER = "shop/public/renewals"


@takes_picture
@requires(Permission.OWN_ORDERS)
@never_cache
@require_form
@limit("checkout", "60/m", account_of)
def order_purchase_order(request: SignedInRequest, number: str) -> HttpResponse:
    """Pay a further year by a purchase order."""
    order = known.own_waiting(request.user, number)
    written = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PurchaseOrderForm(*written, order=order, sentence="", by=request.user)
    say_refusal(form, "paper", request)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            sent = lapsing.by_purchase_order(
                order=order, by=request.user, number=said["number"], limit=form.limit_cents, paper=said["paper"]
            )
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Sent. A clerk looks at your purchase order, and we write to you."))
            return redirect("order", sent.order.number)
    page = pages.order_page(order, request.user)
    context = {"order": order, "page": page, "form": form}
    return render(request, f"{FOLDER}/purchase_order.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN_DEVICES)
@never_cache
@require_POST
@limit("pay", "20/m", account_of)
def device_reconnect(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Go to the payment page of a year that begins today, for a CORE that was stopped because nobody paid."""
    core = known_cores.own_one(request.user, pk)
    try:
        order = lapsing.reconnect(core=core, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("device", pk)
    return to_payment(request, order)
