"""Purchase orders and tax certificates, decided by clerks; tax rates, kept by administrators."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.serving import byte_range as serving
from registry.access_log import services as access_log
from shop.catalogue import files
from shop.catalogue.forms import EndForm
from shop.orders.forms import ReasonForm, TaxRateForm
from shop.orders.models.orders import ExemptionCertificate
from shop.orders.policies import has_goods
from shop.orders.presenters import checkout
from shop.orders.selectors import orders
from shop.orders.services import orders as order_services, taxes

FOLDER = "shop/orders/approvals"


@privileged
@requires(Permission.FULFILMENT, FORM)
def purchase_order(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = orders.purchase_order(pk)
    form = ReasonForm(request.POST or None)
    if form.carry_out(order_services.decline_purchase_order, purchase_order=found, by=request.user):
        messages.success(request, _("Declined. The order is canceled, and the business reads why."))
        return redirect("fulfilment")
    order_services.see_buyer(order=found.order, by=request.user)
    context = {"found": found, "order": found.order, "form": form, **checkout.summary(found.order)}
    return render(request, f"{FOLDER}/purchase_order.html", context)


@privileged
@requires(Permission.FULFILMENT, POST)
def purchase_order_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    approved = order_services.approve_purchase_order(purchase_order=orders.purchase_order(pk), by=request.user)
    words = _("Approved. The invoice is issued.")
    if has_goods(approved.order.lines.all()):
        words = _("Approved. The invoice is issued, and the order can be packed.")
    messages.success(request, words)
    return redirect("fulfilment_order", approved.order.number)


@requires(Permission.FULFILMENT, SAFE)
def purchase_order_paper(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    found = orders.purchase_order(pk)
    order_services.see_buyer(order=found.order, by=request.user)
    return _paper(found.paper)


@privileged
@requires(Permission.FULFILMENT, FORM)
def exemption(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = orders.certificate(pk)
    form = ReasonForm(request.POST or None)
    if form.carry_out(taxes.decline, certificate=found, by=request.user):
        messages.success(request, _("Declined. The business reads why."))
        return redirect("fulfilment")
    _see(found, request.user)
    return render(request, f"{FOLDER}/exemption.html", {"found": found, "form": form})


@privileged
@requires(Permission.FULFILMENT, POST)
def exemption_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = orders.certificate(pk)
    try:
        taxes.approve(certificate=found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("exemption", pk)
    messages.success(request, _("Approved. Orders to this state are without sales tax from now on."))
    return redirect("fulfilment")


@requires(Permission.FULFILMENT, SAFE)
def exemption_paper(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    found = orders.certificate(pk)
    _see(found, request.user)
    return _paper(found.paper)


def _see(found: ExemptionCertificate, by: User) -> None:
    access_log.see_owner(owner=found.registrant_id, by=by, subject=found.subject, number=found.number)


def _paper(key: str) -> HttpResponse:
    """Return a scan as a download: it came from outside, so no browser shows it as a page of the portal."""
    with files.open_paper(key) as opened:
        content = opened.read()
    name = f'attachment; filename="paper.{key.rpartition(".")[2]}"'
    headers = {**serving.PRIVATE_HEADERS, "Content-Disposition": name}
    return HttpResponse(content, content_type=files.type_of(key), headers=headers)


TAX_FOLDER = "shop/orders/tax_rates"


@requires(Permission.ADMINISTER, FORM)
def tax_rates(request: SignedInRequest) -> HttpResponse:
    form = TaxRateForm(request.POST or None)
    if form.carry_out(taxes.add, by=request.user):
        messages.success(request, _("Added. Orders that are placed from then on are taxed by it."))
        return redirect("tax_rates")
    rates = [(rate, f"{rate.basis_points / 100:g} %") for rate in orders.tax_rates()]
    return render(request, f"{TAX_FOLDER}/list.html", {"form": form, "rates": rates})


@requires(Permission.ADMINISTER, FORM)
def tax_rate_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = orders.tax_rate(pk)
    form = EndForm(request.POST or None)
    if form.carry_out(taxes.end, rate=found, by=request.user):
        messages.success(request, _("It ends then. Add the next one, so that orders can be placed."))
        return redirect("tax_rates")
    return ActPage(
        title=_("End a rate"),
        intro=f"{found.state_code} {found.zip_prefix} · {found.tax_code}",
        label=_("Let it end"),
        way=Way(reverse("tax_rates"), _("Sales tax")),
    ).answer(request, form)
