from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.selectors import has_acted_on_camera
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Stale
from registry.access_log.models import LookDelay
from registry.canvasses.models import FootageRequest
from registry.incidents.models import Incident
from registry.incidents.policies.reasons import check_reason
from registry.limits.models import Limits
from registry.places.models import Camera
from registry.rules import LONGEST_LOOK_DELAY, LOOK_DELAYS

SHOWN_REASONS = frozenset({Event.LOOKS_DELAYED, Event.LOOKS_DELAY_RENEWED})
"""Events whose typed reasons owners always read: why they had to wait."""

TYPED_REASONS = frozenset(
    {
        Event.CAMERA_FOUND,
        Event.CAMERA_SHOWN,
        Event.CAMERA_ASKED,
        Event.EVIDENCE_VIEWED,
        Event.EVIDENCE_DOWNLOADED,
        Event.VIEW_STARTED,
        Event.VIEW_EXTENDED,
        Event.CLIP_ASKED,
    }
)
"""Events whose typed reasons owners read if the agency allows it. Reasons of other events may mention other people."""


def must_be_delayable(by: User, camera: Camera, incident: Incident) -> None:
    """Raise NotYours or Stale unless this person can delay what this camera's owner reads of the incident."""
    must_have_seen(by, camera, incident)
    must_be_secret(camera, incident)
    if LookDelay.objects.filter(incident=incident, registrant=camera.premises.registrant_id).exists():
        raise Stale(
            _("This owner had a delay for this incident before. A delay is renewed once, never begun again."),
            subject=incident.subject,
        )


def must_have_seen(by: User, camera: Camera, incident: Incident) -> None:
    """Raise NotYours unless a canvass, or the page of live views, showed this person the camera for the incident."""
    ids = {"camera": str(camera.pk), "incident": str(incident.pk)}
    if not any(has_acted_on_camera(event, actor=by.actor, **ids) for event in (Event.CAMERA_SHOWN, Event.VIEW_OFFERED)):
        raise NotYours(_("No canvass of this incident has shown you this camera."), subject=incident.subject)


def must_be_secret(camera: Camera, incident: Incident) -> None:
    """Raise Stale if the owner was asked for footage of this incident, and so knows of it."""
    if FootageRequest.objects.filter(incident=incident, registrant=camera.premises.registrant_id).exists():
        raise Stale(
            _("This owner was asked for footage of this incident and knows of it. There is nothing left to delay."),
            subject=incident.subject,
        )


def must_be_renewable(delay: LookDelay) -> None:
    """Raise Stale for a delay that is over, or renewed already."""
    must_run(delay)
    again = LookDelay.objects.filter(incident=delay.incident_id, registrant=delay.registrant_id)
    if delay.number >= LOOK_DELAYS or again.filter(number__gt=delay.number).exists():
        raise Stale(_("A delay is renewed once. This one was renewed already."), subject=delay.subject)


def must_run(delay: LookDelay) -> None:
    if delay.ends_at <= timezone.now():
        raise Stale(_("This delay is over: the owner can read everything."), subject=delay.subject)


def check_why(reason: str, *, incident: Incident, first: LookDelay | None = None) -> str:
    """Return the reason of a delay tidied. Raises ValidationError on "reason", also if it repeats what is known."""
    known = [incident.number, *incident.type.names, incident.place, *([first.reason] if first else [])]
    return check_reason(reason, limits=Limits.current(), repeats=known)


def check_days(days: int) -> timedelta:
    """Return the length of a delay. Raises ValidationError on "days" below one, or for more than a delay may last."""
    if not 1 <= days <= LONGEST_LOOK_DELAY.days:
        sentence = _("A delay lasts at least 1 and at most %(limit)d days.")
        raise ValidationError({"days": sentence % {"limit": LONGEST_LOOK_DELAY.days}})
    return timedelta(days=days)
