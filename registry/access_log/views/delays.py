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
from registry.access_log import policies
from registry.access_log.forms import DelayForm
from registry.access_log.models import LookDelay
from registry.access_log.presenters import delays as delay_presenters
from registry.access_log.selectors import delays as delay_selectors
from registry.access_log.services import looks
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.selectors import incidents as incident_selectors
from registry.incidents.services import incidents as incident_services
from registry.places import selectors
from registry.places.models import Camera


@requires(Permission.DELAY_LOOKS)
@require_safe
def look_delays(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incident_services.view(incident=incident_selectors.one(request.user, pk), by=request.user)
    return render(request, "registry/access_log/delays.html", delay_presenters.page(incident, request.user))


@privileged
@requires(Permission.DELAY_LOOKS)
@require_form
def look_delay_new(request: SignedInRequest, pk: UUID, camera: UUID) -> HttpResponse:
    incident = incident_selectors.one(request.user, pk)
    found = selectors.camera_by_id(camera)
    _may_delay(request, incident, found)
    form = DelayForm(request.POST or None, incident=incident)
    if form.carry_out(looks.delay, incident=incident, camera=found, by=request.user):
        messages.success(request, _("Delayed. The owner sees at once that there are entries, and when they open."))
        return redirect("look_delays", pk)
    context = {"form": form, "incident": incident, "camera": found}
    return render(request, "registry/access_log/delay_new.html", context)


@privileged
@requires(Permission.DELAY_LOOKS)
@require_form
def look_delay_renew(request: SignedInRequest, pk: UUID) -> HttpResponse:
    delay = delay_selectors.one(request.user, pk)
    policies.may_delay(request.user, delay.incident)
    policies.must_be_renewable(delay)
    form = DelayForm(request.POST or None, incident=delay.incident, first=delay)
    if form.carry_out(looks.renew, delay=delay, by=request.user):
        messages.success(request, _("Renewed. It can't be renewed again."))
        return redirect("look_delays", delay.incident_id)
    return render(request, "registry/access_log/delay_renew.html", _context(delay) | {"form": form})


@privileged
@requires(Permission.DELAY_LOOKS)
@require_form
def look_delay_end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    delay = delay_selectors.one(request.user, pk)
    if request.method == "POST":
        looks.end(delay=delay, by=request.user)
        messages.success(request, _("Ended. The owner can read everything now."))
        return redirect("look_delays", delay.incident_id)
    policies.must_run(delay)
    return render(request, "registry/access_log/delay_end.html", _context(delay))


def _may_delay(request: SignedInRequest, incident: Incident, camera: Camera) -> None:
    incident_policies.must_be_open(incident)
    policies.may_delay(request.user, incident)
    policies.must_be_delayable(request.user, camera, incident)


def _context(delay: LookDelay) -> dict[str, Any]:
    return {"delay": delay, "incident": delay.incident, "facts": delay_presenters.facts(delay)}
