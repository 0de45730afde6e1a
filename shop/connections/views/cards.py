import logging

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.addresses import absolute
from registry.people import selectors as people
from registry.people.models import Registrant
from shop.connections.presenters.renewals import YearCard, method_facts
from shop.connections.selectors import kept_cards, subscriptions
from shop.connections.services import cards
from shop.payments.gateway.answers import GatewayFault

logger = logging.getLogger(__name__)


@requires(Permission.OWN_ORDERS)
@require_safe
def payment_method(request: SignedInRequest) -> HttpResponse:
    own = [YearCard(found) for found in subscriptions.own(request.user)]
    card = kept_cards.own_card(request.user)
    registrant = people.registrant_of_user(request.user)
    context = {
        "card": card,
        "facts": method_facts(card),
        "pays": kept_cards.pays_words(card) if card else "",
        "would_pay": kept_cards.pays_if_left(registrant) if registrant else "",
        "years": [each for each in own if each.is_renewed],
    }
    return render(request, "shop/connections/payment_method.html", context)


@requires(Permission.OWN_ORDERS)
@require_POST
@limit("pay", "20/m", account_of)
def payment_method_change(request: SignedInRequest) -> HttpResponse:
    back = absolute(reverse("payment_method_saved"))
    try:
        change = cards.begin_change(registrant=_own(request), by=request.user, return_to=back)
    except Stale as stale:
        messages.error(request, stale.sentence)
        return redirect("payment_method")
    return redirect(change.url)


@requires(Permission.OWN_ORDERS)
@require_safe
def payment_method_saved(request: SignedInRequest) -> HttpResponse:
    before = kept_cards.own_card(request.user)
    try:
        cards.settle_open(registrant=_own(request))
    except GatewayFault as fault:
        logger.warning("The payment service says nothing about a card: %s", type(fault).__name__)
        messages.info(request, _("The payment service does not answer right now. We will check again automatically."))
        return redirect("payment_method")
    after = kept_cards.own_card(request.user)
    if after is not None and (before is None or before.method != after.method):
        messages.success(request, _("Your card is saved at the payment service."))
    return redirect("payment_method")


@requires(Permission.OWN_ORDERS)
@require_POST
def payment_method_remove(request: SignedInRequest) -> HttpResponse:
    cards.remove(registrant=_own(request), by=request.user)
    messages.success(request, _("Removed. Nothing is charged automatically any more."))
    return redirect("payment_method")


def _own(request: SignedInRequest) -> Registrant:
    registrant = people.registrant_of_user(request.user)
    if registrant is None:
        raise Http404
    return registrant
