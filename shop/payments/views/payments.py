"""The way to the payment page and back. A returning buyer reads what happened, even while the service is slow."""

import logging

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit, spend
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.addresses import absolute
from shop.orders.models.orders import Order
from shop.orders.presenters import orders as order_presenters
from shop.orders.selectors import orders as order_selectors
from shop.payments.gateway.answers import GatewayFault
from shop.payments.selectors import payments
from shop.payments.services import attempts, settlement

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
        attempt = attempts.begin(order=order, by=request.user, return_to=back, keeps=keeps)
    except Stale as stale:
        messages.error(request, stale.sentence)
    except GatewayFault as fault:
        logger.warning("No payment page for order %s: %s", order.number, type(fault).__name__)
        messages.error(request, attempts.no_answer())
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
    attempt = payments.latest_attempt(order)
    if attempt is not None:
        # Each request asks the payment service; the page itself polls twelve times a minute.
        spend("payment_state", "60/m", account_of(request))
        try:
            # Settling has one effect, however often it is called: here, from the webhook, or at night.
            settlement.settle(attempt=attempt)
        except GatewayFault as fault:
            logger.warning("The payment service says nothing about %s: %s", attempt.pk, type(fault).__name__)
        order = order_selectors.own_one(request.user, number)
    heading, text, is_waiting = order_presenters.paid_words(order)
    page = order_presenters.order_page(order, request.user)
    context = {"order": order, "page": page, "heading": heading, "text": text, "is_waiting": is_waiting}
    return render(request, f"{FOLDER}/{template}", context)
