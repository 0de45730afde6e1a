from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, public, requires
from fusus_portal.ground.agency.steps import Step, step_of
from fusus_portal.ground.held_files import say_refusal, takes_picture
from fusus_portal.ground.serving import byte_range as serving
from shop.catalogue import files, presenters, selectors, services
from shop.catalogue.forms import CamerasForm, DetailsForm, DiscountForm, PictureForm, PriceForm, QuantityForm, StockForm
from shop.catalogue.models import Product
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
    page = Paginator(selectors.listed_products(), presenters.PRODUCTS_A_PAGE).get_page(request.GET.get("page"))
    form = CamerasForm(request.GET if "cameras" in request.GET else None)
    cameras = form.cleaned_data["cameras"] if form.is_bound and form.is_valid() else None
    choices = []
    if cameras:
        most = ShopLimits.current().most_of_one
        choices = presenters.core_choices(selectors.core_offers(), cameras, most=most)
    context = {
        "sections": presenters.offers_by_kind(selectors.offers_of(page)),
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
    context = {"card": presenters.ProductCard(selectors.offer(slug)), "form": form}
    return render(request, f"{FOLDER}/product.html", context, status=status)


ADMIN_FOLDER = "shop/catalogue/admin"
ACTS: dict[str, Callable[..., Product]] = {"retire": services.retire_product, "offer": services.offer_product}


@requires(Permission.ADMINISTER, SAFE)
def catalogue_list(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{ADMIN_FOLDER}/list.html", {"table": presenters.table()})


@requires(Permission.ADMINISTER, FORM)
def product_new(request: SignedInRequest) -> HttpResponse:
    form = DetailsForm(request.POST or None)
    step = step_of(request, form)
    if step is Step.SAVE and (added := form.carry_out(services.add_product, by=request.user)):
        messages.success(request, _("Added. It is sold once it has a price."))
        return redirect("catalogue_product", added.pk)
    return _written(request, form, None, step)


@requires(Permission.ADMINISTER, FORM)
def product_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.product(pk)
    form = DetailsForm(request.POST or None, product=found)
    step = step_of(request, form)
    if step is not Step.SAVE or not form.carry_out(services.change_product, product=found, by=request.user):
        return _written(request, form, found, step)
    messages.success(request, _("Saved. Visitors see it from now on; orders keep what they were told."))
    return redirect("catalogue_product", pk)


@requires(Permission.ADMINISTER, SAFE)
def product_admin(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _product(request, selectors.product(pk))


@requires(Permission.ADMINISTER, POST)
def product_price(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.product(pk)
    form = PriceForm(request.POST, product=found)
    done = _("The new price is set. Carts show it before it counts.")
    return _saved(request, found, {"price_form": form}, services.set_price, done)


@requires(Permission.ADMINISTER, POST)
def product_discount(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.product(pk)
    form = DiscountForm(request.POST)
    done = _("The discount counts from now on.")
    return _saved(request, found, {"discount_form": form}, services.add_discount, done)


@requires(Permission.ADMINISTER, POST)
def product_discount_end(request: SignedInRequest, pk: UUID, discount: UUID) -> HttpResponse:
    found = selectors.discount_of(selectors.product(pk), discount)
    services.end_discount(discount=found, by=request.user)
    messages.success(request, _("The discount has ended."))
    return redirect("catalogue_product", pk)


@requires(Permission.ADMINISTER, POST)
def product_stock(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.product(pk)
    form = StockForm(request.POST, product=found)
    return _saved(request, found, {"stock_form": form}, services.change_stock, _("Written down."))


@takes_picture
@requires(Permission.ADMINISTER, POST)
def product_picture_add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.product(pk)
    form = PictureForm(request.POST, request.FILES, product=found, by=request.user)
    say_refusal(form, "picture", request)
    done = _("The picture is added, in each size.")
    return _saved(request, found, {"picture_form": form}, services.add_picture, done)


@requires(Permission.ADMINISTER, POST)
def product_picture_remove(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponse:
    found = selectors.picture_of(selectors.product(pk), picture)
    services.remove_picture(picture=found, by=request.user)
    messages.success(request, _("The picture is removed."))
    return redirect("catalogue_product", pk)


@requires(Permission.ADMINISTER, POST)
def product_act(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    done = ACTS[act](product=selectors.product(pk), by=request.user)
    sentence = _("It is no longer sold. Orders keep it.") if done.retired_at else _("It is sold again.")
    messages.success(request, sentence)
    return redirect("catalogue_product", pk)


def _saved(
    request: SignedInRequest, found: Product, forms: dict[str, Any], act: Callable[..., object], done: str
) -> HttpResponse:
    [form] = forms.values()
    if form.carry_out(act, product=found, by=request.user):
        messages.success(request, done)
        return redirect("catalogue_product", found.pk)
    return _product(request, found, status=422, form=form, **forms)


def _product(request: SignedInRequest, found: Product, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "product": found,
        "row": presenters.Row(found, selectors.price_of(found), presenters.shelves_of([found]).get(found.pk)),
        "pictures": [presenters.ShownPicture(picture) for picture in found.pictures.all()],
        "prices": presenters.price_moments(found),
        "discounts": presenters.discounts(found),
        "movements": presenters.stock_moments(found),
        "price_form": PriceForm(auto_id="price-%s", product=found),
        "discount_form": DiscountForm(auto_id="discount-%s"),
        "stock_form": StockForm(auto_id="stock-%s", product=found),
        "picture_form": PictureForm(auto_id="picture-%s", product=found, by=request.user),
        **forms,
    }
    return render(request, f"{ADMIN_FOLDER}/product.html", context, status=status)


def _written(request: SignedInRequest, form: DetailsForm, found: Product | None, step: Step) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "product": found}
    if step is Step.LOOK:
        kind = form.cleaned_data.get("kind", "")
        price = selectors.price_of(found) if found else None
        context["card"] = presenters.preview(found, kind, form.details(), price)
        return render(request, f"{ADMIN_FOLDER}/look.html", context)
    return render(request, f"{ADMIN_FOLDER}/details.html", context)


@requires(Permission.FULFILMENT, FORM)
def fulfilment_stock(request: SignedInRequest, pk: UUID) -> HttpResponse:
    product = selectors.stocked_product(pk)
    form = StockForm(request.POST or None, product=product)
    if form.carry_out(services.change_stock, product=product, by=request.user):
        messages.success(request, _("Written down."))
        return redirect("fulfilment_stock", pk)
    context = {
        "product": product,
        "left": presenters.left_words(presenters.shelves_of([product])[product.pk]),
        "form": form,
        "movements": presenters.stock_moments(product),
    }
    return render(request, "shop/catalogue/counted.html", context, status=422 if form.errors else 200)
