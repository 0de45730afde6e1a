"""Pages of returns. Acts of staff that move money or decide are confirmed first; a second press changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.held_files import posted, say_refusal, takes_picture
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.pages.acts import OWN, ActPage, Way
from fusus_portal.ground.pages.components import LIST, filtered_list
from fusus_portal.ground.serving import byte_range as serving
from integration.cores import selectors
from integration.rules import CODE_LIFE
from shop.catalogue import files
from shop.orders.forms import ReasonForm
from shop.orders.services import orders
from shop.parcels.forms import PlaceForm, SerialForm
from shop.payments import selectors as payments
from shop.payments.presenters import Confirmation, RefundRow
from shop.returns import selectors as return_selectors, services
from shop.returns.forms import (
    FindReturnForm,
    InspectForm,
    MissingForm,
    PublishDeductionsForm,
    ReceiveForm,
    ReturnLabelForm,
    UndoReturnForm,
)
from shop.returns.models import Return
from shop.returns.presenters import cases, returns as return_presenters
from shop.returns.presenters.cases import CaseCard
from shop.returns.presenters.returns import ReturnCard, ScheduleCard, pace_words
from shop.returns.states import WAY, ReturnState
from shop.rules import INSPECTED_WITHIN, PAID_OUT_WITHIN

PAGES = "shop/returns/own"


@public
@require_safe
def return_terms(request: HttpRequest) -> HttpResponse:
    schedule = return_selectors.schedule_at(timezone.now())
    context = {"card": return_presenters.ScheduleCard(schedule) if schedule else None, "pace": pace_words()}
    return render(request, f"{PAGES}/terms.html", context)


@requires(Permission.OWN_DEVICES, SAFE)
def returns(request: SignedInRequest) -> HttpResponse:
    return render(
        request,
        f"{PAGES}/list.html",
        {"cards": [ReturnCard(back) for back in return_selectors.own_returns(request.user)]},
    )


@requires(Permission.OWN_DEVICES, SAFE)
def own_return(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(request, f"{PAGES}/one.html", {"card": ReturnCard(return_selectors.own_return(request.user, pk))})


@requires(Permission.OWN_DEVICES, POST)
def return_request(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = selectors.own_one(request.user, pk)
    back = services.request_return(core=core, by=request.user)
    if back is None:
        messages.info(request, _("This CORE was not bought here, so there is nothing to refund."))
        return redirect("device", pk)
    messages.success(request, _("Your return has started. This page says what comes next."))
    return redirect("return", back.pk)


@requires(Permission.OWN_DEVICES, POST)
def return_sent(request: SignedInRequest, pk: UUID) -> HttpResponse:
    services.send_return(back=return_selectors.own_return(request.user, pk), by=request.user)
    messages.success(request, _("Thank you. We will write to you when the parcel is here."))
    return redirect("return", pk)


@requires(Permission.OWN_DEVICES, FORM)
def return_keep(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End a return: the owner keeps the CORE. The response shows the new code, once."""
    back = return_selectors.own_return(request.user, pk)
    if back.registrant is None:
        raise Http404
    form = PlaceForm(request.POST or None, registrant=back.registrant)
    if issued := form.carry_out(services.withdraw_return, back=back, by=request.user):
        context = {"core": issued.core, "code": issued.code, "days": CODE_LIFE.days}
        return render(request, f"{PAGES}/code.html", context)
    return ActPage(
        title=_("Keep the CORE"),
        intro=_(
            "The return ends, and you keep the CORE at its price. You get a new code. Once you have typed it in, "
            "you connect your cameras again."
        ),
        label=_("Keep it and show the code"),
        way=Way(reverse("return", args=[pk]), back.number, _("Continue the return")),
        base=OWN,
    ).answer(request, form)


@requires(Permission.OWN_DEVICES, SAFE)
def return_picture(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
    return hand_out_picture(
        return_selectors.picture_of_return(return_selectors.own_return(request.user, pk), picture).key
    )


def hand_out_picture(key: str) -> HttpResponseBase:
    with files.open_inspected(key, "large") as opened:
        return HttpResponse(opened.read(), content_type="image/webp", headers=serving.PRIVATE_HEADERS)


CASES = "shop/returns/cases"
A_PAGE = 50


@requires(Permission.FULFILMENT, SAFE)
def returns_board(request: SignedInRequest) -> HttpResponse:
    form = FindReturnForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text, state = wanted.get("q", "").strip(), wanted.get("state", "")
    rows = return_selectors.returns_on_board(state=state, text=text)
    if text and rows.count() == 1:
        return redirect("return_case", rows[0].pk)
    listed = filtered_list(form, rows, A_PAGE)
    return render(request, LIST, {**listed, "list": cases.board(listed)})


@requires(Permission.FULFILMENT, FORM)
def return_open(request: SignedInRequest) -> HttpResponse:
    form = SerialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        core = selectors.scanned(form.cleaned_data["serial"])
        back = services.request_return(core=core, by=request.user) if core is not None else None
        if back is not None:
            return redirect("return_case", back.pk)
        if core is None:
            form.add_error("serial", _("There is no CORE with this serial number."))
        else:
            form.add_error("serial", _("Nobody bought this CORE here, so there is no price to give back."))
    return cases.opening().answer(request, form, status=422 if form.errors else 200)


@requires(Permission.FULFILMENT, SAFE)
def return_case(request: SignedInRequest, pk: UUID) -> HttpResponse:
    back = return_selectors.one_return(pk)
    orders.see_buyer(order=back.order, by=request.user)
    context = {
        "card": cases.CaseCard(back),
        "actions": cases.actions(back, request.user),
        "refunds": [RefundRow(refund, request.user) for refund in back.refunds.all()],
    }
    return render(request, f"{CASES}/one.html", context)


@requires(Permission.FULFILMENT, SAFE)
def return_case_picture(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
    return hand_out_picture(return_selectors.picture_of_return(return_selectors.one_return(pk), picture).key)


Words = str | Promise
Act = Callable[..., Return]
_S = ReturnState
PAID = (_S.REFUNDING, _S.CLOSED)


@dataclass(frozen=True, slots=True)
class FilledReturn:
    title: Words
    intro: Words
    form: type[CheckedForm]
    act: Act


@dataclass(frozen=True, slots=True)
class Press:
    """An act on a return that is confirmed on a page of its own. at: states before it. done: states after it."""

    act: Act
    page: Callable[[Return], Confirmation]
    at: tuple[ReturnState, ...]
    done: tuple[ReturnState, ...]


FILLED = {
    "label": FilledReturn(
        gettext_lazy("Send a label"),
        gettext_lazy("Its owner reads the tracking number, and puts the label on the parcel."),
        ReturnLabelForm,
        services.label_return,
    ),
    "receive": FilledReturn(
        gettext_lazy("Receive the parcel"),
        format_lazy(
            gettext_lazy("From now on, inspect it within {inspected} working days, and pay it out within {paid} more."),
            inspected=INSPECTED_WITHIN,
            paid=PAID_OUT_WITHIN,
        ),
        ReceiveForm,
        services.receive_return,
    ),
    "decline": FilledReturn(
        gettext_lazy("Decline the return"),
        gettext_lazy("Only when the CORE isn't theirs. The return ends, and nothing goes back."),
        ReasonForm,
        services.decline_return,
    ),
    "undo": FilledReturn(
        gettext_lazy("Undo what was written down"),
        gettext_lazy(
            "The return waits for its parcel again, as before it came. What was received, inspected or accepted does "
            "not count any more, and the business is told that it was a mistake. The log keeps it."
        ),
        UndoReturnForm,
        services.undo_parcel,
    ),
}
PRESSES = {
    "approve": Press(services.approve_return, cases.confirm_approval, at=(_S.REQUESTED,), done=WAY),
    "sent": Press(services.send_return, cases.confirm_sent, at=(_S.LABEL_SENT,), done=(_S.IN_TRANSIT,)),
    "accept": Press(services.accept_return, cases.confirm_acceptance, at=(_S.INSPECTED,), done=(_S.ACCEPTED, *PAID)),
}
PAY = Press(services.pay_return, cases.confirm_payment, at=(_S.ACCEPTED, _S.REFUNDING), done=PAID)
MISSING = gettext_lazy(
    "Only if the parcel came without it. The business is told, and nothing is refunded. It can still send the CORE. "
    "You can undo this if it was a mistake."
)


@requires(Permission.FULFILMENT, FORM)
def return_do(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    if act not in FILLED:
        raise Http404
    back, filled = return_selectors.one_return(pk), FILLED[act]
    form = filled.form(request.POST or None)
    if done := form.carry_out(filled.act, back=back, by=request.user):
        return _done(request, done)
    return _form(request, back, form, filled.title, filled.intro)


@takes_picture
@requires(Permission.FULFILMENT, FORM)
def return_inspect(request: SignedInRequest, pk: UUID) -> HttpResponse:
    back = return_selectors.one_return(pk)
    form = InspectForm(*posted(request), back=back, by=request.user)
    intro = _("What is missing or broken is deducted by the version that was published when the CORE was bought.")
    return _pictured(request, back, form, services.inspect_return, (_("Inspect it"), intro))


@takes_picture
@requires(Permission.FULFILMENT, FORM)
def return_missing(request: SignedInRequest, pk: UUID) -> HttpResponse:
    back = return_selectors.one_return(pk)
    form = MissingForm(*posted(request), back=back, by=request.user)
    return _pictured(request, back, form, services.report_missing_core, (_("The CORE is not in the parcel"), MISSING))


@requires(Permission.FULFILMENT, FORM)
def return_press(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    if act not in PRESSES:
        raise Http404
    return _confirmed(request, return_selectors.one_return(pk), PRESSES[act])


@requires(Permission.GIVE_BACK, SAFE)
def refunds_waiting(request: SignedInRequest) -> HttpResponse:
    context = {
        "returns": cases.returns_waiting(request.user),
        "lines": [RefundRow(refund, request.user) for refund in payments.waiting_refunds()],
    }
    return render(request, "shop/payments/refunds.html", context)


@privileged
@requires(Permission.GIVE_BACK, FORM)
def return_pay(request: SignedInRequest, pk: UUID) -> HttpResponse:
    back = return_selectors.one_return(pk)
    return _confirmed(request, back, PAY, reason=cases.pay_action(back, request.user).reason)


def _confirmed(request: SignedInRequest, back: Return, press: Press, *, reason: str = "") -> HttpResponse:
    """Show the page that asks before an act; act once confirmed. Of two presses one acts, and both show the result."""
    if request.method == "POST":
        try:
            return _done(request, press.act(back=back, by=request.user))
        except Stale:
            now = return_selectors.one_return(back.pk)
            if now.state not in press.done:
                raise
            return _done(request, now)
    if back.state not in press.at:
        return _done(request, back)
    orders.see_buyer(order=back.order, by=request.user)
    context = {
        "page": press.page(back),
        "number": back.number,
        "note": back.note,
        "reason": reason,
        "back_url": _home(request, back),
        "back_label": back.number,
    }
    return render(request, "shop/payments/confirmation.html", context)


def _pictured(
    request: SignedInRequest, back: Return, form: CheckedForm, act: Act, words: tuple[Words, Words]
) -> HttpResponse:
    say_refusal(form, "picture", request)
    if done := form.carry_out(act, back=back, by=request.user):
        return _done(request, done)
    return _form(request, back, form, *words)


def _form(request: SignedInRequest, back: Return, form: forms.Form, title: Words, intro: Words) -> HttpResponse:
    way = Way(reverse("return_case", args=[back.pk]), back.number)
    facts = CaseCard(back).facts
    page = ActPage(title=title, number=back.number, intro=intro, facts=facts, label=title, way=way)
    return page.answer(request, form, status=422 if form.errors else 200)


def _done(request: SignedInRequest, back: Return) -> HttpResponse:
    messages.success(request, _("%(number)s: %(state)s.") % {"number": back.number, "state": CaseCard(back).tag[1]})
    return redirect(_home(request, back))


def _home(request: SignedInRequest, back: Return) -> str:
    """Return the address of the page after an act: an administrator has no page of a return."""
    if has(request.user.role, Permission.FULFILMENT):
        return reverse("return_case", args=[back.pk])
    return reverse("refunds_waiting")


@requires(Permission.ADMINISTER, FORM)
def deductions(request: SignedInRequest) -> HttpResponse:
    form = PublishDeductionsForm(request.POST or None)
    if made := form.carry_out(services.publish_deductions, by=request.user):
        messages.success(request, _("Published: version %(version)d.") % {"version": made.version})
        return redirect("deductions")
    context = {"form": form, "cards": [ScheduleCard(schedule) for schedule in return_selectors.schedules()]}
    return render(request, "shop/returns/cases/deductions.html", context, status=422 if form.errors else 200)
