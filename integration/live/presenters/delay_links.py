"""Links by which a supervisor delays what owners read about viewed cameras (promise B1)."""

from functools import partial

from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from integration.live.selectors import live_views
from registry.access_log import policies
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.places.models import Camera


def links(incident: Incident, user: User) -> list[tuple[Camera, str]]:
    """Return viewed cameras with the address to sign a delay. Only cameras that this person was shown."""
    refused = why_not(partial(incidents.must_be_open, incident)) or why_not(partial(policies.may_delay, user, incident))
    cameras = [] if refused else live_views.viewed_cameras(incident)
    return [
        (camera, reverse("look_delay_new", args=[incident.pk, camera.pk]))
        for camera in cameras
        if not why_not(partial(policies.must_be_delayable, user, camera, incident))
    ]
