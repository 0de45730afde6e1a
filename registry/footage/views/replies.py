"""The replies to an incident's canvasses, each to be played with one press; and where one was recorded."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.canvasses.selectors import canvasses
from registry.canvasses.services import replies as reply_services
from registry.footage import presenters, selectors
from registry.footage.services import custody, sightings
from registry.incidents.selectors import incidents


@requires(Permission.VIEW_EVIDENCE)
@require_safe
def incident_replies(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """List the replies, which the person has seen then. No address, so it is an entry of the list and of no camera."""
    incident, opened_at = incidents.one(request.user, pk), timezone.now()
    custody.open_list(incident=incident, by=request.user)
    reply_services.see(canvasses=canvasses.once_sent(incident), by=request.user)
    context = presenters.replies_page(incident, request.user, since=opened_at)
    return render(request, "registry/footage/replies.html", context)


@requires(Permission.VIEW_EVIDENCE)
@require_safe
def evidence_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the address of the camera; its owner sees that it was shown."""
    found = selectors.one(request.user, pk)
    cameras = sightings.show_place(evidence=found, by=request.user)
    return render(request, "registry/footage/evidence_place.html", presenters.place_page(found, cameras))
