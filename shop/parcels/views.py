from importlib import import_module
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.access.limits import account_of, spend
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup.finders import Typed
from fusus_portal.ground.pages.acts import CONSOLE
from fusus_portal.ground.pages.components import LIST
from integration.cores.selectors import places_of
from shop.catalogue import presenters as catalogue
from shop.orders.forms import FindOrderForm
from shop.orders.models.orders import Order
from shop.orders.presenters.orders import canceled_words
from shop.orders.selectors import orders as order_selectors
from shop.orders.selectors.orders import stretch
from shop.orders.services import orders as order_services
from shop.orders.views.orders import pdf_response
from shop.parcels import policies, presenters, selectors, services
from shop.parcels.forms import DelayForm, HandOverForm, ParcelLabelForm, PutForm, SerialForm
from shop.parcels.models import Shipment
from shop.parcels.presenters import ClerkPage
from shop.payments import selectors as payments
from shop.rules import PACKED_AT_ONCE

FOLDER = "shop/parcels"


@requires(Permission.FULFILMENT, SAFE)
def fulfilment(request: SignedInRequest) -> HttpResponse:
    context = {
        "sections": presenters.board_sections(),
        "stock": catalogue.stock_rows(),
        "packed": [("packed", number) for number in request.GET.getlist("packed")[:PACKED_AT_ONCE]],
    }
    return render(request, f"{FOLDER}/board.html", context)


@requires(Permission.FULFILMENT, SAFE)
def fulfilment_orders(request: SignedInRequest) -> HttpResponse:
    form = FindOrderForm(request.GET)
    is_right = form.is_valid()
    text, state = form.cleaned_data.get("q", ""), form.cleaned_data.get("state", "")
    number = Typed(text).number("O")
    if number and order_selectors.all_orders().filter(number=number).exists():
        return redirect("fulfilment_order", number)
    rows = order_selectors.all_orders(business=text)
    found = stretch(rows if is_right else rows.none(), before=request.GET.get("before", ""), standing=state)
    context = {
        "form": form,
        "list": presenters.order_list(found.orders, is_filtered=bool(text or state or not is_right)),
        "older": found.older,
        "query": f"{urlencode({'q': text, 'state': state})}&" if text or state else "",
    }
    return render(request, LIST, context)


@requires(Permission.FULFILMENT, SAFE)
def fulfilment_order(request: SignedInRequest, number: str) -> HttpResponse:
    return _order(request, order_selectors.one(number))


@requires(Permission.FULFILMENT, POST)
def order_pack(request: SignedInRequest, number: str) -> HttpResponse:
    return redirect("parcel", services.begin_parcel(order=order_selectors.one(number), by=request.user).pk)


@requires(Permission.FULFILMENT, POST)
def order_delay(request: SignedInRequest, number: str) -> HttpResponse:
    order = order_selectors.one(number)
    form = DelayForm(request.POST)
    if form.carry_out(services.ask_about_delay, order=order, by=request.user):
        messages.success(request, _("The buyer is asked."))
        return redirect("fulfilment_order", number)
    return _order(request, order, delay=form, status=422)


@privileged
@requires(Permission.FULFILMENT, FORM)
def fulfilment_cancel(request: SignedInRequest, number: str) -> HttpResponse:
    order = order_selectors.one(number)
    page = ClerkPage(order, request.user, payments.refunds_of(order))
    if request.method == "POST":
        order_services.cancel(order=order, by=request.user)
        words = canceled_words(order_selectors.one(number), page.reader)
        messages.success(request, f"{_('Canceled.')} {words}")
        return redirect("fulfilment_order", number)
    return page.cancel_page(reverse("fulfilment_order", args=[number]), CONSOLE).answer(request)


@requires(Permission.FULFILMENT, FORM)
def fulfilment_done(request: SignedInRequest, number: str) -> HttpResponse:
    order = order_selectors.one(number)
    if request.method == "POST":
        order_services.complete_services(order=order, by=request.user)
        messages.success(request, _("It is done, and the buyer is told."))
        return redirect("fulfilment_order", number)
    return ClerkPage(order, request.user, []).done_page.answer(request)


def _order(
    request: SignedInRequest, order: Order, *, delay: DelayForm | None = None, status: int = 200
) -> HttpResponse:
    order_services.see_buyer(order=order, by=request.user)
    page = ClerkPage(order, request.user, payments.refunds_of(order))
    context = {"page": page, "order": order, "delay_form": delay or DelayForm()}
    return render(request, f"{FOLDER}/order.html", context, status=status)


ENDS = {"delivered": services.deliver_parcel, "lost": services.lose_parcel, "drop": services.drop_parcel}
"""Services that a clerk calls by one press, by the last part of the address."""


@requires(Permission.FULFILMENT, SAFE)
def parcel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _parcel(request, selectors.shipment(pk))


@requires(Permission.FULFILMENT, POST)
def parcel_scan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.shipment(pk)
    form = SerialForm(request.POST)
    if item := form.carry_out(services.scan_core, shipment=found, by=request.user):
        messages.success(request, _("Added: %(serial)s.") % {"serial": item.core})
        return redirect("parcel", pk)
    return _parcel(request, found, scan=form, status=422)


@requires(Permission.FULFILMENT, POST)
def parcel_put(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.shipment(pk)
    form = PutForm(request.POST, lines=presenters.counted_lines(found.order))
    if form.carry_out(services.put_pieces, shipment=found, by=request.user):
        messages.success(request, _("Added: %(name)s.") % {"name": form.cleaned_data["line"].name})
        return redirect("parcel", pk)
    return _parcel(request, found, put=form, status=422)


@requires(Permission.FULFILMENT, POST)
def parcel_take_out(request: SignedInRequest, pk: UUID, item: UUID) -> HttpResponse:
    services.take_out_item(item=selectors.item_of(selectors.shipment(pk), item), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("parcel", pk)


@requires(Permission.FULFILMENT, POST)
def parcel_label(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.shipment(pk)
    form = ParcelLabelForm(request.POST)
    if form.carry_out(services.label_parcel, shipment=found, by=request.user):
        if following := selectors.next_to_pack():
            words = {"number": found.number, "next": following.number}
            messages.success(request, _("%(number)s is closed. The next order to pack is %(next)s.") % words)
            return redirect("fulfilment_order", following.number)
        messages.success(request, _("Closed. Print the label, and hand the parcel over."))
        return redirect("parcel", pk)
    return _parcel(request, found, label=form, status=422)


@requires(Permission.FULFILMENT, FORM)
def parcel_hand_over(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.shipment(pk)
    items = selectors.items_of(found)
    registrant = found.order.registrant if any(item.core for item in items) else None
    order_services.see_buyer(order=found.order, by=request.user)
    likely = presenters.likely_place(found, list(places_of(registrant))) if registrant else None
    written = request.POST if request.method == "POST" else None
    form = HandOverForm(
        written, parcel=found, registrant=registrant, initial={"premises": likely, **_remembered(request.user)}
    )
    if form.carry_out(services.hand_over_parcel, shipment=found, by=request.user):
        if following := selectors.next_to_hand_over():
            words = {"number": found.number, "next": following.number}
            messages.success(request, _("%(number)s is on its way, and the buyer is told. Next is %(next)s.") % words)
            return redirect("parcel_hand_over", following.pk)
        messages.success(request, _("It is on its way, and the buyer is told."))
        return redirect("parcel", pk)
    context = {
        "parcel": found,
        "form": form,
        "refusal": policies.why_not_sent(found),
        "facts": presenters.parcel_facts(found),
        "items": items,
    }
    return render(request, f"{FOLDER}/hand_over.html", context, status=422 if form.errors else 200)


@requires(Permission.FULFILMENT, POST)
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
    order_services.see_buyer(order=found.order, by=request.user)
    counted = presenters.counted_lines(found.order)
    wants_serial = presenters.needs_serial(found.order)
    label = label or ParcelLabelForm(initial=_remembered(request.user))
    if not wants_serial and not counted:
        label.fields["tracking"].widget.attrs["autofocus"] = True
    context = {
        "parcel": found,
        "facts": presenters.parcel_facts(found),
        "items": selectors.items_of(found),
        "scan": scan or SerialForm(),
        "put": put or PutForm(lines=counted),
        "label": label,
        "refusal": policies.why_not_sent(found),
        "tag": presenters.parcel_tag(found),
        "wants_serial": wants_serial,
        "wants_number": bool(counted),
        "form": scan or put or (label if label.is_bound else None),
    }
    return render(request, f"{FOLDER}/parcel.html", context, status=status)


def _remembered(clerk: User) -> dict[str, str]:
    last = selectors.last_closed_by(clerk)
    return {"carrier": last.carrier, "box": last.box} if last else {}


@requires(Permission.FULFILMENT, POST)
def orders_pack(request: SignedInRequest) -> HttpResponse:
    numbers = list(dict.fromkeys(request.POST.getlist("order")))
    if not 1 <= len(numbers) <= PACKED_AT_ONCE:
        sentence = _("Tick 1 to %(most)d orders, and press again. Nothing was packed.") % {"most": PACKED_AT_ONCE}
        messages.error(request, sentence)
        return redirect("fulfilment")
    orders = selectors.to_pack_at_once(numbers)
    done = services.pack_orders(orders=orders, by=request.user)
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


@requires(Permission.FULFILMENT, SAFE)
def parcel_sheets(request: SignedInRequest) -> HttpResponse:
    return _sheets(request, selectors.to_print(request.GET.getlist("packed")[:PACKED_AT_ONCE]))


@requires(Permission.FULFILMENT, SAFE)
def parcel_sheet(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _sheets(request, selectors.to_print([selectors.shipment(pk).number]))


def _sheets(request: SignedInRequest, parcels: list[Shipment]) -> HttpResponse:
    spend("parcel_sheets", "30/m", account_of(request))
    for parcel in parcels:
        order_services.see_buyer(order=parcel.order, by=request.user)
    name = parcels[0].number if len(parcels) == 1 else f"labels-{timezone.localdate():%Y-%m-%d}"
    # It loads the libraries that set type, which no other page needs.
    return pdf_response(name, import_module("shop.parcels.paper").drawn(parcels))
