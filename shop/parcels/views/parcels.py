from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from integration.cores.selectors import places_of
from shop.orders.services import orders
from shop.parcels import selectors
from shop.parcels.forms import HandOverForm, ParcelLabelForm, PutForm, SerialForm
from shop.parcels.models import Shipment
from shop.parcels.presenters import parcels as presenters
from shop.parcels.services import parcel_contents, shipments

FOLDER = "shop/parcels"
ENDS = {"delivered": shipments.deliver, "lost": shipments.lose, "drop": parcel_contents.drop}
"""Services of one press, by the last part of their address."""


@requires(Permission.FULFILMENT)
@require_safe
def parcel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _parcel(request, selectors.shipment(pk))


@requires(Permission.FULFILMENT)
@require_POST
def parcel_scan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.shipment(pk)
    form = SerialForm(request.POST)
    if item := form.carry_out(parcel_contents.scan, shipment=found, by=request.user):
        messages.success(request, _("Added: %(serial)s.") % {"serial": item.core})
        return redirect("parcel", pk)
    return _parcel(request, found, scan=form, status=422)


@requires(Permission.FULFILMENT)
@require_POST
def parcel_put(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.shipment(pk)
    form = PutForm(request.POST, lines=presenters.by_number(found.order))
    if form.carry_out(parcel_contents.put, shipment=found, by=request.user):
        messages.success(request, _("Added: %(name)s.") % {"name": form.cleaned_data["line"].name})
        return redirect("parcel", pk)
    return _parcel(request, found, put=form, status=422)


@requires(Permission.FULFILMENT)
@require_POST
def parcel_take_out(request: SignedInRequest, pk: UUID, item: UUID) -> HttpResponse:
    parcel_contents.take_out(item=selectors.item_of(selectors.shipment(pk), item), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("parcel", pk)


@requires(Permission.FULFILMENT)
@require_POST
def parcel_label(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.shipment(pk)
    form = ParcelLabelForm(request.POST)
    if form.carry_out(parcel_contents.label, shipment=found, by=request.user):
        messages.success(request, _("Closed. Print the label, and hand the parcel over."))
        return redirect("parcel", pk)
    return _parcel(request, found, label=form, status=422)


@requires(Permission.FULFILMENT)
@require_form
def parcel_hand_over(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.shipment(pk)
    items = selectors.items_of(found)
    registrant = found.order.registrant if any(item.core for item in items) else None
    is_nobodys = registrant is None and any(item.core for item in items)
    if request.method == "POST" and is_nobodys:
        raise Http404
    orders.see_buyer(order=found.order, by=request.user)
    likely = presenters.likely_place(found, list(places_of(registrant))) if registrant else None
    written = request.POST if request.method == "POST" else None
    form = HandOverForm(written, parcel=found, registrant=registrant, initial={"premises": likely})
    if form.carry_out(shipments.hand_over, shipment=found, by=request.user):
        messages.success(request, _("It is on its way, and the buyer is told."))
        return redirect("parcel", pk)
    context = {
        "parcel": found,
        "form": form,
        "is_nobodys": is_nobodys,
        "facts": presenters.facts_of(found),
        "items": items,
    }
    return render(request, f"{FOLDER}/hand_over.html", context, status=422 if form.errors else 200)


@requires(Permission.FULFILMENT)
@require_POST
def parcel_act(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    if act not in ENDS:
        raise Http404
    done = ENDS[act](shipment=selectors.shipment(pk), by=request.user)
    messages.success(request, f"{done.number}: {done.get_state_display()}.")
    return redirect("parcel", pk)


def _parcel(
    request: SignedInRequest,
    found: Shipment,
    *,
    scan: SerialForm | None = None,
    put: PutForm | None = None,
    label: ParcelLabelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    orders.see_buyer(order=found.order, by=request.user)
    counted = presenters.by_number(found.order)
    context = {
        "parcel": found,
        "facts": presenters.facts_of(found),
        "items": selectors.items_of(found),
        "scan": scan or SerialForm(),
        "put": put or PutForm(lines=counted),
        "label": label or ParcelLabelForm(),
        "wants_serial": presenters.by_serial(found.order),
        "wants_number": bool(counted),
        "form": scan or put or label,
    }
    return render(request, f"{FOLDER}/parcel.html", context, status=status)
