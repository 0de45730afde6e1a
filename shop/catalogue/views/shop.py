from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.serving import byte_range as serving
from shop.catalogue import files, selectors
from shop.catalogue.forms.shop import CamerasForm, QuantityForm
from shop.catalogue.presenters import products as product_presenters
from shop.limits.models import ShopLimits
from shop.rules import PICTURE_SIDES

FOLDER = "shop/catalogue"
PICTURE_HEADERS = {
    **serving.INERT_HEADERS,
    # A picture never changes: a new one has a new address.
    "Cache-Control": "public, max-age=31536000, immutable",
}


@public
@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    page = Paginator(selectors.listed_products(), product_presenters.PRODUCTS_A_PAGE).get_page(request.GET.get("page"))
    form = CamerasForm(request.GET if "cameras" in request.GET else None)
    cameras = form.cleaned_data["cameras"] if form.is_bound and form.is_valid() else None
    choices = []
    if cameras:
        most = ShopLimits.current().most_of_one
        choices = product_presenters.core_choices(selectors.core_offers(), cameras, most=most)
    context = {
        "sections": product_presenters.offers_by_kind(selectors.offers_of(page)),
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
    return product_page(request, slug, QuantityForm())


@public
@require_safe
def product_picture(request: HttpRequest, pk: UUID, size: str) -> HttpResponseBase:
    if size not in PICTURE_SIDES:
        raise Http404
    picture = files.open_picture(selectors.picture(pk).key, size)
    return FileResponse(picture, content_type="image/webp", headers=PICTURE_HEADERS)


def product_page(request: HttpRequest, slug: str, form: QuantityForm, *, status: int = 200) -> HttpResponse:
    context = {"card": product_presenters.ProductCard(selectors.offer(slug)), "form": form}
    return render(request, f"{FOLDER}/product.html", context, status=status)
