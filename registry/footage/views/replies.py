"""The replies to an incident's canvasses, each to be played with one press; and where one was recorded."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.footage import presenters, selectors
from registry.footage.services import custody, sightings
from registry.incidents.selectors import incidents


@requires(Permission.VIEW_EVIDENCE)
@require_safe
def incident_replies(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """List the replies. It shows no address, so it is an entry of the list of footage and of no camera."""
    incident = incidents.one(request.user, pk)
    custody.open_list(incident=incident, by=request.user)
    return render(request, "registry/footage/replies.html", presenters.replies_page(incident))


@requires(Permission.VIEW_EVIDENCE)
@require_safe
def evidence_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the address of the camera; its owner sees that it was shown."""
    found = selectors.one(request.user, pk)
    cameras = sightings.show_place(evidence=found, by=request.user)
    return render(request, "registry/footage/evidence_place.html", presenters.place_page(found, cameras))
