"""The way to the payment page and back, even while the service is slow; and its webhook."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, public, requires
from fusus_portal.ground.access.limits import account_of, limit, spend
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.addresses import absolute
from shop.orders.models.orders import Order
from shop.orders.presenters import orders as order_presenters
from shop.orders.selectors import orders as order_selectors
from shop.payments import selectors
from shop.payments.gateway.answers import GatewayFault
from shop.payments.gateway.parsers import BadNotice, read_notice
from shop.payments.services import notices, payments

logger = logging.getLogger(__name__)

FOLDER = "shop/orders/own"


@requires(Permission.OWN_ORDERS)
@require_POST
@limit("pay", "20/m", account_of)
def order_pay(request: SignedInRequest, number: str) -> HttpResponse:
    return to_payment(request, order_selectors.own_one(request.user, number), keeps="keep" in request.POST)


def to_payment(request: SignedInRequest, order: Order, *, keeps: bool = False) -> HttpResponse:
    """Redirect to the payment page; if that fails, back to the order. keeps: the buyer ticked to save the card."""
    back = absolute(reverse("order_paid", args=[order.number]))
    try:
        attempt = payments.begin_attempt(order=order, by=request.user, return_to=back, keeps=keeps)
    except Stale as stale:
        messages.error(request, stale.sentence)
    except GatewayFault as fault:
        logger.warning("No payment page for order %s: %s", order.number, type(fault).__name__)
        messages.error(request, payments.no_answer())
    else:
        return redirect(attempt.url)
    return redirect("order", order.number)


@requires(Permission.OWN_ORDERS)
@require_safe
def order_paid(request: SignedInRequest, number: str) -> HttpResponse:
    return _paid(request, number, "paid.html")


@requires(Permission.OWN_ORDERS)
@require_safe
def order_paid_state(request: SignedInRequest, number: str) -> HttpResponse:
    return _paid(request, number, "paid_state.html")


def _paid(request: SignedInRequest, number: str, template: str) -> HttpResponse:
    order = order_selectors.own_one(request.user, number)
    attempt = selectors.latest_attempt(order)
    if attempt is not None:
        # Each request asks the payment service; the page itself polls twelve times a minute.
        spend("payment_state", "60/m", account_of(request))
        try:
            # Settling has one effect, however often it is called: here, from the webhook, or at night.
            payments.settle(attempt=attempt)
        except GatewayFault as fault:
            logger.warning("The payment service says nothing about %s: %s", attempt.pk, type(fault).__name__)
        order = order_selectors.own_one(request.user, number)
    heading, text, is_waiting = order_presenters.paid_words(order)
    page = order_presenters.order_page(order, request.user)
    context = {"order": order, "page": page, "heading": heading, "text": text, "is_waiting": is_waiting}
    return render(request, f"{FOLDER}/{template}", context)


LONGEST_WEBHOOK = 1024**2
"""Bytes of a webhook. Real ones have some thousand."""


@public
@csrf_exempt  # no cookie gives a right here: the signature does
@never_cache
def payments_webhook(request: HttpRequest) -> HttpResponseBase:
    """Record a webhook, and answer 200 as soon as it is committed, also if it is known already.

    A webhook that is not signed by the payment service, or was signed more than five minutes ago, gets 400 and changes
    nothing.
    """
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
