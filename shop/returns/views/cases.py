from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from integration.cores import selectors
from shop.orders.services import orders
from shop.parcels.forms import SerialForm
from shop.payments.presenters import RefundRow
from shop.returns.forms.cases import FindForm
from shop.returns.presenters import cases
from shop.returns.selectors import returns as return_selectors
from shop.returns.services import returns as return_services
from shop.returns.views.returns import hand_out

FOLDER = "shop/returns/cases"
A_PAGE = 50


@requires(Permission.FULFILMENT)
@require_safe
def returns_board(request: SignedInRequest) -> HttpResponse:
    form = FindForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text, state = wanted.get("q", "").strip(), wanted.get("state", "")
    rows = return_selectors.board(state=state, text=text)
    if text and rows.count() == 1:
        return redirect("return_case", rows[0].pk)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "tallies": cases.tallies(),
        "cards": [cases.CaseCard(back) for back in page],
        "page": page,
        "query": f"{urlencode({'q': text, 'state': state})}&",
        "is_filtered": bool(text or state),
    }
    return render(request, f"{FOLDER}/board.html", context)


@requires(Permission.FULFILMENT)
@require_form
def return_open(request: SignedInRequest) -> HttpResponse:
    form = SerialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        core = selectors.scanned(form.cleaned_data["serial"])
        back = return_services.request(core=core, by=request.user) if core is not None else None
        if back is not None:
            return redirect("return_case", back.pk)
        if core is None:
            form.add_error("serial", _("There is no CORE with this serial number."))
        else:
            form.add_error("serial", _("Nobody bought this CORE here, so there is no price to give back."))
    return render(request, f"{FOLDER}/open.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.FULFILMENT)
@require_safe
def return_case(request: SignedInRequest, pk: UUID) -> HttpResponse:
    back = return_selectors.one(pk)
    orders.see_buyer(order=back.order, by=request.user)
    context = {
        "card": cases.CaseCard(back),
        "actions": cases.actions(back, request.user),
        "refunds": [RefundRow(refund, request.user) for refund in back.refunds.all()],
    }
    return render(request, f"{FOLDER}/one.html", context)


@requires(Permission.FULFILMENT)
@require_safe
def return_case_picture(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
    return hand_out(return_selectors.picture(return_selectors.one(pk), picture).key)
