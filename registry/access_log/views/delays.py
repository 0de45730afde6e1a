"""A supervisor delays what one owner can read about an incident (promise B1)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, privileged, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from registry.forms.looks import DelayForm
from registry.models import Camera, Incident, LookDelay
from registry.policies import incidents as incident_policy
from registry.policies import looks as policy
from registry.presenters import delays as page
from registry.selectors import delays as known
from registry.selectors import incidents as known_incidents
from registry.selectors import registrants as known_cameras
from registry.services import incidents
from registry.services import looks as service


@requires(Permission.DELAY_LOOKS)
@require_safe
def look_delays(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """List the delays of an incident. Looking at them is an entry."""
    incident = incidents.view(incident=known_incidents.one(request.user, pk), by=request.user)
    return render(request, "registry/console/delays.html", page.page(incident, request.user))


@privileged
@requires(Permission.DELAY_LOOKS)
@require_form
def look_delay_new(request: SignedInRequest, pk: UUID, camera: UUID) -> HttpResponse:
    """Delay what the owner of a camera can read, once the supervisor has read what that means."""
    incident = known_incidents.one(request.user, pk)
    found = known_cameras.camera_by_id(camera)
    _may_delay(request, incident, found)
    form = DelayForm(request.POST or None, incident=incident)
    if form.is_valid():
        try:
            service.delay(incident=incident, camera=found, by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_refusal(wrong)
        else:
            messages.success(request, _("Delayed. The owner sees at once that there are entries, and when they open."))
            return redirect("look_delays", pk)
    context = {"form": form, "incident": incident, "camera": found}
    return render(request, "registry/console/delay_new.html", context)


@privileged
@requires(Permission.DELAY_LOOKS)
@require_form
def look_delay_renew(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Renew a delay, once."""
    delay = known.one(request.user, pk)
    policy.may_delay(request.user, delay.incident)
    policy.must_be_renewable(delay)
    form = DelayForm(request.POST or None, incident=delay.incident, first=delay)
    if form.is_valid():
        try:
            service.renew(delay=delay, by=request.user, **form.cleaned_data)
        except ValidationError as wrong:
            form.add_refusal(wrong)
        else:
            messages.success(request, _("Renewed. It can't be renewed again."))
            return redirect("look_delays", delay.incident_id)
    return render(request, "registry/console/delay_renew.html", _context(delay) | {"form": form})


@privileged
@requires(Permission.DELAY_LOOKS)
@require_form
def look_delay_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End a delay before its time, once that is confirmed."""
    delay = known.one(request.user, pk)
    if request.method == "POST":
        service.end(delay=delay, by=request.user)
        messages.success(request, _("Ended. The owner can read everything now."))
        return redirect("look_delays", delay.incident_id)
    policy.must_run(delay)
    return render(request, "registry/console/delay_end.html", _context(delay))


def _may_delay(request: SignedInRequest, incident: Incident, camera: Camera) -> None:
    incident_policy.must_be_open(incident)
    policy.may_delay(request.user, incident)
    policy.must_be_delayable(request.user, camera, incident)


def _context(delay: LookDelay) -> dict[str, Any]:
    return {"delay": delay, "incident": delay.incident, "facts": page.facts(delay)}
