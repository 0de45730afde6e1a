from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lifecycle import why_not
from registry.canvasses.forms.calls import call_of
from registry.canvasses.presenters import call_page
from registry.canvasses.services import calls
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters import marks
from registry.incidents.selectors import incidents as incident_selectors
from registry.incidents.services import incidents as incident_services


@requires(Permission.OPEN_INCIDENT)
@require_form
def incident_new(request: SignedInRequest) -> HttpResponse:
    """Open an incident, alone or with a search. A person without room reads so before they type anything."""
    refused = why_not(partial(incident_policies.may_open_another, request.user))
    if refused and request.method != "POST":
        own = marks.marked(incident_selectors.unverified_of(request.user), request.user)
        return render(request, "registry/incidents/incident_no_room.html", {"refused": refused, "incidents": own})
    form = call_of(request, call_page.initial(), by=request.user)
    if form.asks:
        if drafted := form.carry_out(calls.begin, by=request.user):
            return redirect("canvass", drafted.pk)
    elif opened := form.carry_out(incident_services.open, by=request.user):
        return redirect("incident", opened.pk)
    taken = form.has_error("number")
    exists = incident_selectors.by_number(request.user, form.data.get("number", "")) if taken else None
    context = call_page.page(form, shape=form.shape, limits=form.limits, exists=exists)
    return render(request, "registry/canvasses/canvass_call.html", context)
