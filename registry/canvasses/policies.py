"""Canvasses and requests: permissions, and areas, hours, reasons and purposes that may be asked for."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground import look_alikes
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Area
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale, check_length
from fusus_portal.ground.pages.numbers import in_feet, least_feet
from registry import rules
from registry.canvasses.models import (
    NAMES_ASSEMBLY,
    Approval,
    Canvass,
    CanvassPurpose,
    FootageRequest,
    SearchBound,
    UnverifiedSearch,
)
from registry.canvasses.states import REQUEST, CanvassState, RequestState
from registry.incidents import hooks
from registry.incidents.models import Incident
from registry.incidents.policies import reasons
from registry.incidents.policies.incidents import may_work_on
from registry.limits.models import Limits


def check_area(area: Area, limits: Limits) -> None:
    """Raise ValidationError on "radius_m" or "corners" for an area that nobody may search, approved or not."""
    if area.corners:
        _check_polygon(area, limits)
        return
    if not area.radius_m >= limits.smallest_radius_m - rules.RADIUS_TOLERANCE_M:
        sentence = _("This area is too small. The smallest is %(limit)s square miles (a radius of %(radius)s ft).")
        least = {"limit": limits.smallest_area.normalize(), "radius": f"{least_feet(limits.smallest_radius_m):,}"}
        raise ValidationError({"radius_m": sentence % least})
    if area.radius_m > rules.CEILING_RADIUS_M:
        sentence = _("This area is too large. The largest is %(limit)s square miles (a radius of %(radius)s ft).")
        most = {"limit": round(rules.CEILING_SQUARE_MILES), "radius": f"{in_feet(rules.CEILING_RADIUS_M):,}"}
        raise ValidationError({"radius_m": sentence % most})


def _check_polygon(area: Area, limits: Limits) -> None:
    if not rules.FEWEST_CORNERS <= len(area.corners) <= rules.MOST_CORNERS:
        sentence = _("An area needs from %(fewest)d to %(most)d corners.")
        raise ValidationError({"corners": sentence % {"fewest": rules.FEWEST_CORNERS, "most": rules.MOST_CORNERS}})
    if len(set(area.corners)) != len(area.corners):
        raise ValidationError({"corners": _("One corner is here twice. Give each corner once.")})
    if area.crosses_itself:
        raise ValidationError({"corners": _("The border of this area crosses itself. Give the corners in order.")})
    if area.square_miles < float(limits.smallest_area):
        sentence = _("This area is too small. The smallest is %(limit)s square miles.")
        raise ValidationError({"corners": sentence % {"limit": limits.smallest_area.normalize()}})
    if area.square_miles > rules.CEILING_SQUARE_MILES:
        sentence = _("This area is too large. The largest is %(limit)s square miles.")
        raise ValidationError({"corners": sentence % {"limit": round(rules.CEILING_SQUARE_MILES)}})


def check_nearby(area: Area, incident: Incident) -> None:
    """Raise ValidationError on "center" or "corners" unless the area is near the incident (promise R3)."""
    if area.reach_m(incident.point) <= rules.NEARBY_M:
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
    if ends_at - starts_at > rules.CEILING_WINDOW:
        hours = round(rules.CEILING_WINDOW.total_seconds() / 3600)
        raise ValidationError({"ends_at": _("Ask for at most %(count)d hours.") % {"count": hours}})
    if ends_at < incident.starts_at - rules.WINDOW_REACH or starts_at > incident.until + rules.WINDOW_REACH:
        raise ValidationError({"starts_at": _("This is more than a day away from the time of the incident.")})


def footage_window(starts_at: datetime, ends_at: datetime, limits: Limits) -> tuple[datetime, datetime]:
    """Return the hours to ask for around an incident: the last hours of a long one, with time before a short one."""
    longest, shortest = ends_at - limits.longest_window, ends_at - limits.shortest_window
    return min(max(starts_at, longest), shortest), ends_at


def must_be_listed_purpose(purpose: CanvassPurpose) -> None:
    if purpose.retired_at is not None:
        raise ValidationError({"purpose": _("This purpose is no longer on the list. Choose another one.")})


def check_reason(reason: str, *, incident: Incident, purpose: CanvassPurpose | None) -> str:
    """Return a canvass's reason tidied. Raises ValidationError on "reason", also if it repeats incident and purpose."""
    known = [incident.number, *incident.type.names, incident.place, *(purpose.names if purpose else ())]
    return reasons.check_reason(reason, limits=Limits.current(), repeats=known)


def is_beyond_limits(area: Area, starts_at: datetime, ends_at: datetime, limits: Limits) -> bool:
    if area.corners:
        too_large = area.square_miles > float(limits.largest_area)
    else:
        too_large = area.radius_m > limits.largest_radius_m + rules.RADIUS_TOLERANCE_M
    return too_large or ends_at - starts_at > limits.longest_window


def limits_sentence(limits: Limits) -> str:
    sentence = _("Beyond %(limit)s square miles or %(hours)d hours a supervisor must approve.")
    return sentence % {"limit": limits.largest_area.normalize(), "hours": limits.longest_window_hours}


def needs_approval(canvass: Canvass, limits: Limits) -> bool:
    """True for a canvass that was beyond the limits when it was drawn, or is beyond today's limits."""
    return canvass.beyond_limits or is_beyond_limits(canvass.area, canvass.starts_at, canvass.ends_at, limits)


def must_be_approved(canvass: Canvass, limits: Limits) -> None:
    """Raise Refused for a canvass beyond the limits that no supervisor approved. limits: those in force."""
    if needs_approval(canvass, limits) and canvass.state != CanvassState.APPROVED:
        sentence = _("This canvass goes beyond the limits. A supervisor must approve it first.")
        raise Refused(sentence, subject=canvass.subject)


def must_need_approval(canvass: Canvass, limits: Limits) -> None:
    if not needs_approval(canvass, limits):
        raise Stale(_("This canvass is within the limits and needs no approval."), subject=canvass.subject)


def may_decide_canvass(by: User, canvass: Canvass, approval: Approval) -> None:
    """Raise Refused unless `by` is a supervisor who neither prepared the canvass nor asked for approval (CJIS AC-5)."""
    demand(by, Permission.APPROVE_CANVASS, subject=canvass.subject)
    if by.pk in {canvass.created_by_id, approval.asked_by_id}:
        raise Refused(_("Nobody approves what they asked for. Ask another supervisor."), subject=canvass.subject)


def may_send_approved(by: User, canvass: Canvass, approval: Approval) -> None:
    """Raise Refused for the supervisor who approved the canvass; another person sends it."""
    if by.pk == approval.decided_by_id:
        raise Refused(_("You approved this canvass, so somebody else sends it."), subject=canvass.subject)


def must_show_cameras(canvass: Canvass) -> None:
    if canvass.state == CanvassState.CLOSED:
        raise Stale(_("This canvass is closed. Its cameras are not shown any more."), subject=canvass.subject)
    if canvass.state in {CanvassState.WITHDRAWN, CanvassState.EXPIRED}:
        raise Stale(_("Nobody is asked any more. The cameras are not shown any more."), subject=canvass.subject)


def must_ask_somebody(canvass: Canvass, *, owners: int) -> None:
    """Raise Stale if nobody is left to ask. owners: how many the canvass would ask now."""
    if not owners:
        sentence = _("Nobody is left to ask: no camera is here, or its owner was asked before or is left out.")
        raise Stale(sentence, subject=canvass.subject)


LONGEST_PURPOSE = 120

ASSEMBLY = re.compile(re.sub(r"\\[mM]", r"\\b", NAMES_ASSEMBLY), re.IGNORECASE)
"""`NAMES_ASSEMBLY` as Python writes it. Owners read a purpose at a glance, so not even a church may be named."""


def check_purpose_name(text: str, *, field: str) -> str:
    """Return a purpose's name tidied. Raises ValidationError on `field` if it is empty or not allowed."""
    tidy = " ".join(text.split())
    if not tidy:
        raise ValidationError({field: _("Write the purpose in a few words.")})
    check_length(tidy, most=LONGEST_PURPOSE, field=field)
    reasons.check_lawful(tidy, field=field)
    if ASSEMBLY.search(tidy) or ASSEMBLY.search(look_alikes.plain(tidy)):
        raise ValidationError({field: _("A purpose never names a protest, an assembly or other lawful activity.")})
    reasons.check_nobody_named(tidy, field=field)
    return tidy


def check_purpose_english(name: str, *, but: CanvassPurpose | None = None) -> str:
    """Return a purpose's English name tidied. Raises ValidationError on "name". but: the purpose that is renamed."""
    tidy = check_purpose_name(name, field="name")
    # Retired purposes keep their name.
    if CanvassPurpose.objects.filter(name__iexact=tidy).exclude(pk__in=[but.pk] if but else []).exists():
        raise ValidationError({"name": _("This purpose is on the list already.")})
    return tidy


def may_answer_request(actor: Actor, request: FootageRequest) -> None:
    """Raise NotYours unless the actor holds this request's link, or is its registrant, signed in."""
    owner = request.registrant
    holders = {ActorKind.LINK: str(request.pk), ActorKind.USER: str(owner.user_id)} if owner else {}
    if holders.get(actor.kind) != actor.id:
        raise NotYours(_("There is no such request."), subject=request.subject)


def must_be_valid_request(request: FootageRequest, *, at: datetime | None = None) -> None:
    """Raise Stale for a request that is withdrawn, expired, or of a closed incident. at: when its file arrived."""
    subject = request.subject
    if request.state == RequestState.WITHDRAWN:
        raise Stale(withdrawn_sentence(), subject=subject)
    if request.is_over(at or timezone.now()):
        raise Stale(_("This link has expired. Footage can no longer be given through it."), subject=subject)
    if not request.incident.takes_answers:
        raise Stale(_("This incident is closed. Nothing more is needed from you. Thank you."), subject=subject)


def withdrawn_sentence() -> str:
    return _("This request was withdrawn. Nothing more is needed from you. Thank you.")


def can_take_answer(request: FootageRequest, answer: str) -> bool:
    """True if this answer can be given now. A decline may become any other, and "no footage" may become footage."""
    return (request.state, answer) in REQUEST.transitions


def has_further_reminder(request: FootageRequest, gone: int, limits: Limits) -> bool:
    """True if another reminder follows so many, unless the owner answers: the agency's number, and in time."""
    since = max(filter(None, [request.reminded_at or request.sent_at, request.asked_after_all_at]))
    waits = limits.reminder_waits[gone:]
    return bool(waits) and since + waits[0] < request.expires_at


def can_take_footage(request: FootageRequest) -> bool:
    """True if footage can be given to the request now, the first files or more."""
    return request.state == RequestState.FOOTAGE or can_take_answer(request, RequestState.FOOTAGE)


def must_take_answer(request: FootageRequest, answer: str) -> None:
    """Raise Stale if an earlier answer excludes this one, as after the Back button or in a second tab."""
    if not can_take_answer(request, answer):
        sentence = _("You have already answered this request: %(answer)s.")
        raise Stale(sentence % {"answer": request.get_state_display()}, subject=request.subject)


def must_not_be_given(request: FootageRequest) -> None:
    """Raise Stale if footage given another way, such as a clip, answers the request: there is nothing left to decline.

    The deputy sees that the clip was given. A clip that a sharing rule gave arrives even if its owner declines: if it
    did not, the deputy would learn of the decline (promise R4).
    """
    if sentence := hooks.others_of(request.pk).given:
        raise Stale(sentence, subject=request.subject)


class BeyondOnePerson(Refused):
    """A person would see more of unverified incidents than one alone may. Auditors are told (CJIS AC-5)."""


class TooWide(Refused):
    """A redrawing that finds more owners than an unverified incident may show. The canvass stays as it was."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Owners and incidents that count toward one person's limits around unverified incidents.

    searched: number of other incidents searched within a day. owners: those shown to the person this week. here: those
    shown to anyone around this incident.
    """

    searched: int
    owners: frozenset[UUID]
    here: frozenset[UUID]


def may_search_around(incident: Incident) -> None:
    """Raise Refused for a second canvass of an unverified incident, sent or not."""
    if incident.is_verified or Canvass.objects.filter(incident=incident).count() < rules.UNVERIFIED_CANVASSES:
        return
    sentence = _("A supervisor must verify this incident before another area is searched.")
    raise Refused(sentence, subject=incident.subject)


def redraws_left(incident: Incident) -> int | None:
    """Return how often an incident's canvass may still be redrawn; None after verification."""
    if incident.is_verified:
        return None
    return max(0, rules.UNVERIFIED_REDRAWINGS + 1 - UnverifiedSearch.objects.filter(incident=incident).count())


def may_redraw_canvass(incident: Incident) -> None:
    """Raise Refused for a canvass redrawn too often before its incident is verified."""
    if redraws_left(incident) != 0:
        return
    sentence = _("A supervisor must verify this incident before its canvass is redrawn more than twice.")
    raise Refused(sentence, subject=incident.subject)


def bound_of_search(seen: Seen, owners: AbstractSet[UUID], limits: Limits) -> SearchBound:
    """Return the limit that a search exceeds, or NONE. owners: ids of those in the searched area."""
    if seen.searched >= limits.unverified_incidents_a_day:
        return SearchBound.DAY
    return SearchBound.WEEK if len(seen.owners | owners) > limits.unverified_owners_a_week else SearchBound.NONE


def bound_sentence(bound: str, limits: Limits) -> str:
    if bound == SearchBound.WEEK:
        number = limits.unverified_owners_a_week
        sentence = _("You can be shown %(number)d owners around unverified incidents a week.")
        return f"{sentence % {'number': number}} {_('Ask a supervisor to verify one.')}"
    number = limits.unverified_incidents_a_day
    sentence = ngettext(
        "You can search around %(number)d unverified incident a day.",
        "You can search around %(number)d unverified incidents a day.",
        number,
    )
    return f"{sentence % {'number': number}} {_('Ask a supervisor to verify one.')}"


def bound_report(bound: str, person: str, limits: Limits) -> str:
    """Return the sentence that tells a supervisor of a person who reached a limit. person: badge pseudonym."""
    if bound == SearchBound.WEEK:
        sentence = _(
            "%(person)s would be shown more than %(number)d owners around unverified incidents in a week. Verify one "
            "of these incidents, or decide here."
        )
        return sentence % {"person": person, "number": limits.unverified_owners_a_week}
    number = limits.unverified_incidents_a_day
    sentence = ngettext(
        "%(person)s searched around %(number)d unverified incident in a day. Verify it, or decide here.",
        "%(person)s searched around %(number)d unverified incidents in a day. Verify one of them, or decide here.",
        number,
    )
    return sentence % {"person": person, "number": number}


def must_be_within_bounds(canvass: Canvass, limits: Limits) -> None:
    """Raise BeyondOnePerson for an unapproved canvass that waits only because its searcher reached a limit."""
    search = search_at_bound(canvass, limits) if canvass.state != CanvassState.APPROVED else None
    if search is not None:
        raise BeyondOnePerson(bound_sentence(search.bound, limits), subject=canvass.subject)


def search_at_bound(canvass: Canvass, limits: Limits) -> UnverifiedSearch | None:
    """Return the search that reached its author's limit, if the canvass waits only for that; else None."""
    if not canvass.beyond_limits or canvass.incident.is_verified:
        return None
    if is_beyond_limits(canvass.area, canvass.starts_at, canvass.ends_at, limits):
        return None
    drawn = UnverifiedSearch.objects.filter(incident=canvass.incident).exclude(bound=SearchBound.WIDE)
    latest = drawn.select_related("by").order_by("at", "pk").last()
    return latest if latest is not None and latest.bound else None


def why_approval_asked(canvass: Canvass, limits: Limits) -> str:
    search = search_at_bound(canvass, limits)
    return bound_sentence(search.bound, limits) if search else limits_sentence(limits)


def why_approval_decided(canvass: Canvass, limits: Limits) -> str:
    search = search_at_bound(canvass, limits)
    return bound_report(search.bound, search.by.pseudonym, limits) if search else limits_sentence(limits)


def must_fit_unverified(canvass: Canvass, seen: Seen, owners: AbstractSet[UUID]) -> None:
    """Raise TooWide if a redrawing finds more owners than an unverified incident may show. owners: in its area."""
    if is_too_many_owners(seen, owners):
        sentence = _(
            "Nobody has verified this incident, and that area would bring it above %(limit)d owners. The canvass is as "
            "it was before."
        )
        raise TooWide(sentence % {"limit": rules.UNVERIFIED_OWNERS}, subject=canvass.subject)


def may_show_owners(canvass: Canvass, seen: Seen, owners: AbstractSet[UUID]) -> None:
    """Raise Refused for more owners than an unverified incident may show. owners: those shown or asked."""
    if is_too_many_owners(seen, owners):
        sentence = _("A supervisor must verify this incident before more than %(limit)d owners are asked.")
        raise Refused(sentence % {"limit": rules.UNVERIFIED_OWNERS}, subject=canvass.subject)


def is_too_many_owners(seen: Seen, owners: AbstractSet[UUID]) -> bool:
    return len(seen.here | owners) > rules.UNVERIFIED_OWNERS


def may_see_owners(canvass: Canvass, seen: Seen, owners: AbstractSet[UUID], limits: Limits) -> None:
    """Raise BeyondOnePerson for more owners than one person may see in a week, unless the canvass was approved."""
    is_approved = canvass.beyond_limits and canvass.state in {CanvassState.APPROVED, CanvassState.SENT}
    if not is_approved and len(seen.owners | owners) > limits.unverified_owners_a_week:
        raise BeyondOnePerson(bound_sentence(SearchBound.WEEK, limits), subject=canvass.subject)


def may_delay(by: User, incident: Incident) -> None:
    """Raise Refused unless `by` supervises a verified incident that they neither opened nor searched (CJIS AC-5)."""
    subject = incident.subject
    demand(by, Permission.DELAY_LOOKS, subject=subject)
    may_work_on(by, incident)
    own = Canvass.objects.filter(Q(created_by=by) | Q(sent_by=by), incident=incident)
    if by.pk == incident.opened_by_id or own.exists():
        sentence = _("You opened this incident or searched for it, so you can't delay this. Ask another supervisor.")
        raise Refused(sentence, subject=subject)
    if not incident.is_verified:
        raise Refused(_("A supervisor must verify this incident first."), subject=subject)
