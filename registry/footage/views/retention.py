from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.footage import selectors
from registry.footage.forms.evidence import CategoryForm, HoldForm, LiftForm, RetentionForm
from registry.footage.policies.retention import must_be_there
from registry.footage.presenters import categories_in_words, hold_line
from registry.footage.services import custody, holds
from registry.footage.services import retention as retention_services
from registry.incidents.selectors import incidents


@requires(Permission.KEEP_EVIDENCE)
@require_form
def evidence_category(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(request.user, pk)
    must_be_there(found)
    form = CategoryForm(request.POST or None, evidence=found, initial={"category": found.category_id})
    if form.carry_out(retention_services.classify, evidence=found, by=request.user):
        messages.success(request, _("Saved. The facts of the file say until which day it is kept."))
        return redirect("evidence", pk)
    custody.open_page(evidence=found, by=request.user)
    context = {"evidence": found, "form": form, "categories": categories_in_words()}
    return render(request, "registry/footage/evidence_category.html", context)


@requires(Permission.KEEP_EVIDENCE)
@require_form
def evidence_hold(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(request.user, pk)
    must_be_there(found)
    form = HoldForm(request.POST or None)
    if form.carry_out(holds.place, incident=found.request.incident, evidence=found, by=request.user):
        messages.success(request, _("The hold is in force. This file is not deleted before it is lifted."))
        return redirect("evidence", pk)
    custody.open_page(evidence=found, by=request.user)
    context = {"form": form, "evidence": found, "incident": found.request.incident}
    return render(request, "registry/footage/hold.html", context)


@requires(Permission.KEEP_EVIDENCE)
@require_form
def incident_hold(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.one(request.user, pk)
    form = HoldForm(request.POST or None)
    if form.carry_out(holds.place, incident=incident, by=request.user):
        messages.success(
            request, _("The hold is in force. No footage of this incident is deleted before it is lifted.")
        )
        return redirect("evidence_list", pk)
    custody.open_list(incident=incident, by=request.user)
    return render(request, "registry/footage/hold.html", {"form": form, "incident": incident})


@privileged
@requires(Permission.KEEP_EVIDENCE)
@require_form
def hold_lift(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.hold(request.user, pk)
    form = LiftForm(request.POST or None)
    if form.carry_out(holds.lift, hold=found, by=request.user):
        messages.success(request, _("Lifted. A deletion that is due is announced first."))
        return redirect("evidence_list", found.incident_id)
    custody.open_list(incident=found.incident, by=request.user)
    context = {"form": form, "hold": found, "line": hold_line(found)}
    return render(request, "registry/footage/hold_lift.html", context)


@requires(Permission.ADMINISTER)
@require_safe
def retention(request: SignedInRequest) -> HttpResponse:
    return render(request, "registry/footage/retention.html", {"categories": categories_in_words()})


@requires(Permission.ADMINISTER)
@require_form
def retention_new(request: SignedInRequest) -> HttpResponse:
    form = RetentionForm(request.POST or None)
    if form.carry_out(retention_services.add, by=request.user):
        messages.success(request, _("Added."))
        return redirect("retention")
    return render(request, "registry/footage/retention_category.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_form
def retention_category(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.category(pk)
    fields: dict[str, Any] = {name: getattr(found, name) for name in ("name", "name_es", "days", "floor_days")}
    form = RetentionForm(request.POST or None, own=found, initial=fields)
    if form.carry_out(retention_services.change, category=found, by=request.user):
        messages.success(request, _("Saved. Footage that is here already keeps its day."))
        return redirect("retention")
    return render(request, "registry/footage/retention_category.html", {"form": form, "category": found})
