"""Acts of staff on a return. Acts that move money or decide are confirmed first; a second press changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.picture_forms import posted, say_refusal, takes_picture
from shop.orders.forms import ReasonForm
from shop.orders.services import orders
from shop.payments.presenters import pay_action
from shop.returns.forms.cases import InspectForm, MissingForm, ParcelForm, ReturnLabelForm, UndoForm
from shop.returns.models import Return
from shop.returns.presenters import confirmations
from shop.returns.presenters.cases import CaseCard
from shop.returns.presenters.confirmations import Confirmation
from shop.returns.selectors import returns as return_selectors
from shop.returns.services import inspection, payback
from shop.returns.services import returns as return_services
from shop.returns.states import WAY, ReturnState
from shop.rules import INSPECTED_WITHIN, PAID_OUT_WITHIN

FOLDER = "shop/returns/cases"
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
    """An act that is confirmed. at: states before it. done: states after it."""

    act: Act
    page: Callable[[Return], Confirmation]
    at: tuple[ReturnState, ...]
    done: tuple[ReturnState, ...]


FILLED = {
    "label": FilledReturn(
        gettext_lazy("Send a label"),
        gettext_lazy("Its owner reads the tracking number, and puts the label on the parcel."),
        ReturnLabelForm,
        return_services.label,
    ),
    "receive": FilledReturn(
        gettext_lazy("Receive the parcel"),
        format_lazy(
            gettext_lazy("From now on, inspect it within {inspected} working days, and pay it out within {paid} more."),
            inspected=INSPECTED_WITHIN,
            paid=PAID_OUT_WITHIN,
        ),
        ParcelForm,
        inspection.receive,
    ),
    "decline": FilledReturn(
        gettext_lazy("Decline the return"),
        gettext_lazy("Only when the CORE isn't theirs. The return ends, and nothing goes back."),
        ReasonForm,
        return_services.decline,
    ),
    "undo": FilledReturn(
        gettext_lazy("Undo what was written down"),
        gettext_lazy(
            "The return waits for its parcel again, as before it came. What was received, inspected or accepted does "
            "not count any more, and the business is told that it was a mistake. The log keeps it."
        ),
        UndoForm,
        inspection.undo,
    ),
}
PRESSES = {
    "approve": Press(return_services.approve, confirmations.of_approval, at=(_S.REQUESTED,), done=WAY),
    "sent": Press(return_services.send, confirmations.of_label, at=(_S.LABEL_SENT,), done=(_S.IN_TRANSIT,)),
    "accept": Press(inspection.accept, confirmations.of_acceptance, at=(_S.INSPECTED,), done=(_S.ACCEPTED, *PAID)),
}
PAY = Press(payback.pay, confirmations.of_payment, at=(_S.ACCEPTED, _S.REFUNDING), done=PAID)
MISSING = gettext_lazy(
    "Only if the parcel came without it. The business is told, and nothing is refunded. It can still send the CORE. "
    "You can undo this if it was a mistake."
)


@requires(Permission.FULFILMENT)
@require_form
def return_do(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    if act not in FILLED:
        raise Http404
    back, filled = return_selectors.one(pk), FILLED[act]
    form = filled.form(request.POST or None)
    if done := form.carry_out(filled.act, back=back, by=request.user):
        return _done(request, done)
    return _form(request, back, form, filled.title, filled.intro)


@takes_picture
@requires(Permission.FULFILMENT)
@require_form
def return_inspect(request: SignedInRequest, pk: UUID) -> HttpResponse:
    back = return_selectors.one(pk)
    form = InspectForm(*posted(request), back=back, by=request.user)
    intro = _("What is missing or broken is deducted by the version that was published when the CORE was bought.")
    return _pictured(request, back, form, inspection.inspect, (_("Inspect it"), intro))


@takes_picture
@requires(Permission.FULFILMENT)
@require_form
def return_missing(request: SignedInRequest, pk: UUID) -> HttpResponse:
    back = return_selectors.one(pk)
    form = MissingForm(*posted(request), back=back, by=request.user)
    return _pictured(request, back, form, inspection.report_missing, (_("The CORE is not in the parcel"), MISSING))


@requires(Permission.FULFILMENT)
@require_form
def return_press(request: SignedInRequest, pk: UUID, act: str) -> HttpResponse:
    if act not in PRESSES:
        raise Http404
    return _confirmed(request, return_selectors.one(pk), PRESSES[act])


@privileged
@requires(Permission.GIVE_BACK)
@require_form
def return_pay(request: SignedInRequest, pk: UUID) -> HttpResponse:
    back = return_selectors.one(pk)
    return _confirmed(request, back, PAY, reason=pay_action(back, request.user).reason)


def _confirmed(request: SignedInRequest, back: Return, press: Press, *, reason: str = "") -> HttpResponse:
    """Show the page of an act; do it once confirmed. Of two presses one acts, and both see the result."""
    if request.method == "POST":
        try:
            return _done(request, press.act(back=back, by=request.user))
        except Stale:
            now = return_selectors.one(back.pk)
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
    context = {"card": CaseCard(back), "form": form, "title": title, "intro": intro}
    return render(request, f"{FOLDER}/form.html", context, status=422 if form.errors else 200)


def _done(request: SignedInRequest, back: Return) -> HttpResponse:
    messages.success(request, _("%(number)s: %(state)s.") % {"number": back.number, "state": CaseCard(back).tag[1]})
    return redirect(_home(request, back))


def _home(request: SignedInRequest, back: Return) -> str:
    """Return the next page: an administrator has no page of a return."""
    if has(request.user.role, Permission.FULFILMENT):
        return reverse("return_case", args=[back.pk])
    return reverse("refunds_waiting")
