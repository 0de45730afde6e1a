"""Incidents in the console."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from registry.forms.incidents import AssignForm, IncidentForm
from registry.presenters import incident_page, maps
from registry.selectors import incidents as known
from registry.services import incidents


@requires(Permission.OPEN_INCIDENT)
@require_form
def incident_new(request: SignedInRequest) -> HttpResponse:
    """Open an incident."""
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            incident = incidents.open(by=request.user, point=form.point(), **_written(form))
        except ValidationError as error:
            form.add_refusal(error)
        else:
            return redirect("incident", incident.pk)
    center = f"{form['latitude'].value() or ''},{form['longitude'].value() or ''}"
    context = {"form": form, "center": center if len(center) > 1 else "", **maps.ground()}
    return render(request, "registry/console/incident_new.html", context)


def _written(form: IncidentForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("number", "type", "place", "starts_at", "ends_at")}


@requires(Permission.OPEN_INCIDENT)
@require_safe
def incident(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one incident. Looking at it is an entry."""
    shown = incidents.view(incident=known.one(request.user, pk), by=request.user)
    return render(request, "registry/console/incident.html", incident_page.page(shown, request.user))


@requires(Permission.VERIFY_INCIDENT)
@require_POST
def incident_verify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Confirm, as a second person, that it is what its type says."""
    incidents.verify(incident=known.one(request.user, pk), by=request.user)
    return redirect("incident", pk)


@requires(Permission.OPEN_INCIDENT)
@require_POST
def incident_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Close an incident; what still waits for an answer is withdrawn."""
    incidents.close(incident=known.one(request.user, pk), by=request.user)
    return redirect("incident", pk)


@requires(Permission.OPEN_INCIDENT)
@require_POST
def incident_assign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put another deputy or supervisor on the incident."""
    found = known.one(request.user, pk)
    form = AssignForm(request.POST, incident=found)
    if form.is_valid():
        incidents.assign(incident=found, user=form.cleaned_data["user"], by=request.user)
        return redirect("incident", pk)
    shown = incidents.view(incident=found, by=request.user)
    context = incident_page.page(shown, request.user) | {"assign_form": form}
    return render(request, "registry/console/incident.html", context, status=422)


@requires(Permission.VERIFY_INCIDENT)
@require_POST
def incident_unassign(request: SignedInRequest, pk: UUID, person: UUID) -> HttpResponse:
    """Take a person off the incident; from then on they can neither search nor look."""
    found = known.one(request.user, pk)
    incidents.unassign(incident=found, user=known.person_on(found, person), by=request.user)
    return redirect("incident", pk)
