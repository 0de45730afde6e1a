"""The checkout: five steps that a buyer can return to. It works without scripts."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, public, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.picture_forms import posted, say_refusal, takes_picture
from registry.people import selectors as people
from registry.people.models import Registrant
from registry.places import selectors
from shop.connections.selectors import kept_cards
from shop.orders.forms.checkout import CardForm, ConfirmForm, PurchaseOrderForm, SendingForm
from shop.orders.forms.taxes import ExemptionForm
from shop.orders.models.orders import Order
from shop.orders.presenters import checkout as checkout_presenters
from shop.orders.selectors import orders as order_selectors
from shop.orders.selectors.carts import is_about, rows_of
from shop.orders.selectors.quotes import consent_of
from shop.orders.services import carts, drafts, purchase_orders, taxes
from shop.orders.services import orders as order_services
from shop.orders.visitor_carts import cart_of
from shop.payments.views.payments import to_payment

FOLDER = "shop/orders/checkout"
HELD = "held_paper"
"""Session key of the held paper of a purchase order whose order has to be made again."""

P = ParamSpec("P")
BuyerView = Callable[Concatenate[SignedInRequest, Registrant, P], HttpResponseBase]
OrderView = Callable[Concatenate[SignedInRequest, Order, P], HttpResponseBase]
View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


def buyer(view: BuyerView[P]) -> View[P]:
    """Hand the business to the view; anyone else goes to step one."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        registrant = people.registrant_of_user(request.user)
        if registrant is None or checkout_presenters.who_is(request.user, registrant) is not None:
            return redirect("checkout")
        return view(request, registrant, *args, **kwargs)

    return guarded


def drafted(view: OrderView[P]) -> View[P]:
    """Hand the draft order to the view; without one that can be ordered, go to where it is made."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = _draft_of(request)
        return found if isinstance(found, HttpResponse) else view(request, found, *args, **kwargs)

    return guarded


@public
@never_cache
@require_safe
def checkout(request: HttpRequest) -> HttpResponse:
    rows = rows_of(cart_of(request))
    if not rows or any(row.needs_look for row in rows):
        return redirect("cart")
    user = request.user if request.user.is_authenticated else None
    who = checkout_presenters.who_is(user, people.registrant_of_user(user) if user else None)
    if who is None:
        return redirect("checkout_addresses")
    return render(request, f"{FOLDER}/who.html", checkout_presenters.page(1, who=who))


@requires(Permission.OWN_ORDERS)
@require_form
@limit("checkout", "60/m", account_of)
@buyer
def checkout_addresses(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    cart = cart_of(request)
    rows = rows_of(cart)
    if not rows or any(row.needs_look for row in rows):
        return redirect("cart")
    form = SendingForm(request.POST or None, initial=_written(request, registrant))
    if request.method == "POST" and form.is_valid():
        try:
            drafts.draft(registrant=registrant, cart=cart, by=request.user, sending=form.sending())
        except ValidationError as error:
            if error.message_dict.keys() & {"prices", "lines"}:
                return redirect("cart")
            form.add_refusal(error)
        else:
            return redirect("checkout_tax")
    return render(request, f"{FOLDER}/addresses.html", checkout_presenters.page(2, form=form))


@takes_picture
@requires(Permission.OWN_ORDERS)
@require_form
@limit("checkout", "60/m", account_of)
@buyer
def checkout_tax(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    order = _draft_of(request)
    if isinstance(order, HttpResponse):
        return order
    form = ExemptionForm(*posted(request), initial={"state_code": order.ship_state}, by=request.user)
    say_refusal(form, "paper", request)
    if form.carry_out(taxes.send, registrant=registrant, by=request.user):
        messages.success(request, _("Sent. It applies once a clerk has approved it."))
        return redirect("checkout_tax")
    own = order_selectors.certificates_of(request.user)
    summary = checkout_presenters.summary(order)
    context = checkout_presenters.page(3, form=form, order=order, certificates=own, **summary)
    return render(request, f"{FOLDER}/tax.html", context)


@requires(Permission.OWN_ORDERS)
@require_safe
@drafted
def checkout_payment(request: SignedInRequest, order: Order) -> HttpResponse:
    context = checkout_presenters.page(4, order=order, **checkout_presenters.summary(order))
    return render(request, f"{FOLDER}/payment.html", context)


@requires(Permission.OWN_ORDERS)
@require_form
@limit("checkout", "60/m", account_of)
@drafted
def checkout_card(request: SignedInRequest, order: Order) -> HttpResponse:
    posted_form = request.POST if request.method == "POST" else None
    form = CardForm(posted_form, sentence=consent_of(order), tick=kept_cards.tick_words(order))
    if placed := form.carry_out(order_services.place, order=order, by=request.user, consents=form.consents):
        return to_payment(request, placed, keeps=form.keeps)
    return _confirm(request, order, form, "card")


@takes_picture
@requires(Permission.OWN_ORDERS)
@require_form
@limit("checkout", "60/m", account_of)
@drafted
def checkout_purchase_order(request: SignedInRequest, order: Order) -> HttpResponse:
    held = {"held": request.session.pop(HELD, "")}
    form = PurchaseOrderForm(*posted(request), order=order, sentence=consent_of(order), initial=held, by=request.user)
    say_refusal(form, "paper", request)
    if form.carry_out(purchase_orders.submit, order=order, by=request.user, consents=form.consents):
        messages.success(
            request, _("Your order is sent. A clerk reviews your purchase order, and we will write to you.")
        )
        return redirect("order", order.number)
    return _confirm(request, order, form, "purchase_order")


def _draft_of(request: SignedInRequest) -> Order | HttpResponse:
    """Return the draft order, or a redirect to where it is made.

    The draft must match the cart: another tab may have changed it, and others may have bought.
    """
    order, rows = order_selectors.own_draft(request.user), rows_of(cart_of(request))
    if order is None:
        return redirect("checkout_addresses")
    if request.method == "POST":
        # The service looks again, under its locks.
        return order
    if not is_about(order, rows):
        return _anew(request, carts.changed_sentence())
    return redirect("cart") if any(row.needs_look for row in rows) else order


def _confirm(request: SignedInRequest, order: Order, form: ConfirmForm, method: str) -> HttpResponse:
    if form.anew:
        if isinstance(form, PurchaseOrderForm):
            request.session[HELD] = form.token
        return _anew(request, form.anew)
    context = checkout_presenters.page(
        5, order=order, form=form, method=method, fee_terms=checkout_presenters.fee_terms(order)
    )
    return render(request, f"{FOLDER}/confirm.html", {**context, **checkout_presenters.summary(order, method=method)})


def _anew(request: SignedInRequest, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return redirect("checkout_addresses" if rows_of(cart_of(request)) else "cart")


def _written(request: SignedInRequest, registrant: Registrant) -> dict[str, Any]:
    order = order_selectors.own_draft(request.user)
    if order is not None:
        addresses = drafts.columns_of("ship", order.ship_to) | drafts.columns_of("bill", order.bill_to)
        return {"ship_name": order.ship_name, "same": order.ship_to == order.bill_to, **addresses}
    place = selectors.premises_of(registrant).first()
    written = {"ship_name": registrant.name, "same": True}
    return written if place is None else written | drafts.columns_of("ship", place.address)
