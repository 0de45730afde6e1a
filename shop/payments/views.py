"""The way to the payment page and back, even while the payment service is slow; its webhook; refunds and checks."""

import logging
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.limits import account_of, limit, spend
from fusus_portal.ground.agency.steps import Step, step_of
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.pages.acts import ActPage, Way
from shop.catalogue.money import dollars
from shop.orders.models.orders import Order
from shop.orders.presenters import checkout, orders as order_presenters
from shop.orders.presenters.money import to_clerk
from shop.orders.selectors import orders
from shop.orders.selectors.money import Split, owed_of
from shop.orders.services import orders as order_services
from shop.payments import forms, policies, presenters, selectors
from shop.payments.cards import check_words
from shop.payments.gateway.answers import BadNotice, GatewayFault, read_notice
from shop.payments.models import Refund
from shop.payments.services import notices, payments, refunds as refund_services
from shop.payments.states import RefundState

logger = logging.getLogger(__name__)


@requires(Permission.OWN_ORDERS, POST)
@limit("pay", "20/m", account_of)
def order_pay(request: SignedInRequest, number: str) -> HttpResponse:
    return to_payment(request, orders.own_one(request.user, number), keeps="keep" in request.POST)


def to_payment(request: SignedInRequest, order: Order, *, keeps: bool = False) -> HttpResponse:
    """Redirect to an order's payment page; if that fails, to the order. keeps: the buyer ticked to save the card."""
    back = absolute(reverse("order_paid", args=[order.number]))
    try:
        attempt = payments.begin_attempt(order=order, by=request.user, return_to=back, keeps=keeps)
    except Stale as stale:
        messages.error(request, stale.sentence)
    except GatewayFault as fault:
        logger.warning("No payment page for order %s: %s", order.number, type(fault).__name__)
        messages.error(request, policies.no_answer())
    else:
        return redirect(attempt.url)
    return redirect("order", order.number)


@requires(Permission.OWN_ORDERS, SAFE)
def order_paid(request: SignedInRequest, number: str) -> HttpResponse:
    return _paid(request, number, "paid.html")


@requires(Permission.OWN_ORDERS, SAFE)
def order_paid_state(request: SignedInRequest, number: str) -> HttpResponse:
    return _paid(request, number, "paid_state.html")


def _paid(request: SignedInRequest, number: str, template: str) -> HttpResponse:
    order = orders.own_one(request.user, number)
    attempt = selectors.latest_attempt(order)
    if attempt is not None:
        # Each request asks the payment service; the page itself polls twelve times a minute.
        spend("payment_state", "60/m", account_of(request))
        try:
            # Settling has one effect, however often it is called: here, from the webhook, or at night.
            payments.settle(attempt=attempt)
        except GatewayFault as fault:
            logger.warning("The payment service says nothing about %s: %s", attempt.pk, type(fault).__name__)
        order = orders.own_one(request.user, number)
    heading, text, is_waiting = checkout.paid_words(order)
    page = order_presenters.order_page(order, request.user)
    context = {"order": order, "page": page, "heading": heading, "text": text, "is_waiting": is_waiting}
    return render(request, f"shop/orders/own/{template}", context)


LONGEST_WEBHOOK = 1024**2
"""Bytes of a webhook's body. Real ones have some thousand."""


@public
@csrf_exempt  # no cookie gives a right here: the signature does
@never_cache
def payments_webhook(request: HttpRequest) -> HttpResponseBase:
    """Record a webhook, again or not; answer 200 once that is committed, 400 if it is not signed, or not just now."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if int(request.headers.get("Content-Length") or 0) > LONGEST_WEBHOOK:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        notice = read_notice(request.body, request.headers.get("Stripe-Signature", ""))
    except BadNotice:
        # Anybody may call this: an entry of the log for each call would let them fill it.
        logger.warning("A message to the payment webhook was not signed by the payment service, or too old.")
        return JsonResponse({"error": "signature"}, status=400)
    notices.receive(notice=notice)
    return JsonResponse({"received": True})


REFUND_FOLDER = "shop/payments"


@privileged
@requires(Permission.FULFILMENT, FORM)
def order_refund(request: SignedInRequest, number: str) -> HttpResponse:
    order = orders.one(number)
    order_services.see_buyer(order=order, by=request.user)
    payment, owed = selectors.payment_of(order), owed_of(order)
    lines = list(order.lines.order_by("position"))
    posted = request.POST if request.method == "POST" else None
    form = forms.RefundForm(
        posted,
        by=request.user,
        lines=lines,
        payment=payment,
        owed=owed,
        unsent=orders.unsent_of(order),
        initial={"key": uuid4()},
    )
    step, can_give = step_of(request, form), payment is not None or owed > 0
    if step is not Step.FILL_IN and (can_give or form.is_given):
        written = {"amounts": form.amounts(), "pieces": form.pieces(), "reason": form.cleaned_data["reason"]}
        try:
            if step is Step.SAVE:
                split, asked = refund_services.give(
                    order=order, by=request.user, key=form.cleaned_data["key"], **written
                )
                return _given(request, order, split, asked)
            giving = selectors.giving_of(order, request.user, **written)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            page = presenters.confirm_giving(order, giving, request.user, reason=written["reason"])
            return render(request, f"{REFUND_FOLDER}/refund_look.html", {"order": order, "form": form, "page": page})
    context = {
        "order": order,
        "form": form,
        "can_give": can_give,
        "give_words": order_presenters.give_words(order),
        "is_off": payment is None and owed > 0,
        "lines": [presenters.RefundRow(refund, request.user) for refund in selectors.refunds_of(order)],
    }
    return render(request, f"{REFUND_FOLDER}/refund.html", context, status=422 if form.errors else 200)


@privileged
@requires(Permission.GIVE_BACK, FORM)
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
    return render(request, f"{REFUND_FOLDER}/confirmation.html", context)


@privileged
@requires(Permission.GIVE_BACK, FORM)
def refund_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.refund(pk)
    if request.method == "POST":
        refund_services.cancel(refund=found, by=request.user)
        messages.success(request, _("Canceled. Nothing is refunded."))
        return redirect("refunds_waiting")
    order_services.see_buyer(order=found.payment.order, by=request.user)
    return presenters.cancel_page(found).answer(request)


@privileged
@requires(Permission.GIVE_BACK, FORM)
def refund_check(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.refund(pk)
    form = forms.RefundCheckForm(request.POST or None)
    if form.carry_out(refund_services.pay_out, refund=found, by=request.user):
        messages.success(request, _("Written down. The business is told."))
        return redirect("refunds_waiting")
    order_services.see_buyer(order=found.payment.order, by=request.user)
    row = presenters.RefundRow(found, request.user)
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


def _given(request: SignedInRequest, order: Order, split: Split, asked: Refund | None) -> HttpResponse:
    """Send a refund that was just asked for, if one person may. A second press comes here too, and changes nothing."""
    if split.off or asked is None:
        messages.success(request, f"{to_clerk(split, order.party)}." if split.off else _("It is done already."))
    if asked is not None and asked.needs_second:
        messages.success(request, _("Asked for. Another person sends it. It is on the page “Money that waits”."))
    elif asked is not None:
        _send(request, asked)
    return redirect("order_refund", order.number)


def _send(request: SignedInRequest, refund: Refund) -> None:
    """Send a refund. If somebody presses twice, one press sends, and both show the same message."""
    try:
        refund_services.submit(refund=refund, by=request.user)
    except Stale:
        if selectors.refund(refund.pk).state in (RefundState.REQUESTED, RefundState.CANCELLED):
            raise
    sent = selectors.refund(refund.pk)
    if check := check_words(sent):
        words = _("The refund is %(check)s. The business reads it on its order.") % {"check": check}
    else:
        words = _("It is on its way, and the business reads it on its order.")
    messages.success(request, words)


@privileged
@requires(Permission.FULFILMENT, FORM)
def order_check(request: SignedInRequest, number: str) -> HttpResponse:
    order = orders.one(number)
    policies.must_be_on_account(order)
    form = forms.InvoiceCheckForm(request.POST or None, order=order)
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
