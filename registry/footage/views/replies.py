from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.canvasses.selectors import canvasses, replies
from registry.canvasses.services import replies as reply_services
from registry.footage import presenters, selectors
from registry.footage.services import custody, sightings
from registry.incidents.selectors import incidents


@requires(Permission.VIEW_EVIDENCE)
@require_safe
def incident_replies(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """List the replies and mark them as seen. The page has no address, so its entry names no camera."""
    incident = incidents.one(request.user, pk)
    custody.open_list(incident=incident, by=request.user)
    sent = list(canvasses.once_sent(incident))
    looked_at = replies.last_look(sent, request.user)
    reply_services.see(canvasses=sent, by=request.user)
    context = presenters.replies_page(incident, request.user, since=looked_at)
    return render(request, "registry/footage/replies.html", context)


@requires(Permission.VIEW_EVIDENCE)
@require_safe
def evidence_place(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = selectors.one(request.user, pk)
    cameras = sightings.show_place(evidence=found, by=request.user)
    return render(request, "registry/footage/evidence_place.html", presenters.place_page(found, cameras))
