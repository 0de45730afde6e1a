"""For which cameras that were viewed live a supervisor can delay what their owner reads (promise B1)."""

from functools import partial

from django.urls import reverse

from fusus_portal.accounts.models import User
from integration.live.selectors import live_views
from registry.models import Camera, Incident
from registry.policies import incidents as incident_policy
from registry.policies import looks as policy
from registry.policies import why_not


def links(incident: Incident, user: User) -> list[tuple[Camera, str]]:
    """Return the cameras that are or were viewed for an incident, each with where the delay is signed.

    None for whoever may sign none, and none of which this person was not shown: nobody else can be named.
    """
    refused = why_not(partial(incident_policy.must_be_open, incident)) or why_not(
        partial(policy.may_delay, user, incident)
    )
    cameras = [] if refused else live_views.viewed_cameras(incident)
    return [
        (camera, reverse("look_delay_new", args=[incident.pk, camera.pk]))
        for camera in cameras
        if not why_not(partial(policy.must_be_delayable, user, camera, incident))
    ]
