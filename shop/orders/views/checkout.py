"""The cart, and the checkout: four steps that a buyer can return to. It works without scripts."""

import secrets
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import FORM, SAFE, Permission, SignedInRequest, public, requires, session_rows
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.held_files import posted, say_refusal, takes_picture
from registry.places import selectors
from registry.registrants.models import Registrant
from registry.registrants.selectors import registrant_of_user
from shop.catalogue import selectors as catalogue
from shop.catalogue.forms import QuantityForm
from shop.catalogue.models import Product
from shop.catalogue.views import product_page
from shop.orders import policies
from shop.orders.forms import CardForm, ConfirmForm, ExemptionForm, PurchaseOrderForm, SendingForm
from shop.orders.hooks import year_pages
from shop.orders.models.orders import Cart, Order
from shop.orders.presenters import checkout as checkout_presenters
from shop.orders.presenters.checkout import CartPage
from shop.orders.selectors import orders as order_selectors
from shop.orders.selectors.quotes import CartRow, consent_of, is_about, rows_in, rows_of
from shop.orders.services import carts, orders as order_services, taxes
from shop.payments.views import to_payment

CART_KEY: Final = "cart"


def cart_of(request: HttpRequest) -> Cart | None:
    """Return the visitor's cart, or None. Lines from before a sign-in move to the account's cart."""
    browser = str(request.session.get(CART_KEY, ""))
    if not request.user.is_authenticated:
        return order_selectors.cart_of(user=None, browser=browser)
    if not browser:
        return order_selectors.cart_of(user=request.user, browser="")
    del request.session[CART_KEY]
    return carts.merge_after_sign_in(browser=browser, user=request.user)


def cart_rows(request: HttpRequest) -> Sequence[CartRow]:
    """Return the lines of the visitor's cart by one query for lines, not one more for the cart."""
    browser = str(request.session.get(CART_KEY, ""))
    if not request.user.is_authenticated:
        return rows_in(Q(cart__browser=order_selectors.browser_digest(browser))) if browser else []
    return rows_of(cart_of(request)) if browser else rows_in(Q(cart__user=request.user))


def open_cart(request: HttpRequest) -> Cart:
    browser = str(request.session.get(CART_KEY, ""))
    if request.user.is_authenticated:
        return (cart_of(request) if browser else None) or carts.open_for(user=request.user, browser="")
    if not browser:
        session_rows.make_sure(request.session)
        browser = request.session[CART_KEY] = secrets.token_urlsafe(32)
    return carts.open_for(user=None, browser=browser)


CART_FOLDER = "shop/orders"


@public
@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    return render(request, f"{CART_FOLDER}/cart.html", {"cart": CartPage(cart_rows(request))})


@public
@require_POST
@limit("cart", "60/m")
def cart_add(request: HttpRequest, slug: str) -> HttpResponse:
    product = catalogue.offered_product(slug)
    form = QuantityForm(request.POST)
    if not form.is_valid() or not form.carry_out(carts.put, cart=open_cart(request), product=product):
        return product_page(request, slug, form, status=422)
    messages.success(request, _("Added to your cart: %(name)s.") % {"name": product.local_name})
    return redirect("cart")


@public
@require_POST
@limit("cart", "60/m")
def cart_change(request: HttpRequest, slug: str) -> HttpResponse:
    found, product = _held_in_cart(request, slug)
    form = QuantityForm(request.POST, auto_id=f"{slug}-%s")
    if form.carry_out(carts.put, cart=found, product=product):
        messages.success(request, _("Changed: %(name)s.") % {"name": product.local_name})
        return redirect("cart")
    page = CartPage(rows_of(found), refused=(slug, form))
    return render(request, f"{CART_FOLDER}/cart.html", {"cart": page, "form": form}, status=422)


@public
@require_POST
@limit("cart", "60/m")
def cart_remove(request: HttpRequest, slug: str) -> HttpResponse:
    found, product = _held_in_cart(request, slug)
    carts.take_out(cart=found, product=product)
    messages.success(request, _("Removed: %(name)s.") % {"name": product.local_name})
    return redirect("cart")


@public
@require_POST
@limit("cart", "60/m")
def cart_accept(request: HttpRequest) -> HttpResponse:
    found = cart_of(request)
    if found is not None:
        carts.accept_prices(cart=found)
    return redirect("cart")


def _held_in_cart(request: HttpRequest, slug: str) -> tuple[Cart, Product]:
    found = cart_of(request)
    line = next((row.line for row in rows_of(found) if row.line.product.slug == slug), None)
    if found is None or line is None:
        raise Http404
    return found, line.product


FOLDER = "shop/orders/checkout"
HELD_PAPER = "held_paper"
"""Session key of the scan of a purchase order that is kept while its order has to be made again."""

P = ParamSpec("P")
BuyerView = Callable[Concatenate[SignedInRequest, Registrant, P], HttpResponseBase]
OrderView = Callable[Concatenate[SignedInRequest, Order, P], HttpResponseBase]
View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


def buyer(view: BuyerView[P]) -> View[P]:
    """Call the view with the user's registered business; anyone else goes to the first step of the checkout."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        registrant = registrant_of_user(request.user)
        if registrant is None or checkout_presenters.step_before_buying(request.user, registrant) is not None:
            return redirect("checkout")
        return view(request, registrant, *args, **kwargs)

    return guarded


def drafted(view: OrderView[P]) -> View[P]:
    """Call the view with the user's draft order; without one that can be ordered, go back to addresses or cart."""

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
    who = checkout_presenters.step_before_buying(user, registrant_of_user(user) if user else None)
    if who is None:
        return redirect("checkout_addresses")
    return render(request, f"{FOLDER}/who.html", checkout_presenters.page(0, who=who))


@requires(Permission.OWN_ORDERS, FORM)
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
            order_services.draft(registrant=registrant, cart=cart, by=request.user, sending=form.sending())
        except ValidationError as error:
            if error.message_dict.keys() & {"prices", "lines"}:
                return redirect("cart")
            form.add_refusal(error)
        else:
            return redirect("checkout_tax")
    has_goods = policies.has_goods(row.line for row in rows)
    return render(request, f"{FOLDER}/addresses.html", checkout_presenters.page(1, form=form, has_goods=has_goods))


@takes_picture
@requires(Permission.OWN_ORDERS, FORM)
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
    context = checkout_presenters.page(2, form=form, order=order, certificates=own, **summary)
    return render(request, f"{FOLDER}/tax.html", context)


@requires(Permission.OWN_ORDERS, SAFE)
@drafted
def checkout_payment(request: SignedInRequest, order: Order) -> HttpResponse:
    context = checkout_presenters.page(3, order=order, **checkout_presenters.summary(order))
    return render(request, f"{FOLDER}/payment.html", context)


@requires(Permission.OWN_ORDERS, FORM)
@limit("checkout", "60/m", account_of)
@drafted
def checkout_card(request: SignedInRequest, order: Order) -> HttpResponse:
    posted_form = request.POST if request.method == "POST" else None
    form = CardForm(posted_form, sentence=consent_of(order), tick=year_pages.answer.tick_words(order))
    if placed := form.carry_out(order_services.place, order=order, by=request.user, consents=form.consents):
        return to_payment(request, placed, keeps=form.keeps)
    return _confirm(request, order, form, "card")


@takes_picture
@requires(Permission.OWN_ORDERS, FORM)
@limit("checkout", "60/m", account_of)
@drafted
def checkout_purchase_order(request: SignedInRequest, order: Order) -> HttpResponse:
    held = {"held": request.session.pop(HELD_PAPER, "")}
    form = PurchaseOrderForm(*posted(request), order=order, sentence=consent_of(order), initial=held, by=request.user)
    say_refusal(form, "paper", request)
    if form.carry_out(order_services.submit_purchase_order, order=order, by=request.user, consents=form.consents):
        messages.success(
            request, _("Your order is sent. A clerk reviews your purchase order, and we will write to you.")
        )
        return redirect("order", order.number)
    return _confirm(request, order, form, "purchase_order")


def _draft_of(request: SignedInRequest) -> Order | HttpResponse:
    """Return the user's draft order, or a redirect to the addresses or the cart.

    The draft must match the cart: another tab may have changed it, and others may have bought the last pieces.
    """
    order, rows = order_selectors.own_draft(request.user), rows_of(cart_of(request))
    if order is None:
        return redirect("checkout_addresses")
    if request.method == "POST":
        # The service looks again, under its locks.
        return order
    if not is_about(order, rows):
        return _anew(request, policies.cart_changed_sentence())
    return redirect("cart") if any(row.needs_look for row in rows) else order


def _confirm(request: SignedInRequest, order: Order, form: ConfirmForm, method: str) -> HttpResponse:
    if form.anew:
        if isinstance(form, PurchaseOrderForm):
            request.session[HELD_PAPER] = form.token
        return _anew(request, form.anew)
    context = checkout_presenters.page(
        4, order=order, form=form, method=method, fee_terms=checkout_presenters.fee_terms(order)
    )
    return render(request, f"{FOLDER}/confirm.html", {**context, **checkout_presenters.summary(order, method=method)})


def _anew(request: SignedInRequest, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return redirect("checkout_addresses" if rows_of(cart_of(request)) else "cart")


def _written(request: SignedInRequest, registrant: Registrant) -> dict[str, Any]:
    order = order_selectors.own_draft(request.user)
    if order is not None:
        addresses = policies.address_columns("ship", order.ship_to) | policies.address_columns("bill", order.bill_to)
        return {"ship_name": order.ship_name, "same": order.ship_to == order.bill_to, **addresses}
    place = selectors.premises_of(registrant).first()
    written = {"ship_name": registrant.name, "same": True}
    return written if place is None else written | policies.address_columns("ship", place.address)
