import logging
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.held_files import posted, say_refusal, takes_picture
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.addresses import absolute
from integration.cores import selectors
from registry.registrants.models import Registrant
from registry.registrants.selectors import registrant_of_user
from shop.connections import presenters, selectors as connections
from shop.connections.services import cards, subscriptions as subscription_services, years
from shop.connections.states import SubscriptionState
from shop.orders.forms import PurchaseOrderForm
from shop.orders.presenters import orders
from shop.payments.gateway.answers import GatewayFault
from shop.payments.views import to_payment
from shop.rules import DUE_AFTER

logger = logging.getLogger(__name__)


@requires(Permission.OWN_ORDERS, SAFE)
def payment_method(request: SignedInRequest) -> HttpResponse:
    own = [presenters.YearCard(found) for found in connections.own_subscriptions(request.user)]
    card = connections.own_card(request.user)
    registrant = registrant_of_user(request.user)
    context = {
        "card": card,
        "facts": presenters.card_facts(card),
        "pays": connections.card_pays_words(card) if card else "",
        "would_pay": connections.words_for(connections.orders_for_new_card(registrant)) if registrant else "",
        "years": [each for each in own if each.is_renewed],
    }
    return render(request, "shop/connections/payment_method.html", context)


@requires(Permission.OWN_ORDERS, POST)
@limit("pay", "20/m", account_of)
def payment_method_change(request: SignedInRequest) -> HttpResponse:
    back = absolute(reverse("payment_method_saved"))
    try:
        change = cards.begin_change(registrant=_own_registrant(request), by=request.user, return_to=back)
    except Stale as stale:
        messages.error(request, stale.sentence)
        return redirect("payment_method")
    return redirect(change.url)


@requires(Permission.OWN_ORDERS, SAFE)
def payment_method_saved(request: SignedInRequest) -> HttpResponse:
    before = connections.own_card(request.user)
    try:
        cards.settle_open(registrant=_own_registrant(request))
    except GatewayFault as fault:
        logger.warning("The payment service says nothing about a card: %s", type(fault).__name__)
        messages.info(request, _("The payment service does not answer right now. We will check again automatically."))
        return redirect("payment_method")
    after = connections.own_card(request.user)
    if after is not None and (before is None or before.method != after.method):
        messages.success(request, _("Your card is saved at the payment service."))
    return redirect("payment_method")


@requires(Permission.OWN_ORDERS, POST)
def payment_method_remove(request: SignedInRequest) -> HttpResponse:
    cards.remove(registrant=_own_registrant(request), by=request.user)
    messages.success(request, _("Removed. Nothing is charged automatically any more."))
    return redirect("payment_method")


def _own_registrant(request: SignedInRequest) -> Registrant:
    registrant = registrant_of_user(request.user)
    if registrant is None:
        raise Http404
    return registrant


FOLDER = "shop/connections"


@takes_picture
@requires(Permission.OWN_ORDERS, FORM)
@limit("checkout", "60/m", account_of)
def order_purchase_order(request: SignedInRequest, number: str) -> HttpResponse:
    order = connections.own_unpaid_year(request.user, number)
    form = PurchaseOrderForm(*posted(request), order=order, sentence="", by=request.user)
    say_refusal(form, "paper", request)
    if sent := form.carry_out(years.pay_by_purchase_order, order=order, by=request.user):
        messages.success(request, _("Sent. A clerk reviews your purchase order, and we will write to you."))
        return redirect("order", sent.order.number)
    page = orders.order_page(order, request.user)
    context = {
        "order": order,
        "page": page,
        "form": form,
        "due_after": DUE_AFTER.days,
        "has_lapsed": order.renews is not None and order.renews.state == SubscriptionState.LAPSED,
    }
    return render(request, f"{FOLDER}/purchase_order.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN_DEVICES, POST)
@limit("pay", "20/m", account_of)
def device_reconnect(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Redirect to the payment page of a year that begins today, for a CORE that was stopped for an unpaid year."""
    core = selectors.own_one(request.user, pk)
    try:
        order = years.reconnect(core=core, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("device", pk)
    return to_payment(request, order)


@requires(Permission.OWN_DEVICES, FORM)
def device_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    found = connections.own_subscription(request.user, core)
    card = presenters.SubscriptionCard(found)
    if request.method == "POST":
        # Words of the confirmed page: after the act there is no refund left to compute.
        if request.POST.get("when") == "now":
            money = card.now_words
            subscription_services.cancel_now(core=core, by=request.user)
            messages.success(request, f"{_('It has ended. Nobody sees anything through this CORE any more.')} {money}")
        else:
            money, day = card.ahead_words, {"day": card.year_ends}
            subscription_services.cancel_with_year(core=core, by=request.user)
            messages.success(request, f"{_('Canceled. Everything works until %(day)s.') % day} {money}".strip())
        return redirect("device", pk)
    context = {"core": core, "card": card}
    return render(request, f"{FOLDER}/cancel.html", context)


@requires(Permission.OWN_DEVICES, POST)
def device_uncancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    subscription_services.keep(core=selectors.own_one(request.user, pk), by=request.user)
    messages.success(request, _("Kept. Everything works as before."))
    return redirect("device", pk)


@requires(Permission.FULFILMENT, SAFE)
def years_owing(request: SignedInRequest) -> HttpResponse:
    """List the connections with an unpaid year, why it was not charged, and when the CORE stops."""
    context = {"list": presenters.owing_list(), "unheard": connections.undelivered_years()}
    return render(request, f"{FOLDER}/unpaid_years.html", context)
