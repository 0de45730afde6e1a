"""Steps of incidents and footage requests."""

from collections.abc import Callable

from django.utils import timezone

from audit.log.actors import Actor
from fusus_portal.ground.accounts.models import User
from registry.canvasses.links import link_actor
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.canvasses.states import REQUEST, RequestState
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.incidents.states import INCIDENT, IncidentState
from registry.people.services import registrants
from registry.rules import UNVERIFIED_LIFE
from tests.factories import canvass_at, incident_at, let_time_pass, person, registrant_at, request_at
from tests.lifecycle.drivers import AGENCY, LEAVING, OWNER, Taken, drives, take

Answer = Callable[..., FootageRequest]


def asked(role: str) -> tuple[FootageRequest, User | Actor]:
    """Return a request that waits, and who answers it: the holder of its link, or its registrant signed in."""
    if role == "link":
        request = request_at("sent")
        return request, link_actor(request)
    owner = person(role)
    return request_at("sent", registrant=registrant_at(user=owner)), owner


def leave_unverified(incident: Incident) -> None:
    """Let the time pass in which somebody should have verified it."""
    Incident.objects.filter(pk=incident.pk).update(opened_at=timezone.now() - UNVERIFIED_LIFE)


@drives(INCIDENT, IncidentState.OPEN, IncidentState.CLOSED, *AGENCY)
def close_incident(role: str) -> Taken:
    """Somebody who works on an incident closes it."""
    incident = incident_at(by=person(role))
    return take(incident, lambda: incidents.close(incident=incident, by=incident.opened_by))


@drives(INCIDENT, IncidentState.CLOSED, IncidentState.OPEN, *AGENCY)
def reopen_incident(role: str) -> Taken:
    """The deputy who closed an incident takes that back."""
    incident = incident_at(by=person(role))
    closed = incidents.close(incident=incident, by=incident.opened_by)
    return take(closed, lambda: incidents.reopen(incident=closed, by=incident.opened_by))


@drives(INCIDENT, IncidentState.OPEN, IncidentState.CLOSED, "task")
def lapse_incident(role: str) -> Taken:
    """The clock closes an incident that nobody verified."""
    incident = incident_at(verified=False)
    leave_unverified(incident)
    return take(incident, incidents.close_unverified)


@drives(REQUEST, RequestState.SENT, RequestState.FOOTAGE, *OWNER)
def give_footage(role: str) -> Taken:
    """The owner answers with footage."""
    return _answer(role, requests.give)


@drives(REQUEST, RequestState.SENT, RequestState.NONE, *OWNER)
def say_none(role: str) -> Taken:
    """The owner answers that there is no footage."""
    return _answer(role, requests.answer_none)


@drives(REQUEST, RequestState.SENT, RequestState.DECLINED, *OWNER)
def decline(role: str) -> Taken:
    """The owner would rather not."""
    return _answer(role, requests.decline)


@drives(REQUEST, RequestState.DECLINED, RequestState.FOOTAGE, *OWNER)
def give_after_all(role: str) -> Taken:
    """The owner would rather not, and gives footage after all."""
    return _answer(role, requests.give, first=requests.decline)


@drives(REQUEST, RequestState.DECLINED, RequestState.NONE, *OWNER)
def say_none_after_all(role: str) -> Taken:
    """The owner would rather not, looks, and has none."""
    return _answer(role, requests.answer_none, first=requests.decline)


@drives(REQUEST, RequestState.NONE, RequestState.FOOTAGE, *OWNER)
def find_footage(role: str) -> Taken:
    """The owner finds footage after all."""
    return _answer(role, requests.give, first=requests.answer_none)


def _answer(role: str, answer: Answer, *, first: Answer | None = None) -> Taken:
    request, owner = asked(role)
    if first:
        request = first(request=request, by=owner)
    return take(request, lambda: answer(request=request, by=owner))


@drives(REQUEST, RequestState.DECLINED, RequestState.WITHDRAWN, *AGENCY)
def withdraw_declined(role: str) -> Taken:
    """A deputy on the incident takes back a declined request, and does not learn that it was declined."""
    request = request_at("declined", by=person(role))
    return take(request, lambda: requests.withdraw(request=request, by=request.incident.opened_by))


@drives(REQUEST, RequestState.DECLINED, RequestState.WITHDRAWN, "task")
def withdraw_declined_with_incident(role: str) -> Taken:
    """The clock closes an incident that nobody verified, and with it what was declined."""
    canvass = canvass_at("sent", incident=incident_at(verified=False))
    request = FootageRequest.objects.get(canvass=canvass)
    requests.decline(request=request, by=link_actor(request))
    leave_unverified(canvass.incident)
    return take(request, incidents.close_unverified)


@drives(REQUEST, RequestState.DECLINED, RequestState.WITHDRAWN, *LEAVING)
def withdraw_declined_by_leaving(role: str) -> Taken:
    """An owner who leaves takes a declined request with them."""
    owner = person(role)
    registrant = registrant_at(user=owner)
    request = request_at("declined", registrant=registrant)
    return take(request, lambda: registrants.leave(registrant=registrant, by=owner))


@drives(REQUEST, RequestState.SENT, RequestState.WITHDRAWN, *AGENCY)
def withdraw(role: str) -> Taken:
    """A deputy on the incident takes a request back."""
    request = request_at("sent", by=person(role))
    return take(request, lambda: requests.withdraw(request=request, by=request.incident.opened_by))


@drives(REQUEST, RequestState.SENT, RequestState.WITHDRAWN, "task")
def withdraw_with_incident(role: str) -> Taken:
    """The clock closes an incident that nobody verified, and with it what was asked."""
    canvass = canvass_at("sent", incident=incident_at(verified=False))
    leave_unverified(canvass.incident)
    return take(FootageRequest.objects.get(canvass=canvass), incidents.close_unverified)


@drives(REQUEST, RequestState.SENT, RequestState.WITHDRAWN, *LEAVING)
def withdraw_by_leaving(role: str) -> Taken:
    """An owner who leaves the registry is asked no more."""
    owner = person(role)
    registrant = registrant_at(user=owner)
    request = request_at("sent", registrant=registrant)
    return take(request, lambda: registrants.leave(registrant=registrant, by=owner))


@drives(REQUEST, RequestState.SENT, RequestState.EXPIRED, "task")
def expire(role: str) -> Taken:
    """The days of a request pass without an answer."""
    request = request_at("sent")
    let_time_pass(request)
    return take(request, requests.expire_due)
