from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.canvasses.forms.canvasses import ApprovalQuestionForm, DecisionForm
from registry.canvasses.policies import unverified_searches
from registry.canvasses.presenters import page
from registry.canvasses.selectors import canvasses as canvass_selectors
from registry.canvasses.services import approvals
from registry.limits.models import Limits


@requires(Permission.CANVASS)
@require_form
def canvass_ask_approval(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = canvass_selectors.one(request.user, pk)
    form = ApprovalQuestionForm(request.POST or None)
    if form.carry_out(approvals.ask, canvass=found, by=request.user):
        messages.success(request, _("Asked. Supervisors are told, and the answer appears on your start page."))
        return redirect("canvass", pk)
    context = {
        "canvass": found,
        "incident": found.incident,
        "form": form,
        "limits": unverified_searches.why_asked(found, Limits.current()),
    }
    return render(request, "registry/canvasses/canvass_ask_approval.html", context)


@requires(Permission.APPROVE_CANVASS)
@require_form
def canvass_approval(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Approve or deny a canvass. The page shows no owner's address."""
    found = canvass_selectors.one(request.user, pk)
    form = DecisionForm(request.POST or None)
    grants = request.POST.get("decision") == "approve"
    if form.carry_out(approvals.grant if grants else approvals.deny, canvass=found, by=request.user):
        granted = _("Approved. Whoever asked can look at it and send it.")
        messages.success(request, granted if grants else _("Denied. Whoever asked reads your word."))
        return redirect("console")
    question = approvals.review(canvass=found, by=request.user)
    context = {**page.decision(question), "form": form}
    return render(request, "registry/canvasses/canvass_approval.html", context)
