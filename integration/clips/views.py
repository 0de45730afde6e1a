"""Clips: what was asked for an incident, and what a business was asked for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from integration.clips import policies, selectors, services
from integration.clips.forms import ClipForm
from integration.clips.presenters import ClipLine
from integration.cores.presenters.health import recorded
from integration.live.selectors import gate
from integration.live.services import gate as gate_services
from registry.incidents.selectors import incidents

CONSOLE = "integration/clips/console"
OWN = "integration/clips/own"


@requires(Permission.VIEW_LIVE)
@require_safe
def incident_clips(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """List the clips that were asked for of an incident."""
    incident = incidents.one(request.user, pk)
    lines = [ClipLine(clip) for clip in selectors.of_incident(incident)]
    return render(request, f"{CONSOLE}/list.html", {"incident": incident, "lines": lines})


@requires(Permission.VIEW_LIVE)
@require_form
def clip_ask(request: SignedInRequest, pk: UUID, camera: UUID) -> HttpResponse:
    """Ask the owner of a camera for a clip. The conditions are those of a live view."""
    incident, found = incidents.one(request.user, pk), gate.camera(camera)
    gate_services.must_see(deputy=request.user, camera=found, incident=incident, now=timezone.now())
    policies.must_be_verified(incident)
    core = found.core
    form = ClipForm(request.POST or None, incident=incident, core=core)
    if form.carry_out(services.ask, incident=incident, camera=found, by=request.user):
        messages.success(request, _("Asked. The owner gives it or not. You will be told when it arrives."))
        return redirect("incident_clips", pk)
    context = {
        "incident": incident,
        "name": found.camera.name,
        "form": form,
        "recorded": recorded(core.recorded_minutes) if core.recorded_minutes is not None else "",
        "why_not": policies.why_no_minutes(incident, core, timezone.now()),
    }
    return render(request, f"{CONSOLE}/ask.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN_DEVICES)
@require_safe
def own_clips(request: SignedInRequest) -> HttpResponse:
    """List the clips that the business was asked for."""
    return render(request, f"{OWN}/list.html", {"lines": [ClipLine(clip) for clip in selectors.own(request.user)]})


@requires(Permission.OWN_DEVICES)
@require_form
def own_clip(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one of them, and give it by one press; any other answer is on the page of its request."""
    clip = selectors.own_one(request.user, pk)
    if request.method == "POST":
        services.give(clip=clip, by=request.user)
        messages.success(request, _("Given. The CORE sends it the next time it connects."))
        return redirect("own_clip", pk)
    return render(request, f"{OWN}/one.html", {"line": ClipLine(clip)})
