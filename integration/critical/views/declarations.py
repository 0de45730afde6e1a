from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.agency.steps import Step, step_of
from fusus_portal.ground.serving.lanes import urgent
from integration.critical import presenters, selectors
from integration.critical.forms import DeclareForm, RenewForm
from integration.critical.models import Declaration
from integration.critical.policies import declarations as declaration_policies
from integration.critical.services import declarations as declaration_services
from integration.rules import DECLARED_RADIUS_M, LARGEST_RADIUS_M
from registry.incidents import selectors as incidents
from registry.incidents.models import Incident
from registry.incidents.services import incidents as incident_services

FOLDER = "integration/critical"


@requires(Permission.VIEW_LIVE)
@require_safe
def critical(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the declarations of an incident. This is an entry."""
    incident = incident_services.view(incident=incidents.incident(request.user, pk), by=request.user)
    return render(request, f"{FOLDER}/page.html", presenters.page(incident, request.user))


@requires(Permission.DECLARE)
@require_form
def critical_declare(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    declaration_policies.must_be_declarable(incident)
    declaration_policies.may_declare(request.user, incident)
    point = incident.point
    initial = {"latitude": point.latitude, "longitude": point.longitude, "radius_m": DECLARED_RADIUS_M}
    form = DeclareForm(request.POST or None, incident=incident, initial=initial)
    step = step_of(request, form)
    if step is Step.SAVE and (made := form.carry_out(declaration_services.declare, incident=incident, by=request.user)):
        sentence = _("Asked. A second supervisor confirms it.") if made.beyond_limits else _("Declared critical.")
        messages.success(request, sentence)
        return redirect("incident", incident.pk)
    if step is Step.LOOK:
        return render(request, f"{FOLDER}/check.html", {"form": form, **presenters.asked(incident, **form.written())})
    context = {"incident": incident, "form": form, "most": LARGEST_RADIUS_M}
    return render(request, f"{FOLDER}/declare.html", context | _drawn(incident, form))


@requires(Permission.DECLARE)
@require_form
def declaration_second(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.one(request.user, pk)
    if request.method == "POST":
        declaration_services.second(declaration=declaration, by=request.user)
        messages.success(request, _("Confirmed. The incident is critical from now on."))
        return redirect("incident", declaration.incident_id)
    declaration_policies.must_wait(declaration)
    declaration_policies.may_second(request.user, declaration, declaration.incident)
    return render(request, f"{FOLDER}/second.html", _context(declaration))


@requires(Permission.VIEW_LIVE)
@require_POST
def declaration_decline(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = declaration_services.decline(declaration=selectors.one(request.user, pk), by=request.user)
    messages.success(request, _("Dropped. Nothing is declared by it."))
    return redirect("incident", declaration.incident_id)


@requires(Permission.DECLARE)
@require_form
def declaration_renew(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.one(request.user, pk)
    declaration_policies.may_renew(request.user, selectors.in_force(declaration.incident), declaration.incident)
    form = RenewForm(request.POST or None)
    if form.carry_out(declaration_services.renew, declaration=declaration, by=request.user):
        messages.success(request, _("Declared again. Four hours count from now."))
        return redirect("incident", declaration.incident_id)
    return render(request, f"{FOLDER}/renew.html", _context(declaration) | {"form": form})


@urgent
@requires(Permission.VIEW_LIVE)
@require_form
def declaration_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    declaration = selectors.one(request.user, pk)
    if request.method == "POST":
        declaration_services.end(declaration=declaration, by=request.user)
        messages.success(request, _("Ended. Every live view of this incident has ended."))
        return redirect("incident", declaration.incident_id)
    declaration_policies.must_run(declaration)
    return render(request, f"{FOLDER}/end.html", _context(declaration))


def _drawn(incident: Incident, form: forms.Form) -> dict[str, Any]:
    center = f"{form['latitude'].value() or ''},{form['longitude'].value() or ''}"
    return presenters.map_of(incident, incident.point, None) | {"center": center if len(center) > 1 else ""}


def _context(declaration: Declaration) -> dict[str, Any]:
    drawn = presenters.map_of(declaration.incident, declaration.point, declaration.radius_m)
    return presenters.about(declaration) | drawn
