"""What is sold: the list with a comparison, one product, its pictures."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.pages import sent_files
from shop.catalogue import files
from shop.catalogue.forms.shop import CamerasForm, QuantityForm
from shop.catalogue.presenters import products as product_presenters
from shop.catalogue.selectors import products as product_selectors
from shop.limits.models import ShopLimits
from shop.rules import PICTURE_SIDES

FOLDER = "shop/catalogue"
PICTURE_HEADERS = {
    **sent_files.INERT,
    # A picture never changes: another one is another address.
    "Cache-Control": "public, max-age=31536000, immutable",
}


@public
@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """List what is sold, and which CORE serves a number of cameras."""
    page = Paginator(product_selectors.listed(), product_presenters.PRODUCTS_A_PAGE).get_page(request.GET.get("page"))
    form = CamerasForm(request.GET if "cameras" in request.GET else None)
    cameras = form.cleaned_data["cameras"] if form.is_bound and form.is_valid() else None
    choices = []
    if cameras:
        most = ShopLimits.current().most_of_one
        choices = product_presenters.choices(product_selectors.core_offers(), cameras, most=most)
    context = {
        "sections": product_presenters.sections(product_selectors.offers(page)),
        "page": page,
        "query": f"cameras={cameras}&" if cameras else "",
        "form": form,
        "cameras": cameras,
        "choices": choices,
    }
    return render(request, f"{FOLDER}/list.html", context)


@public
@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one product: what it costs now and in each later year, and whether it is there."""
    return product_page(request, slug, QuantityForm())


@public
@require_safe
def product_picture(request: HttpRequest, pk: UUID, size: str) -> HttpResponseBase:
    """Hand out a picture in one size."""
    if size not in PICTURE_SIDES:
        raise Http404
    picture = files.open_picture(product_selectors.picture(pk).key, size)
    return FileResponse(picture, content_type="image/webp", headers=PICTURE_HEADERS)


def product_page(request: HttpRequest, slug: str, form: QuantityForm, *, status: int = 200) -> HttpResponse:
    """Show a product with the form by which it is put into the cart."""
    context = {"card": product_presenters.ProductCard(product_selectors.offer(slug)), "form": form}
    return render(request, f"{FOLDER}/product.html", context, status=status)
