"""Refunds by staff: asked for by a clerk, sent at once or by a second person."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fusus_portal.access import Permission, privileged, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from shop.forms.refunds import RefundForm
from shop.models import PaymentMethod
from shop.presenters import refunds as pages
from shop.selectors import orders as known
from shop.services import refunding, refunds

FOLDER = "shop/console"


@privileged
@requires(Permission.FULFILMENT)
@require_form
def order_refund(request: SignedInRequest, number: str) -> HttpResponse:
    """Give some of the money back, and show what was given."""
    order = known.one(number)
    payment = pages.payment_of(order)
    form = RefundForm(request.POST if request.method == "POST" else None, lines=list(order.lines.all()))
    if request.method == "POST" and form.is_valid() and payment is not None:
        try:
            asked = refunds.request(
                payment=payment, by=request.user, amounts=form.amounts(), reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_refusal(error)
        else:
            if asked.needs_second:
                messages.success(request, _("Asked for. It is a large one, so a second person sends it."))
            else:
                refunding.submit(refund=asked, by=request.user)
                messages.success(request, _("It is on its way, and the business reads it on its order."))
            return redirect("order_refund", number)
    context = {"order": order, "form": form, "payment": payment, "lines": pages.refund_lines(order, request.user)}
    return render(request, f"{FOLDER}/refund.html", context)


@privileged
@requires(Permission.FULFILMENT)
@require_POST
def refund_act(request: SignedInRequest, number: str, pk: UUID, act: str) -> HttpResponse:
    """Send a refund that was asked for, as a second person, or take it back."""
    found = known.refund_of(known.one(number), pk)
    if act == "send":
        refunding.submit(refund=found, by=request.user)
        messages.success(request, _("It is on its way, and the business reads it on its order."))
    elif act == "cancel":
        refunds.cancel(refund=found, by=request.user)
        messages.success(request, _("Taken back. Nothing goes back."))
    else:
        raise Http404
    return redirect("order_refund", number)


@privileged
@requires(Permission.FULFILMENT)
@require_POST
def refund_paid_out(request: SignedInRequest, number: str, pk: UUID) -> HttpResponse:
    """Write down the check by which a refund was paid out, whose payment came by check."""
    found = known.refund_of(known.one(number), pk)
    if found.payment.method != PaymentMethod.CHECK:
        raise Http404
    try:
        refunding.pay_out(refund=found, by=request.user, check_number=request.POST.get("check_number", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Written down."))
    return redirect("order_refund", number)
