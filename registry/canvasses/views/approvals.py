"""Canvasses beyond the limits: a deputy asks, a supervisor decides."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.canvasses.forms import ApprovalQuestionForm, DecisionForm
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.policies import canvasses as canvass_policies
from registry.canvasses.presenters import page
from registry.canvasses.selectors import canvasses as canvass_selectors
from registry.canvasses.services import approvals
from registry.limits.models import Limits


@requires(Permission.CANVASS)
@require_form
def canvass_ask_approval(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask the supervisors, with the reason."""
    found = canvass_selectors.one(request.user, pk)
    form = ApprovalQuestionForm(request.POST or None)
    if form.is_valid():
        try:
            approvals.ask(canvass=found, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Asked. Supervisors are told, and the answer appears on your start page."))
            return redirect("canvass", pk)
    context = {
        "canvass": found,
        "incident": found.incident,
        "form": form,
        "limits": canvass_policies.limits_sentence(Limits.current()),
    }
    return render(request, "registry/canvasses/canvass_ask_approval.html", context)


@requires(Permission.APPROVE_CANVASS)
@require_form
def canvass_approval(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Read what is asked for, without anybody's address, and approve or deny it."""
    found = canvass_selectors.one(request.user, pk)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            _decide(request, found, form.cleaned_data["note"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("console")
    question = approvals.review(canvass=found, by=request.user)
    context = {**page.decision(question), "form": form}
    return render(request, "registry/canvasses/canvass_approval.html", context)


def _decide(request: SignedInRequest, canvass: Canvass, note: str) -> None:
    if request.POST.get("decision") == "approve":
        approvals.grant(canvass=canvass, by=request.user, note=note)
        messages.success(request, _("Approved. Whoever asked can look at it and send it."))
    else:
        approvals.deny(canvass=canvass, by=request.user, note=note)
        messages.success(request, _("Denied. Whoever asked reads your word."))
