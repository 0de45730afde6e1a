"""What is sold: the list with a comparison, one product, its pictures."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.access import public
from fusus_portal.access.limits import limit
from shop import files
from shop.baskets import open_cart
from shop.forms.buying import CamerasForm, QuantityForm
from shop.presenters import catalogue as pages
from shop.rules import PICTURE_SIDES
from shop.selectors import catalogue as known
from shop.services import carts

FOLDER = "shop/public"
PICTURE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A picture never changes: another one is another address.
    "Cache-Control": "public, max-age=31536000, immutable",
}


@public
@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """List what is sold, and what serves so many cameras."""
    page = Paginator(known.listed(), pages.PRODUCTS_A_PAGE).get_page(request.GET.get("page"))
    form = CamerasForm(request.GET if "cameras" in request.GET else None)
    cameras = form.cleaned_data["cameras"] if form.is_bound and form.is_valid() else None
    context = {
        "sections": pages.sections(known.offers(page)),
        "page": page,
        "query": f"cameras={cameras}&" if cameras else "",
        "form": form,
        "cameras": cameras,
        "choices": pages.choices(known.core_offers(), cameras) if cameras else [],
    }
    return render(request, f"{FOLDER}/list.html", context)


@public
@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one product: what it costs now and in each later year, and whether it is there."""
    return _product(request, slug, QuantityForm())


@public
@require_POST
@limit("cart", "60/m")
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put some of it into the cart."""
    product = known.offered(slug)
    form = QuantityForm(request.POST)
    if form.is_valid():
        try:
            carts.put(cart=open_cart(request), product=product, **form.cleaned_data)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("In your cart: %(name)s.") % {"name": product.local_name})
            return redirect("cart")
    return _product(request, slug, form, status=422)


@public
@require_safe
def product_picture(request: HttpRequest, pk: UUID, size: str) -> HttpResponseBase:
    """Hand out a picture in one size."""
    if size not in PICTURE_SIDES:
        raise Http404
    try:
        picture = files.open_picture(known.picture(pk).key, size)
    except FileNotFoundError as gone:
        raise Http404 from gone
    return FileResponse(picture, content_type="image/webp", headers=PICTURE_HEADERS)


def _product(request: HttpRequest, slug: str, form: QuantityForm, *, status: int = 200) -> HttpResponse:
    context = {"card": pages.ProductCard(known.offer(slug)), "form": form}
    return render(request, f"{FOLDER}/product.html", context, status=status)
