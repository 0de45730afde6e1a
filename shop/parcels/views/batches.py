from importlib import import_module
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, spend
from fusus_portal.ground.access.requests import SignedInRequest
from shop.orders.services import orders as order_services
from shop.orders.views.orders import pdf_response
from shop.parcels import selectors
from shop.parcels.models import Shipment
from shop.parcels.services import batches
from shop.rules import PACKED_AT_ONCE


@requires(Permission.FULFILMENT)
@require_POST
def orders_pack(request: SignedInRequest) -> HttpResponse:
    numbers = list(dict.fromkeys(request.POST.getlist("order")))
    if not 1 <= len(numbers) <= PACKED_AT_ONCE:
        sentence = _("Tick 1 to %(most)d orders, and press again. Nothing was packed.") % {"most": PACKED_AT_ONCE}
        messages.error(request, sentence)
        return redirect("fulfilment")
    orders = selectors.to_pack_at_once(numbers)
    done = batches.pack_all(orders=orders, by=request.user)
    for number, why in done.left_out:
        messages.warning(request, _("%(number)s is left out: %(why)s") % {"number": number, "why": why})
    if len(orders) < len(numbers):
        messages.warning(request, _("What is no order any more is left out."))
    if not done.parcels:
        return redirect("fulfilment")
    count = len(done.parcels)
    words = ngettext("%(count)d order is packed and labeled.", "%(count)d orders are packed and labeled.", count)
    messages.success(request, words % {"count": count})
    query = urlencode({"packed": [parcel.number for parcel in done.parcels]}, doseq=True)
    return redirect(f"{reverse('fulfilment')}?{query}")


@requires(Permission.FULFILMENT)
@require_safe
def parcel_sheets(request: SignedInRequest) -> HttpResponse:
    return _sheets(request, selectors.to_print(request.GET.getlist("packed")[:PACKED_AT_ONCE]))


@requires(Permission.FULFILMENT)
@require_safe
def parcel_sheet(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _sheets(request, selectors.to_print([selectors.shipment(pk).number]))


def _sheets(request: SignedInRequest, parcels: list[Shipment]) -> HttpResponse:
    spend("parcel_sheets", "30/m", account_of(request))
    for parcel in parcels:
        order_services.see_buyer(order=parcel.order, by=request.user)
    name = parcels[0].number if len(parcels) == 1 else f"labels-{timezone.localdate():%Y-%m-%d}"
    # It loads the libraries that set type, which no other page needs.
    return pdf_response(name, import_module("shop.parcels.paper").drawn(parcels))
