from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from shop.catalogue.forms.administration import StockForm
from shop.catalogue.presenters.administration import stock_moments
from shop.catalogue.presenters.stock import left_words
from shop.catalogue.selectors import products
from shop.catalogue.services import stock


@requires(Permission.FULFILMENT)
@require_form
def fulfilment_stock(request: SignedInRequest, pk: UUID) -> HttpResponse:
    product = products.counted(pk)
    form = StockForm(request.POST or None, product=product)
    if form.carry_out(stock.change, product=product, by=request.user):
        messages.success(request, _("Written down."))
        return redirect("fulfilment_stock", pk)
    context = {
        "product": product,
        "left": left_words(products.shelves([product])[product.pk]),
        "form": form,
        "movements": stock_moments(product),
    }
    return render(request, "shop/catalogue/counted.html", context, status=422 if form.errors else 200)
