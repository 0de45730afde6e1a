"""Canvasses in the console: draw, look, send, follow up."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from registry.forms.canvasses import CanvassForm
from registry.policies import canvasses as policy
from registry.presenters import canvass_page
from registry.presenters import canvass_sheet as canvass_sheets
from registry.selectors import canvasses as known
from registry.selectors import incidents as known_incidents
from registry.services import canvasses


@requires(Permission.CANVASS)
@require_form
def canvass_new(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Draw a circle and search it."""
    incident = known_incidents.one(request.user, pk)
    form = CanvassForm(request.POST or None, initial=canvass_page.initial(incident))
    if request.method == "POST" and form.is_valid():
        try:
            draft = canvasses.draft(incident=incident, by=request.user, center=form.point(), **_written(form))
        except ValidationError as error:
            form.add_refusal(error)
        else:
            return redirect("canvass", draft.pk)
    return render(request, "registry/console/canvass_new.html", canvass_page.drawing(incident, form))


def _written(form: CanvassForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("radius_m", "starts_at", "ends_at", "reason")}


@requires(Permission.CANVASS)
@require_safe
def canvass(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a canvass, with its cameras while it is open; each camera's owner sees that it was shown."""
    found = known.one(request.user, pk)
    findings = None
    if canvass_page.shows_cameras(found):
        findings = canvasses.show(canvass=found, by=request.user)
    else:
        canvasses.view(canvass=found, by=request.user)
    return render(request, "registry/console/canvass.html", canvass_page.page(found, findings, request.user))


@requires(Permission.CANVASS)
@require_safe
def canvass_sheet(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the addresses as a sheet to print; each camera's owner sees that they were shown."""
    found = known.one(request.user, pk)
    findings = canvasses.show(canvass=found, by=request.user)
    if findings.cameras is None:
        policy.may_ask(found, found.incident, owners=findings.owners)
    context = canvass_sheets.sheet(found, findings.cameras or (), request.user)
    return render(request, "registry/console/canvass_sheet.html", context)


@requires(Permission.CANVASS)
@require_POST
def canvass_send(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask the owners. Sending twice sends once."""
    canvasses.send(canvass=known.one(request.user, pk), by=request.user)
    return redirect("canvass", pk)


@requires(Permission.CANVASS)
@require_POST
def canvass_close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End a canvass; what still waits for an answer is withdrawn."""
    canvasses.close(canvass=known.one(request.user, pk), by=request.user)
    return redirect("canvass", pk)


@requires(Permission.CANVASS)
@require_safe
def canvass_replies(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Return the replies as a fragment that the page fetches by itself."""
    context = {"follow_up": canvass_page.follow_up(known.one(request.user, pk))}
    return render(request, "registry/console/canvass_replies.html", context)
