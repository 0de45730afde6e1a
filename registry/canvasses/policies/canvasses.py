from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.areas import Area
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.pages.feet import in_feet, least_feet
from registry.canvasses.models.approvals import Approval
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.models.purposes import CanvassPurpose
from registry.canvasses.states import CanvassState
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import reasons
from registry.limits.models import Limits
from registry.rules import (
    CEILING_RADIUS_M,
    CEILING_SQUARE_MILES,
    CEILING_WINDOW,
    FEWEST_CORNERS,
    MOST_CORNERS,
    NEARBY_M,
    RADIUS_TOLERANCE_M,
    WINDOW_REACH,
)


def check_area(area: Area, limits: Limits) -> None:
    """Raise ValidationError on "radius_m" or "corners" for an area that nobody may search, approved or not."""
    if area.corners:
        _check_polygon(area, limits)
        return
    if not area.radius_m >= limits.smallest_radius_m - RADIUS_TOLERANCE_M:
        sentence = _("This area is too small. The smallest is %(limit)s square miles (a radius of %(radius)s ft).")
        least = {"limit": limits.smallest_area.normalize(), "radius": f"{least_feet(limits.smallest_radius_m):,}"}
        raise ValidationError({"radius_m": sentence % least})
    if area.radius_m > CEILING_RADIUS_M:
        sentence = _("This area is too large. The largest is %(limit)s square miles (a radius of %(radius)s ft).")
        most = {"limit": round(CEILING_SQUARE_MILES), "radius": f"{in_feet(CEILING_RADIUS_M):,}"}
        raise ValidationError({"radius_m": sentence % most})


def _check_polygon(area: Area, limits: Limits) -> None:
    if not FEWEST_CORNERS <= len(area.corners) <= MOST_CORNERS:
        sentence = _("An area needs from %(fewest)d to %(most)d corners.")
        raise ValidationError({"corners": sentence % {"fewest": FEWEST_CORNERS, "most": MOST_CORNERS}})
    if len(set(area.corners)) != len(area.corners):
        raise ValidationError({"corners": _("One corner is here twice. Give each corner once.")})
    if area.crosses_itself:
        raise ValidationError({"corners": _("The border of this area crosses itself. Give the corners in order.")})
    if area.square_miles < float(limits.smallest_area):
        sentence = _("This area is too small. The smallest is %(limit)s square miles.")
        raise ValidationError({"corners": sentence % {"limit": limits.smallest_area.normalize()}})
    if area.square_miles > CEILING_SQUARE_MILES:
        sentence = _("This area is too large. The largest is %(limit)s square miles.")
        raise ValidationError({"corners": sentence % {"limit": round(CEILING_SQUARE_MILES)}})


def check_nearby(area: Area, incident: Incident) -> None:
    """Raise ValidationError on "center" or "corners" unless the area is near the incident (promise R3)."""
    if area.reach_m(incident.point) <= NEARBY_M:
        return
    if area.corners:
        raise ValidationError({"corners": _("A corner of this area is more than a mile from the incident.")})
    raise ValidationError({"center": _("This area is more than a mile from the incident.")})


def check_window(starts_at: datetime, ends_at: datetime, incident: Incident, limits: Limits) -> None:
    """Raise ValidationError on "starts_at" or "ends_at" for a window too short, too long, too early or too late."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must come after the start.")})
    if ends_at > timezone.now():
        raise ValidationError({"ends_at": _("This is in the future. Only recordings that exist can be asked for.")})
    if ends_at - starts_at < limits.shortest_window:
        least = {"count": limits.shortest_window_minutes}
        raise ValidationError({"ends_at": _("Ask for at least %(count)d minutes.") % least})
    if ends_at - starts_at > CEILING_WINDOW:
        hours = round(CEILING_WINDOW.total_seconds() / 3600)
        raise ValidationError({"ends_at": _("Ask for at most %(count)d hours.") % {"count": hours}})
    if ends_at < incident.starts_at - WINDOW_REACH or starts_at > incident.until + WINDOW_REACH:
        raise ValidationError({"starts_at": _("This is more than a day away from the time of the incident.")})


def footage_window(starts_at: datetime, ends_at: datetime, limits: Limits) -> tuple[datetime, datetime]:
    """Return the incident's hours as a window: the last hours of a long incident, and some before a short one."""
    longest, shortest = ends_at - limits.longest_window, ends_at - limits.shortest_window
    return min(max(starts_at, longest), shortest), ends_at


def check_purpose(purpose: CanvassPurpose) -> None:
    if purpose.retired_at is not None:
        raise ValidationError({"purpose": _("This purpose is no longer on the list. Choose another one.")})


def check_reason(reason: str, *, incident: Incident, purpose: CanvassPurpose | None) -> str:
    """Return the reason tidied. Raises ValidationError on "reason", also if it only repeats incident and purpose."""
    known = [incident.number, *incident.type.names, incident.place, *(purpose.names if purpose else ())]
    return reasons.check_reason(reason, limits=Limits.current(), repeats=known)


def beyond_limits(area: Area, starts_at: datetime, ends_at: datetime, limits: Limits) -> bool:
    if area.corners:
        too_large = area.square_miles > float(limits.largest_area)
    else:
        too_large = area.radius_m > limits.largest_radius_m + RADIUS_TOLERANCE_M
    return too_large or ends_at - starts_at > limits.longest_window


def limits_sentence(limits: Limits) -> str:
    sentence = _("Beyond %(limit)s square miles or %(hours)d hours a supervisor must approve.")
    return sentence % {"limit": limits.largest_area.normalize(), "hours": limits.longest_window_hours}


def must_be_approved(canvass: Canvass, limits: Limits | None = None) -> None:
    """Raise Refused for a canvass beyond the limits that no supervisor approved.

    limits: today's, given when the canvass is sent, so that lowered limits apply to older drafts too.
    """
    beyond = canvass.beyond_limits
    if limits is not None:
        beyond = beyond or beyond_limits(canvass.area, canvass.starts_at, canvass.ends_at, limits)
    if beyond and canvass.state != CanvassState.APPROVED:
        raise Refused(
            _("This canvass goes beyond the limits. A supervisor must approve it first."), subject=canvass.subject
        )


def must_need_approval(canvass: Canvass) -> None:
    if not canvass.beyond_limits:
        raise Stale(_("This canvass is within the limits and needs no approval."), subject=canvass.subject)


def may_decide(by: User, canvass: Canvass, approval: Approval) -> None:
    """Raise Refused unless the person is a supervisor who neither prepared the canvass nor asked (CJIS AC-5)."""
    demand(by, Permission.APPROVE_CANVASS, subject=canvass.subject)
    if by.pk in {canvass.created_by_id, approval.asked_by_id}:
        raise Refused(_("Nobody approves what they asked for. Ask another supervisor."), subject=canvass.subject)


def may_send_approved(by: User, canvass: Canvass, approval: Approval) -> None:
    """Raise Refused for the supervisor who approved it; another person sends it."""
    if by.pk == approval.decided_by_id:
        raise Refused(_("You approved this canvass, so somebody else sends it."), subject=canvass.subject)


def must_show_cameras(canvass: Canvass) -> None:
    """Raise Stale for a canvass whose cameras are no longer shown."""
    if canvass.state == CanvassState.CLOSED:
        raise Stale(_("This canvass is closed. Its cameras are not shown any more."), subject=canvass.subject)
    if canvass.state in {CanvassState.WITHDRAWN, CanvassState.EXPIRED}:
        raise Stale(_("Nobody is asked any more. The cameras are not shown any more."), subject=canvass.subject)


def must_ask_somebody(canvass: Canvass, *, owners: int) -> None:
    """Raise Stale if nobody is left to ask. owners: how many the canvass would ask now."""
    if not owners:
        raise Stale(
            _("Nobody is left to ask: no camera is here, or its owner was asked before or is left out."),
            subject=canvass.subject,
        )
