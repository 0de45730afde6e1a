"""Clerks take COREs back: the board with its clocks, one return, and what is done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.access import Permission, privileged, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from fusus_portal.picture_forms import refusal, takes_picture
from integration.forms.refused import RefusedForm
from integration.selectors import cores as known_cores
from shop.forms.claims import SerialForm
from shop.forms.returns import CheckForm, FindForm, InspectForm, LabelForm, ParcelForm, ReasonForm
from shop.models import Return
from shop.presenters import return_cases as pages
from shop.selectors import returns as known
from shop.services import inspecting, paying_back, refunding
from shop.services import returns as services
from shop.views.public.returns import hand_out

FOLDER = "shop/console/returns"
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Filled:
    """An act with a form: its title, what it means, and the service."""

    title: str | Promise
    intro: str | Promise
    form: type[RefusedForm]
    act: Callable[..., Return]


FILLED = {
    "label": Filled(
        gettext_lazy("Send a label"),
        gettext_lazy("Its owner reads the tracking number, and puts the label on the parcel."),
        LabelForm,
        services.label,
    ),
    "receive": Filled(
        gettext_lazy("Receive the parcel"),
        gettext_lazy("From now on it is inspected within 5 working days, and paid out within 7 more."),
        ParcelForm,
        inspecting.receive,
    ),
    "decline": Filled(
        gettext_lazy("Decline the return"),
        gettext_lazy("Only when the CORE isn't theirs."),
        ReasonForm,
        services.decline,
    ),
    "reject": Filled(
        gettext_lazy("Reject the parcel"),
        gettext_lazy("Only when the CORE was not in it. Its owner may still send that."),
        ReasonForm,
        inspecting.reject,
    ),
}
PRESSES: dict[str, Callable[..., Return]] = {
    "approve": services.approve,
    "sent": services.send,
    "accept": inspecting.accept,
}


@requires(Permission.FULFILMENT)
@require_safe
def returns_board(request: SignedInRequest) -> HttpResponse:
    """List returns, what is late first; a number that is scanned leads to its return."""
    form = FindForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text, state = wanted.get("q", "").strip(), wanted.get("state", "")
    rows = known.board(state=state, text=text)
    if text and rows.count() == 1:
        return redirect("return_case", rows[0].pk)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "tallies": pages.tallies(),
        "cards": [pages.ReturnCard(back) for back in page],
        "page": page,
        "query": f"{urlencode({'q': text, 'state': state})}&",
        "is_filtered": bool(text or state),
    }
    return render(request, f"{FOLDER}/board.html", context)


@requires(Permission.FULFILMENT)
@never_cache
@require_form
def return_open(request: SignedInRequest) -> HttpResponse:
    """Open the return of a CORE that is coming back already, for its owner."""
    form = SerialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        core = known_cores.by_serial(form.cleaned_data["serial"].strip().upper())
        back = services.request(core=core, by=request.user) if core is not None else None
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
    """Show one return: its money, its clock, and what can be done now."""
    back = known.one(pk)
    context = {
        "card": pages.ReturnCard(back),
        "actions": pages.actions(back, request.user),
        "refunds": pages.refund_rows(back, request.user),
    }
    return render(request, f"{FOLDER}/one.html", context)


@requires(Permission.FULFILMENT)
@never_cache
@require_form
def return_do(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    """Fill in what an act needs."""
    if act not in FILLED:
        raise Http404
    back, filled = known.one(pk), FILLED[act]
    form = filled.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, filled.act(back=back, by=request.user, **form.cleaned_data))
        except ValidationError as error:
            form.add_refusal(error)
    return _form(request, back, form, filled.title, filled.intro)


@takes_picture
@requires(Permission.FULFILMENT)
@never_cache
@require_form
def return_inspect(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write down what was seen, with pictures."""
    back = known.one(pk)
    form = InspectForm(request.POST, request.FILES, back=back) if request.method == "POST" else InspectForm(back=back)
    if reason := refusal(request):
        form.errors.clear()
        form.add_error("picture", reason)
    elif form.is_valid():
        written: dict[str, Any] = {"parts": [], **form.cleaned_data}
        try:
            done = inspecting.inspect(back=back, by=request.user, pictures=written.pop("picture"), **written)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            return _done(request, done)
    intro = _("What is missing or broken is taken off by the version that was published when the CORE was bought.")
    return _form(request, back, form, _("Inspect it"), intro)


@requires(Permission.FULFILMENT)
@require_POST
def return_press(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    """Do what a button says."""
    if act not in PRESSES:
        raise Http404
    return _done(request, PRESSES[act](back=known.one(pk), by=request.user))


@privileged
@requires(Permission.FULFILMENT)
@require_POST
def return_pay(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give the money back."""
    return _done(request, paying_back.pay(back=known.one(pk), by=request.user))


@privileged
@requires(Permission.FULFILMENT)
@require_POST
def return_refund_send(request: SignedInRequest, pk: UUID, refund: UUID) -> HttpResponse:
    """Send a refund as the second person."""
    back = known.one(pk)
    refunding.submit(refund=known.refund(back, refund), by=request.user)
    return _done(request, known.one(pk))


@privileged
@requires(Permission.FULFILMENT)
@require_form
def return_refund_check(request: SignedInRequest, pk: UUID, refund: UUID) -> HttpResponse:
    """Write down by which check a refund was paid out."""
    back = known.one(pk)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refunding.pay_out(refund=known.refund(back, refund), by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            return _done(request, known.one(pk))
    return _form(request, back, form, _("Paid out by check"), _("The order was paid by check, so its refund is too."))


@requires(Permission.FULFILMENT)
@require_safe
def return_case_picture(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
    """Hand out a picture of the inspection to a clerk."""
    return hand_out(known.one(pk), picture)


def _form(
    request: SignedInRequest, back: Return, form: forms.Form, title: str | Promise, intro: str | Promise
) -> HttpResponse:
    context = {"card": pages.ReturnCard(back), "form": form, "title": title, "intro": intro}
    return render(request, f"{FOLDER}/form.html", context, status=422 if form.errors else 200)


def _done(request: SignedInRequest, back: Return) -> HttpResponse:
    words = {"number": back.number, "state": back.get_state_display()}
    messages.success(request, _("%(number)s: %(state)s.") % words)
    return redirect("return_case", back.pk)
