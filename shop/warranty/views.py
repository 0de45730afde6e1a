from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.held_files import posted, say_refusal, takes_picture
from fusus_portal.ground.pages.acts import OWN, ActPage, Way
from fusus_portal.ground.pages.components import LIST, filtered_list
from integration.cores import selectors as core_selectors
from integration.rules import CODE_LIFE
from registry.access_log import services as access_log
from shop.orders.forms import ReasonForm
from shop.parcels.forms import SerialForm
from shop.returns.views import hand_out_picture
from shop.rules import DUE_AFTER
from shop.warranty import forms, presenters, selectors, services
from shop.warranty.models import Claim
from shop.warranty.states import DUE, ClaimState


@takes_picture
@requires(Permission.OWN_DEVICES, FORM)
@limit("warranty", "20/h", account_of)
def device_problem(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = core_selectors.own_one(request.user, pk)
    form = forms.ProblemForm(*posted(request), by=request.user)
    say_refusal(form, "picture", request)
    if opened := form.carry_out(services.open_claim, core=core, by=request.user):
        messages.success(request, _("Thank you. We will review it and write to you."))
        return redirect("warranty_claim", opened.pk)
    return ActPage(
        title=_("What is wrong with your CORE?"),
        intro=_(
            "We take care of it, free of charge. If you get another CORE, it gets your cameras and the time that "
            "you paid for."
        ),
        sentences=[presenters.old_unit_words()],
        label=_("Send it"),
        way=Way(reverse("device", args=[pk]), core.serial, _("Not now")),
        base=OWN,
    ).answer(request, form, status=422 if form.errors else 200)


@requires(Permission.OWN_DEVICES, SAFE)
def claim(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(
        request, "shop/warranty/own/one.html", {"card": presenters.ClaimCard(selectors.own_one(request.user, pk))}
    )


@requires(Permission.OWN_DEVICES, SAFE)
def claim_picture(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
    return hand_out_picture(selectors.picture(selectors.own_one(request.user, pk), picture).key)


CASES = "shop/warranty/cases"


FILLED: dict[str, tuple[Promise, type[CheckedForm], Callable[..., Claim], tuple[ClaimState, ...]]] = {
    "decline": (gettext_lazy("Decline it"), ReasonForm, services.decline_claim, (ClaimState.OPENED,)),
    "receive": (gettext_lazy("The old CORE came back"), SerialForm, services.receive_old_core, DUE),
    "close": (gettext_lazy("It does not come back"), ReasonForm, services.close_claim, DUE),
}
"""Acts on a claim with a form: title, form, act, and the states in which it is offered."""


@requires(Permission.FULFILMENT, SAFE)
def claims_board(request: SignedInRequest) -> HttpResponse:
    form = forms.FindClaimForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text, state = wanted.get("q", ""), wanted.get("state", "")
    rows = selectors.board(state=state, text=text)
    if text and rows.count() == 1:
        return redirect("claim_case", rows[0].pk)
    listed = filtered_list(form, rows, 50)
    return render(request, LIST, {**listed, "list": presenters.board(listed)})


@requires(Permission.FULFILMENT, SAFE)
def claim_case(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    access_log.see_owner(owner=found.registrant_id, by=request.user, subject=found.subject, number=found.number)
    offered = [(name, title) for name, (title, _form, _act, states) in FILLED.items() if found.state in states]
    return render(request, f"{CASES}/one.html", {"card": presenters.ClaimCase(found), "offered": offered})


@requires(Permission.FULFILMENT, POST)
def claim_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    services.approve_claim(claim=selectors.one(pk), by=request.user)
    messages.success(request, _("Approved. Now send another CORE."))
    return redirect("claim_case", pk)


@requires(Permission.FULFILMENT, FORM)
def claim_replace(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send another CORE for a claim; the response shows the code for its parcel, once."""
    found = selectors.one(pk)
    form = SerialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = core_selectors.scanned(form.cleaned_data["serial"])
        try:
            issued = services.replace_core(claim=found, by=request.user, new=new)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            way = Way(reverse("claim_case", args=[pk]), found.number)
            core = core_selectors.one(issued.core.pk)
            context = {"core": core, "code": issued.code, "days": CODE_LIFE.days, "way": way}
            return render(request, "integration/cores/console/code.html", context)
    return _filled_in(request, found, form, _("Send another CORE"))


@privileged
@requires(Permission.FULFILMENT, FORM)
def claim_charge(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(pk)
    if request.method == "POST":
        services.bill_old_core(claim=found, by=request.user)
        messages.success(request, _("Billed. The business has the invoice."))
        return redirect("claim_case", pk)
    return render(request, f"{CASES}/charge.html", {"card": presenters.ClaimCase(found), "due_after": DUE_AFTER.days})


@requires(Permission.FULFILMENT, FORM)
def claim_do(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    if act not in FILLED:
        raise Http404
    found, (title, form_class, service, _states) = selectors.one(pk), FILLED[act]
    form = form_class(request.POST or None)
    if form.carry_out(service, claim=found, by=request.user):
        messages.success(request, _("Done. It stays in the log."))
        return redirect("claim_case", pk)
    return _filled_in(request, found, form, title)


@requires(Permission.FULFILMENT, SAFE)
def claim_case_picture(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
    return hand_out_picture(selectors.picture(selectors.one(pk), picture).key)


def _filled_in(request: SignedInRequest, found: Claim, form: CheckedForm, title: str | Promise) -> HttpResponse:
    way = Way(reverse("claim_case", args=[found.pk]), found.number)
    page = ActPage(title=title, number=found.number, facts=presenters.ClaimCase(found).facts, label=title, way=way)
    return page.answer(request, form, status=422 if form.errors else 200)
