from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.picture_forms import posted, say_refusal, takes_picture
from integration.cores import selectors
from shop.connections.presenters import unpaid_years
from shop.connections.presenters.subscriptions import SubscriptionCard
from shop.connections.selectors import renewals
from shop.connections.selectors import subscriptions as subscription_selectors
from shop.connections.services import lapses
from shop.connections.services import subscriptions as subscription_services
from shop.orders.forms import PurchaseOrderForm
from shop.orders.presenters import orders
from shop.payments.views.payments import to_payment
from shop.rules import DUE_AFTER, LAPSES_AFTER

FOLDER = "shop/connections"
NOW = "now"


@takes_picture
@requires(Permission.OWN_ORDERS)
@require_form
@limit("checkout", "60/m", account_of)
def order_purchase_order(request: SignedInRequest, number: str) -> HttpResponse:
    order = renewals.own_waiting(request.user, number)
    form = PurchaseOrderForm(*posted(request), order=order, sentence="", by=request.user)
    say_refusal(form, "paper", request)
    if sent := form.carry_out(lapses.by_purchase_order, order=order, by=request.user):
        messages.success(request, _("Sent. A clerk reviews your purchase order, and we will write to you."))
        return redirect("order", sent.order.number)
    page = orders.order_page(order, request.user)
    context = {"order": order, "page": page, "form": form, "due_after": DUE_AFTER.days}
    return render(request, f"{FOLDER}/purchase_order.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN_DEVICES)
@require_POST
@limit("pay", "20/m", account_of)
def device_reconnect(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Redirect to the payment page of a year that begins today, for a CORE that was stopped for an unpaid one."""
    core = selectors.own_one(request.user, pk)
    try:
        order = lapses.reconnect(core=core, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("device", pk)
    return to_payment(request, order)


@requires(Permission.OWN_DEVICES)
@require_form
def device_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    found = subscription_selectors.own_of(request.user, core)
    card = SubscriptionCard(found)
    if request.method == "POST":
        # Words of the confirmed page: after the act there is no refund left to compute.
        if request.POST.get("when") == NOW:
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


@requires(Permission.OWN_DEVICES)
@require_POST
def device_uncancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    subscription_services.keep(core=selectors.own_one(request.user, pk), by=request.user)
    messages.success(request, _("Kept. Everything works as before."))
    return redirect("device", pk)


@requires(Permission.FULFILMENT)
@require_safe
def years_owing(request: SignedInRequest) -> HttpResponse:
    """List the years that nobody has paid, with why they were not charged and when their COREs stop."""
    context = {"rows": unpaid_years.owing(), "unheard": renewals.unheard(), "lapses_after": LAPSES_AFTER.days}
    return render(request, f"{FOLDER}/unpaid_years.html", context)
