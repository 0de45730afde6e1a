from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from shop.catalogue.forms.administration import EndForm
from shop.orders.forms.taxes import TaxRateForm
from shop.orders.selectors import taxes as tax_selectors
from shop.orders.services import taxes as tax_services

FOLDER = "shop/orders/tax_rates"


@requires(Permission.ADMINISTER)
@require_form
def tax_rates(request: SignedInRequest) -> HttpResponse:
    form = TaxRateForm(request.POST or None)
    if form.carry_out(tax_services.add, by=request.user):
        messages.success(request, _("Added. Orders that are placed from then on are taxed by it."))
        return redirect("tax_rates")
    rates = [(rate, f"{rate.basis_points / 100:g} %") for rate in tax_selectors.tax_rates()]
    return render(request, f"{FOLDER}/list.html", {"form": form, "rates": rates})


@requires(Permission.ADMINISTER)
@require_form
def tax_rate_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = tax_selectors.tax_rate(pk)
    form = EndForm(request.POST or None)
    if form.carry_out(tax_services.end, rate=found, by=request.user):
        messages.success(request, _("It ends then. Add the next one, so that orders can be placed."))
        return redirect("tax_rates")
    return render(request, f"{FOLDER}/end.html", {"form": form, "rate": found})
