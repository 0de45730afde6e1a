from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.access.limits import limit
from shop.catalogue.forms.shop import QuantityForm
from shop.catalogue.models import Product
from shop.catalogue.selectors import products
from shop.catalogue.views.shop import product_page
from shop.orders.models.carts import Cart
from shop.orders.presenters.carts import CartPage
from shop.orders.selectors.carts import rows_of
from shop.orders.services import carts
from shop.orders.visitor_carts import cart_of, open_cart, rows_for

FOLDER = "shop/orders"


@public
@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/cart.html", {"cart": CartPage(rows_for(request))})


@public
@require_POST
@limit("cart", "60/m")
def add(request: HttpRequest, slug: str) -> HttpResponse:
    product = products.offered(slug)
    form = QuantityForm(request.POST)
    if not form.is_valid() or not form.carry_out(carts.put, cart=open_cart(request), product=product):
        return product_page(request, slug, form, status=422)
    messages.success(request, _("Added to your cart: %(name)s.") % {"name": product.local_name})
    return redirect("cart")


@public
@require_POST
@limit("cart", "60/m")
def cart_change(request: HttpRequest, slug: str) -> HttpResponse:
    found, product = _held(request, slug)
    form = QuantityForm(request.POST, auto_id=f"{slug}-%s")
    if form.carry_out(carts.put, cart=found, product=product):
        messages.success(request, _("Changed: %(name)s.") % {"name": product.local_name})
        return redirect("cart")
    page = CartPage(rows_of(found), refused=(slug, form))
    return render(request, f"{FOLDER}/cart.html", {"cart": page, "form": form}, status=422)


@public
@require_POST
@limit("cart", "60/m")
def cart_remove(request: HttpRequest, slug: str) -> HttpResponse:
    found, product = _held(request, slug)
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


def _held(request: HttpRequest, slug: str) -> tuple[Cart, Product]:
    found = cart_of(request)
    line = next((row.line for row in rows_of(found) if row.line.product.slug == slug), None)
    if found is None or line is None:
        raise Http404
    return found, line.product
