"""Still pictures of a camera behind a CORE: at its owner's own press, for its owner alone."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from integration.cores import selectors
from integration.live.services import snapshots
from integration.rules import POLL_SECONDS, SNAPSHOT_KEPT
from registry.places.views import SAFE_HEADERS


@requires(Permission.OWN_DEVICES)
@require_form
@limit("snapshot", "10/m", account_of)
def snapshot(request: SignedInRequest, pk: UUID, behind: UUID) -> HttpResponse:
    found = selectors.own_connected(request.user, pk, behind)
    if request.method == "POST":
        snapshots.take(behind=found, by=request.user)
        return redirect("device_snapshot", pk, behind)
    context = {
        "behind": found,
        "kept": snapshots.of_camera(found),
        "is_on_its_way": snapshots.is_on_its_way(found),
        "minutes": SNAPSHOT_KEPT // timedelta(minutes=1),
        "seconds": POLL_SECONDS,
    }
    return render(request, "integration/live/snapshot.html", context)


@requires(Permission.OWN_DEVICES)
@require_safe
def snapshot_file(request: SignedInRequest, pk: UUID, behind: UUID) -> HttpResponse:
    kept = snapshots.of_camera(selectors.own_connected(request.user, pk, behind))
    if kept is None:
        raise Http404
    return HttpResponse(kept.jpeg, content_type="image/jpeg", headers=SAFE_HEADERS)
