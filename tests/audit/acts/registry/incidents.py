"""Acts on incidents, canvasses and footage requests."""

from datetime import timedelta

from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.geo.points import Area
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.canvasses.services.canvasses import CanvassArea
from registry.incidents.models import Incident, IncidentType
from registry.incidents.services import incidents
from registry.rules import CLOSING_TAKEN_BACK_WITHIN, REMIND_AFTER, UNVERIFIED_LIFE
from tests.audit.acts import Act, calls
from tests.factories import (
    LINN_PARK,
    RADIUS_M,
    REASON,
    canvass_at,
    incident_at,
    let_time_pass,
    person,
    purpose,
    registrant_at,
    request_at,
    wanted_of,
)


@calls(incidents.open, Event.INCIDENT_OPENED)
def open_incident() -> Act:
    """A deputy opens an incident."""
    by, now, burglary = person("deputy"), timezone.now(), IncidentType.objects.get(code="burglary")
    return lambda: incidents.open(
        by=by,
        number="2026-999999",
        type=burglary,
        place="Linn Park, 20th Street North",
        point=LINN_PARK,
        starts_at=now - timedelta(hours=2),
        ends_at=now - timedelta(hours=1),
    )


@calls(incidents.verify, Event.INCIDENT_VERIFIED)
def verify() -> Act:
    """A supervisor verifies an incident."""
    incident, by = incident_at(verified=False), person("supervisor")
    return lambda: incidents.verify(incident=incident, by=by)


@calls(incidents.send_back, Event.INCIDENT_SENT_BACK)
def send_back() -> Act:
    """A supervisor says what is wrong with an incident."""
    incident, by = incident_at(verified=False), person("supervisor")
    return lambda: incidents.send_back(incident=incident, by=by, reason="The caller spoke of the next block.")


@calls(incidents.assign, Event.INCIDENT_ASSIGNED)
def assign() -> Act:
    """A supervisor puts a deputy on an incident."""
    incident, by, deputy = incident_at(), person("supervisor"), person("deputy")
    return lambda: incidents.assign(incident=incident, user=deputy, by=by)


@calls(incidents.unassign, Event.INCIDENT_UNASSIGNED)
def unassign() -> Act:
    """A supervisor takes a deputy off an incident."""
    incident, by = incident_at(), person("supervisor")
    return lambda: incidents.unassign(incident=incident, user=incident.opened_by, by=by)


@calls(incidents.view, Event.INCIDENT_VIEWED)
def look_at_incident() -> Act:
    """A deputy opens the page of an incident."""
    incident = incident_at()
    return lambda: incidents.view(incident=incident, by=incident.opened_by)


@calls(incidents.change, Event.INCIDENT_CHANGED)
def change_incident() -> Act:
    """A verified incident gets another place."""
    incident = incident_at()
    return lambda: incidents.change(
        incident=incident,
        by=incident.opened_by,
        type=incident.type,
        place="Linn Park, at the fountain",
        point=incident.point,
        starts_at=incident.starts_at,
        ends_at=incident.ends_at,
    )


@calls(incidents.look_through, Event.INCIDENTS_LISTED)
def look_through() -> Act:
    """A deputy opens the list of incidents."""
    by = person("supervisor")
    return lambda: incidents.look_through(by=by, standing="open", number="")


@calls(incidents.print_timeline, Event.INCIDENT_PRINTED)
def tell() -> Act:
    """A deputy prints the timeline of an incident."""
    incident = incident_at()
    return lambda: incidents.print_timeline(incident=incident, by=incident.opened_by)


@calls(incidents.close, Event.INCIDENT_CLOSED)
def close_incident() -> Act:
    """An incident is closed while a request waits."""
    incident = request_at("sent").incident
    return lambda: incidents.close(incident=incident, by=incident.opened_by)


@calls(incidents.reopen, Event.INCIDENT_REOPENED)
def take_back() -> Act:
    """The closing of an incident is taken back."""
    incident = incident_at()
    closed = incidents.close(incident=incident, by=incident.opened_by)
    return lambda: incidents.reopen(incident=closed, by=incident.opened_by)


@calls(incidents.settle_closings, Event.INCIDENT_SETTLED)
def settle_due() -> Act:
    """Ten minutes pass since an incident was closed while a request waited."""
    incident = request_at("sent").incident
    incidents.close(incident=incident, by=incident.opened_by)
    Incident.objects.filter(pk=incident.pk).update(closed_at=timezone.now() - CLOSING_TAKEN_BACK_WITHIN)
    return incidents.settle_closings


@calls(incidents.close_unverified, Event.INCIDENT_CLOSED)
def close_unverified() -> Act:
    """The clock closes an unverified incident while a request waits."""
    incident = canvass_at("sent", incident=incident_at(verified=False)).incident
    Incident.objects.filter(pk=incident.pk).update(opened_at=timezone.now() - UNVERIFIED_LIFE)
    return incidents.close_unverified


@calls(canvasses.draft, Event.CAMERA_FOUND)
def draft() -> Act:
    """A deputy searches a circle with a camera in it."""
    registrant_at()
    incident = incident_at()
    wanted = wanted_of(incident)
    return lambda: canvasses.draft(incident=incident, by=incident.opened_by, wanted=wanted)


@calls(canvasses.draft_from_call, Event.CAMERA_FOUND)
def begin() -> Act:
    """A deputy opens an incident and searches around it."""
    registrant_at()
    by, now, burglary = person("deputy"), timezone.now(), IncidentType.objects.get(code="burglary")
    started, ended = now - timedelta(hours=2), now - timedelta(hours=1)
    wanted = CanvassArea(Area(LINN_PARK, RADIUS_M), started, ended, purpose(), REASON)
    return lambda: canvasses.draft_from_call(
        by=by,
        number="2026-999999",
        type=burglary,
        place="Linn Park, 20th Street North",
        point=LINN_PARK,
        starts_at=started,
        ends_at=ended,
        wanted=wanted,
    )


@calls(canvasses.show, Event.CAMERA_SHOWN)
def show() -> Act:
    """A deputy is shown the addresses of a canvass."""
    canvass = canvass_at("draft")
    return lambda: canvasses.show(canvass=canvass, by=canvass.created_by)


@calls(canvasses.view, Event.CANVASS_VIEWED)
def look_at_canvass() -> Act:
    """The page of a closed canvass is opened."""
    canvass = canvass_at("closed")
    return lambda: canvasses.view(canvass=canvass, by=canvass.created_by)


@calls(canvasses.send, Event.CAMERA_ASKED)
def send() -> Act:
    """Two owners are asked."""
    canvass = canvass_at("draft", cameras=2)
    return lambda: canvasses.send(canvass=canvass, by=canvass.created_by)


@calls(canvasses.follow, Event.CANVASS_FOLLOWED)
def follow() -> Act:
    """A page of replies fetches new ones automatically."""
    canvass = canvass_at("sent")
    return lambda: canvasses.follow(canvass=canvass, by=canvass.created_by)


@calls(canvasses.withdraw, Event.CANVASS_WITHDRAWN)
def withdraw_canvass() -> Act:
    """A deputy withdraws a canvass, and with it the requests that wait."""
    canvass = canvass_at("sent", cameras=2)
    return lambda: canvasses.withdraw(canvass=canvass, by=canvass.created_by)


@calls(canvasses.expire_due, Event.CANVASS_EXPIRED)
def expire_canvass() -> Act:
    """The days to answer a canvass are over."""
    canvass = canvass_at("sent")
    let_time_pass(FootageRequest.objects.get(canvass=canvass))
    return canvasses.expire_due


@calls(canvasses.close, Event.CANVASS_CLOSED)
def close_canvass() -> Act:
    """A canvass is closed while two owners have not answered."""
    canvass = canvass_at("sent", cameras=2)
    return lambda: canvasses.close(canvass=canvass, by=canvass.created_by)


@calls(requests.decline, Event.REQUEST_DECLINED)
def decline() -> Act:
    """An owner declines a request."""
    request = request_at("sent")
    return lambda: requests.decline(request=request, by=link_actor(request))


@calls(requests.answer_none, Event.REQUEST_ANSWERED_NONE)
def answer_none() -> Act:
    """An owner answers that there is no footage."""
    request = request_at("sent")
    return lambda: requests.answer_none(request=request, by=link_actor(request))


@calls(requests.give, Event.REQUEST_ANSWERED_FOOTAGE)
def give() -> Act:
    """An owner answers with footage."""
    request = request_at("sent")
    return lambda: requests.give(request=request, by=link_actor(request))


@calls(requests.withdraw, Event.REQUEST_WITHDRAWN)
def withdraw() -> Act:
    """A deputy withdraws a request."""
    request = request_at("sent")
    return lambda: requests.withdraw(request=request, by=request.incident.opened_by)


@calls(requests.remind_due, Event.REQUEST_REMINDED)
def remind() -> Act:
    """The clock reminds two owners of one canvass."""
    canvass = canvass_at("sent", cameras=2)
    FootageRequest.objects.filter(canvass=canvass).update(sent_at=timezone.now() - REMIND_AFTER[0])
    return requests.remind_due


@calls(requests.expire_due, Event.REQUEST_EXPIRED)
def expire() -> Act:
    """The clock ends a request."""
    let_time_pass(request_at("sent"))
    return requests.expire_due
