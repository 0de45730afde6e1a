"""How long one file is kept, and legal holds: acts of supervisors, each with its reason."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.access import Permission, privileged, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from registry.forms.evidence import CategoryForm, HoldForm, LiftForm
from registry.policies.retention import must_be_there
from registry.presenters.evidence_page import hold_line
from registry.selectors import evidence as known
from registry.selectors import incidents as known_incidents
from registry.services import evidence as looks
from registry.services import holds, retention


@requires(Permission.KEEP_EVIDENCE)
@require_form
def evidence_category(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put a file into another category."""
    found = known.one(request.user, pk)
    must_be_there(found)
    form = CategoryForm(request.POST or None, evidence=found, initial={"category": found.category_id})
    if form.is_valid():
        try:
            retention.classify(evidence=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Saved. The day until which the file is kept stands with its facts."))
            return redirect("evidence", pk)
    looks.open_page(evidence=found, by=request.user)
    context = {"evidence": found, "form": form, "categories": known.categories()}
    return render(request, "registry/console/evidence_category.html", context)


@requires(Permission.KEEP_EVIDENCE)
@require_form
def evidence_hold(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Place a legal hold on one file."""
    found = known.one(request.user, pk)
    must_be_there(found)
    form = HoldForm(request.POST or None)
    if form.is_valid():
        try:
            holds.place(incident=found.request.incident, evidence=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("reason", ValidationError(error.messages))
        else:
            messages.success(request, _("The hold is in force. This file is not deleted before it is lifted."))
            return redirect("evidence", pk)
    looks.open_page(evidence=found, by=request.user)
    context = {"form": form, "evidence": found, "incident": found.request.incident}
    return render(request, "registry/console/hold.html", context)


@requires(Permission.KEEP_EVIDENCE)
@require_form
def incident_hold(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Place a legal hold on all footage of an incident."""
    incident = known_incidents.one(request.user, pk)
    form = HoldForm(request.POST or None)
    if form.is_valid():
        try:
            holds.place(incident=incident, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("reason", ValidationError(error.messages))
        else:
            messages.success(
                request, _("The hold is in force. No footage of this incident is deleted before it is lifted.")
            )
            return redirect("evidence_list", pk)
    looks.open_list(incident=incident, by=request.user)
    return render(request, "registry/console/hold.html", {"form": form, "incident": incident})


@privileged
@requires(Permission.KEEP_EVIDENCE)
@require_form
def hold_lift(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Lift a legal hold."""
    found = known.hold(request.user, pk)
    form = LiftForm(request.POST or None)
    if form.is_valid():
        try:
            holds.lift(hold=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("reason", ValidationError(error.messages))
        else:
            messages.success(request, _("Lifted. A deletion that is due is announced first."))
            return redirect("evidence_list", found.incident_id)
    looks.open_list(incident=found.incident, by=request.user)
    context = {"form": form, "hold": found, "line": hold_line(found)}
    return render(request, "registry/console/hold_lift.html", context)
