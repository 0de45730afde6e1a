"""Clips of one incident: what was asked for, and the form that asks for another one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from integration.forms.clips import ClipForm
from integration.presenters.clips import ClipLine
from integration.presenters.health import recorded
from integration.selectors import clips as known
from integration.selectors import viewing
from integration.services import clips
from registry.selectors import incidents as known_incidents

FOLDER = "integration/console/clips"


@requires(Permission.VIEW_LIVE)
@never_cache
@require_safe
def incident_clips(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """List the clips that were asked for of an incident."""
    incident = known_incidents.one(request.user, pk)
    lines = [ClipLine(clip) for clip in known.of_incident(incident)]
    return render(request, f"{FOLDER}/list.html", {"incident": incident, "lines": lines})


@requires(Permission.VIEW_LIVE)
@never_cache
@require_form
def clip_ask(request: SignedInRequest, pk: UUID, camera: UUID) -> HttpResponse:
    """Ask the owner of a camera for a clip. The conditions are those of a live view."""
    incident, found = known_incidents.one(request.user, pk), viewing.camera(camera)
    clips.check(incident=incident, camera=found, by=request.user)
    form = ClipForm(request.POST or None, incident=incident)
    if form.is_valid():
        try:
            clips.ask(incident=incident, camera=found, by=request.user, wanted=form.wanted())
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Asked. The owner gives it or not; you are told when it is here."))
            return redirect("incident_clips", pk)
    core = found.core
    context = {
        "incident": incident,
        "name": found.camera.name,
        "form": form,
        "recorded": recorded(core.recorded_minutes) if core.recorded_minutes is not None else "",
        "records_nothing": core.recorded_minutes == 0,
    }
    return render(request, f"{FOLDER}/ask.html", context, status=422 if form.errors else 200)
