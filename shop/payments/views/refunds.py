"""Refunds by staff: asked for by a clerk, sent at once or by a second person; checks that came."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.requests import SignedInRequest, require_form
from fusus_portal.ground.agency.steps import Step, step_of
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.pages.acts import ActPage, Way
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order
from shop.orders.selectors import orders
from shop.orders.selectors.money import owed_of
from shop.orders.services import orders as order_services
from shop.payments import presenters, selectors
from shop.payments.forms import InvoiceCheckForm, RefundCheckForm, RefundForm
from shop.payments.models import Refund
from shop.payments.policies import must_be_on_account
from shop.payments.presenters import RefundRow
from shop.payments.services import payments
from shop.payments.services import refunds as refund_services
from shop.payments.states import RefundState

FOLDER = "shop/payments"


@privileged
@requires(Permission.FULFILMENT)
@require_form
def order_refund(request: SignedInRequest, number: str) -> HttpResponse:
    order = orders.one(number)
    order_services.see_buyer(order=order, by=request.user)
    payment = presenters.payment_of(order)
    lines = list(order.lines.all())
    posted = request.POST if request.method == "POST" else None
    form = RefundForm(posted, by=request.user, lines=lines, payment=payment, initial={"key": uuid4()})
    step = step_of(request, form)
    if step is Step.SAVE and form.asked:
        return _sent_on(request, order, form.asked)
    if payment is not None and step is not Step.FILL_IN:
        written = {"amounts": form.amounts(), "reason": form.cleaned_data["reason"]}
        try:
            if step is Step.SAVE:
                asked = refund_services.request(
                    payment=payment, by=request.user, key=form.cleaned_data["key"], **written
                )
                return _sent_on(request, order, asked)
            refund_services.check_request(payment=payment, **written)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            page = presenters.confirm_request(order, payment, request.user, **written)
            return render(request, f"{FOLDER}/refund_look.html", {"order": order, "form": form, "page": page})
    context = {
        "order": order,
        "form": form,
        "payment": payment,
        "lines": [RefundRow(refund, request.user) for refund in selectors.refunds_of(order)],
    }
    return render(request, f"{FOLDER}/refund.html", context, status=422 if form.errors else 200)


@privileged
@requires(Permission.GIVE_BACK)
@require_form
def refund_send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.refund(pk)
    if found.state != RefundState.REQUESTED:
        messages.info(request, _("This refund was already sent or canceled."))
        return redirect("refunds_waiting")
    if request.method == "POST":
        _send(request, found)
        return redirect("refunds_waiting")
    order_services.see_buyer(order=found.payment.order, by=request.user)
    context = {
        "page": presenters.confirm_sending(found),
        "number": found.payment.order.number,
        "reason": presenters.why_not_send(found, request.user),
        "back_url": reverse("refunds_waiting"),
        "back_label": _("Money that waits"),
    }
    return render(request, f"{FOLDER}/confirmation.html", context)


@privileged
@requires(Permission.GIVE_BACK)
@require_form
def refund_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.refund(pk)
    if request.method == "POST":
        refund_services.cancel(refund=found, by=request.user)
        messages.success(request, _("Canceled. Nothing is refunded."))
        return redirect("refunds_waiting")
    order_services.see_buyer(order=found.payment.order, by=request.user)
    intro = _("A refund of %(amount)s for %(party)s was asked for and not sent. If you cancel it, nothing is refunded.")
    return ActPage(
        title=_("Cancel this refund?"),
        intro=intro % {"amount": dollars(found.cents), "party": found.payment.order.party},
        label=_("Take it back"),
        kind="secondary",
        way=Way(reverse("refunds_waiting"), _("Money that waits")),
    ).answer(request)


@privileged
@requires(Permission.GIVE_BACK)
@require_form
def refund_check(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.refund(pk)
    form = RefundCheckForm(request.POST or None)
    if form.carry_out(refund_services.pay_out, refund=found, by=request.user):
        messages.success(request, _("Written down. The business is told."))
        return redirect("refunds_waiting")
    order_services.see_buyer(order=found.payment.order, by=request.user)
    row = RefundRow(found, request.user)
    intro = _(
        "The order was paid by check, so %(amount)s goes back to %(party)s by check too. The business is "
        "told once its number is written down."
    )
    return ActPage(
        title=_("Note the check"),
        intro=intro % {"amount": row.amount, "party": found.payment.order.party},
        refusal=row.action.reason if row.action else "",
        label=_("It is paid out by this check"),
        way=Way(reverse("refunds_waiting"), _("Money that waits")),
    ).answer(request, form, status=422 if form.errors else 200)


def _sent_on(request: SignedInRequest, order: Order, asked: Refund) -> HttpResponse:
    """Send the refund if one person may. A second press comes here again, and changes nothing."""
    if asked.needs_second:
        messages.success(request, _("Asked for. Another person sends it. It is on the page “Money that waits”."))
    else:
        _send(request, asked)
    return redirect("order_refund", order.number)


def _send(request: SignedInRequest, refund: Refund) -> None:
    """Send a refund. Of two presses one sends, and both read the same."""
    try:
        refund_services.submit(refund=refund, by=request.user)
    except Stale:
        if selectors.refund(refund.pk).state in (RefundState.REQUESTED, RefundState.CANCELLED):
            raise
    messages.success(request, _("It is on its way, and the business reads it on its order."))


@privileged
@requires(Permission.FULFILMENT)
@require_form
def order_check(request: SignedInRequest, number: str) -> HttpResponse:
    order = orders.one(number)
    must_be_on_account(order)
    form = InvoiceCheckForm(request.POST or None, order=order)
    if form.carry_out(payments.receive_check, order=order, by=request.user):
        messages.success(request, _("The check is recorded."))
        return redirect("fulfilment_order", number)
    order_services.see_buyer(order=order, by=request.user)
    unpaid = _("%(due)s is not paid yet.") % {"due": dollars(owed_of(order))}
    return ActPage(
        title=_("Record a check"),
        number=order.number,
        intro=f"{order.party} · {unpaid}",
        label=_("Record it"),
        way=Way(reverse("fulfilment_order", args=[number]), order.number),
    ).answer(request, form)
