"""What a canvass may ask for, and how much of it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.geo import Point
from fusus_portal.lifecycle import Refused, Stale
from registry.models import Canvass, Incident, Limits
from registry.rules import (
    NEARBY_M,
    RADIUS_TOLERANCE_M,
    UNVERIFIED_CANVASSES,
    UNVERIFIED_OWNERS,
    WINDOW_REACH,
)


def check_area(radius_m: float, limits: Limits) -> None:
    """Raise ValidationError on "radius_m" (meters) for an area below or above the limits."""
    if not radius_m >= limits.smallest_radius_m - RADIUS_TOLERANCE_M:
        sentence = _("This area is too small. The smallest is %(limit)s square miles (%(radius)d m around the middle).")
        least = {"limit": limits.smallest_area.normalize(), "radius": round(limits.smallest_radius_m)}
        raise ValidationError({"radius_m": sentence % least})
    if radius_m > limits.largest_radius_m + RADIUS_TOLERANCE_M:
        sentence = _("This area is too large. The largest is %(limit)s square miles (%(radius)d m around the middle).")
        most = {"limit": limits.largest_area.normalize(), "radius": round(limits.largest_radius_m)}
        raise ValidationError({"radius_m": sentence % most})


def check_nearby(center: Point, incident: Incident) -> None:
    """Raise ValidationError on "center" when the circle is not near the incident (promise R3)."""
    if center.distance_m(incident.point) > NEARBY_M:
        raise ValidationError({"center": _("This area is more than a mile from the incident.")})


def check_window(starts_at: datetime, ends_at: datetime, incident: Incident, limits: Limits) -> None:
    """Raise ValidationError on "starts_at" or "ends_at" for a window too short, too long, too early or too late."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must come after the start.")})
    if ends_at > timezone.now():
        raise ValidationError({"ends_at": _("This lies in the future. Only recordings that exist can be asked for.")})
    if ends_at - starts_at < limits.shortest_window:
        least = {"count": limits.shortest_window_minutes}
        raise ValidationError({"ends_at": _("Ask for at least %(count)d minutes.") % least})
    if ends_at - starts_at > limits.longest_window:
        raise ValidationError(
            {"ends_at": _("Ask for at most %(count)d hours.") % {"count": limits.longest_window_hours}}
        )
    if ends_at < incident.starts_at - WINDOW_REACH or starts_at > incident.ends_at + WINDOW_REACH:
        raise ValidationError({"starts_at": _("This is more than a day away from the time of the incident.")})


def may_search(incident: Incident) -> None:
    """Raise Refused for a second canvass, sent or not, of an incident that nobody has verified."""
    if incident.is_verified or Canvass.objects.filter(incident=incident).count() < UNVERIFIED_CANVASSES:
        return
    sentence = _("A supervisor must verify this incident before another area is searched.")
    raise Refused(sentence, subject=incident.subject)


def may_ask(canvass: Canvass, incident: Incident, *, owners: int) -> None:
    """Raise Refused for more owners than an incident that nobody has verified allows.

    owners: how many are in the circle. Beyond the limit their cameras are not shown either.
    """
    if incident.is_verified or owners <= UNVERIFIED_OWNERS:
        return
    sentence = _("A supervisor must verify this incident before more than %(limit)d owners are asked.")
    raise Refused(sentence % {"limit": UNVERIFIED_OWNERS}, subject=canvass.subject)


def must_ask_somebody(canvass: Canvass, *, owners: int) -> None:
    """Raise Stale when nobody is left to ask. owners: how many the canvass would ask now."""
    if not owners:
        raise Stale(
            _("Nobody is left to ask: no camera is here, or its owner was asked before."),
            subject=canvass.subject,
        )
