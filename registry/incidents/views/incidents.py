from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.evened import evened
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.pages import lists, maps
from fusus_portal.ground.serving.lanes import urgent
from registry.incidents.forms.incidents import AssignForm, ChangeIncidentForm, IncidentSearchForm
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters import incident_page, marks
from registry.incidents.selectors import incidents as incident_selectors
from registry.incidents.services import closings as closing_services
from registry.incidents.services import incidents as incident_services

A_PAGE = 25


@requires(Permission.OPEN_INCIDENT)
@require_safe
def incident_search(request: SignedInRequest) -> HttpResponse:
    form = IncidentSearchForm(request.GET, by=request.user)
    wanted = form.wanted()
    incident_services.look_through(by=request.user, standing=wanted["standing"], number=wanted["number"])
    listed = lists.filtered(form, incident_selectors.search(request.user, **wanted), A_PAGE)
    marks.marked(listed["page"], request.user)
    context = {**listed, "sees_all": request.user.role == Role.SUPERVISOR}
    return render(request, "registry/incidents/incident_list.html", context)


@requires(Permission.OPEN_INCIDENT)
@require_form
def incident_change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.view(incident=incident_selectors.one(request.user, pk), by=request.user)
    form = ChangeIncidentForm(
        request.POST or None, own=shown.type, initial=model_to_dict(shown, ChangeIncidentForm.base_fields)
    )
    if changed := form.carry_out(incident_services.change, incident=shown, by=request.user):
        messages.success(request, incident_page.changed_sentence(shown, changed))
        return redirect("incident", pk)
    incident_policies.must_be_open(shown)
    incident_policies.may_change(request.user, shown)
    return render(request, "registry/incidents/incident_change.html", {"incident": shown, **_with_map(form)})


def _with_map(form: ChangeIncidentForm) -> dict[str, Any]:
    center = f"{form['latitude'].value() or ''},{form['longitude'].value() or ''}"
    return {"form": form, "center": center if len(center) > 1 else "", **maps.ground()}


@requires(Permission.OPEN_INCIDENT)
@require_safe
def incident(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.view(incident=incident_selectors.one(request.user, pk), by=request.user)
    part = {name: request.GET.get(name, "") for name in ("kind", "before")}
    form = AssignForm(incident=shown) if has(request.user.role, Permission.VERIFY_INCIDENT) else None
    context = incident_page.page(shown, request.user, **part) | {"assign_form": form}
    return render(request, "registry/incidents/incident.html", context)


@requires(Permission.OPEN_INCIDENT)
@require_safe
def incident_story(request: SignedInRequest, pk: UUID) -> HttpResponse:
    shown = incident_services.tell(incident=incident_selectors.one(request.user, pk), by=request.user)
    return render(request, "registry/incidents/incident_story.html", incident_page.printed(shown, request.user))


@requires(Permission.VERIFY_INCIDENT)
@require_POST
def incident_verify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident_services.verify(incident=incident_selectors.one(request.user, pk), by=request.user)
    return redirect("incident", pk)


@urgent
@requires(Permission.OPEN_INCIDENT)
@require_form
@evened
def incident_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = incident_selectors.one(request.user, pk)
    if request.method == "POST":
        incident_services.close(incident=found, by=request.user)
        sentence = _("Closed. For ten minutes you can take that back; then owners who could still answer are told.")
        messages.success(request, sentence)
        return redirect("incident", pk)
    shown = incident_services.view(incident=found, by=request.user)
    incident_policies.must_be_open(shown)
    return render(request, "registry/incidents/incident_close.html", incident_page.closing(shown))


@requires(Permission.OPEN_INCIDENT)
@require_POST
def incident_reopen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    closing_services.take_back(incident=incident_selectors.one(request.user, pk), by=request.user)
    messages.success(request, _("Taken back. The incident is open again, and no owner was told anything."))
    return redirect("incident", pk)


@requires(Permission.OPEN_INCIDENT)
@require_POST
def incident_assign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = incident_selectors.one(request.user, pk)
    form = AssignForm(request.POST, incident=found)
    if form.is_valid():
        incident_services.assign(incident=found, user=form.cleaned_data["user"], by=request.user)
        return redirect("incident", pk)
    shown = incident_services.view(incident=found, by=request.user)
    context = incident_page.page(shown, request.user) | {"assign_form": form}
    return render(request, "registry/incidents/incident.html", context, status=422)


@urgent
@requires(Permission.VERIFY_INCIDENT)
@require_POST
def incident_unassign(request: SignedInRequest, pk: UUID, person: UUID) -> HttpResponse:
    found = incident_selectors.one(request.user, pk)
    incident_services.unassign(incident=found, user=incident_selectors.person_on(found, person), by=request.user)
    return redirect("incident", pk)
