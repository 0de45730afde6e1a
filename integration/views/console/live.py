"""What can be seen live: of one incident, with the form that begins a view, and of all of one's own."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.requests import SignedInRequest
from fusus_portal.lifecycle import Refused
from integration.forms.declaring import ViewForm
from integration.presenters import offers as pages
from integration.selectors import viewing
from integration.services import offers, views
from integration.services.refusing import ViewRefused
from integration.views.console.viewer import viewer_of
from registry.selectors import incidents as known_incidents

FOLDER = "integration/console/live"


@requires(Permission.VIEW_LIVE)
@require_safe
def live(request: SignedInRequest) -> HttpResponse:
    """Show which incidents have cameras to be seen now, and which views run."""
    return render(request, f"{FOLDER}/now.html", pages.now_page(request.user))


@requires(Permission.VIEW_LIVE)
@require_safe
def incident_live(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the connected cameras inside the circle, and no other. Each that is shown is an entry."""
    offered = offers.show(incident=known_incidents.one(request.user, pk), by=request.user)
    return render(request, f"{FOLDER}/offers.html", pages.page(offered, request.user))


@requires(Permission.VIEW_LIVE)
@require_POST
def live_start(request: SignedInRequest, pk: UUID, camera: UUID) -> HttpResponse:
    """Begin to see a camera, for a reason."""
    incident = known_incidents.one(request.user, pk)
    found = viewing.camera(camera)
    form = ViewForm(request.POST, auto_id=f"id_%s_{camera}")
    form.is_valid()
    try:
        views.start(
            incident=incident,
            camera=found,
            by=request.user,
            reason=form.cleaned_data.get("reason", ""),
            more=form.cleaned_data.get("more", False),
            **viewer_of(request),
        )
    except ValidationError as error:
        offered = offers.show(incident=incident, by=request.user)
        context = pages.page(offered, request.user, wrong=(camera, pages.refused(form, error)))
        return render(request, f"{FOLDER}/offers.html", context, status=422)
    except ViewRefused as refused:
        raise Refused(f"{refused.sentence} {refused.change}", subject=refused.subject) from refused
    return redirect("live_watch", pk)
