"""Every pair of states of every lifecycle, by table and by service, each with its entry or its absence."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Lifecycle, Refused, Stale
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.canvasses.states import CANVASS, REQUEST, CanvassState, RequestState
from registry.footage.states import UPLOAD, UploadState
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.incidents.states import INCIDENT, IncidentState
from tests.factories import canvass_at, incident_at, let_time_pass, request_at
from tests.registry.entries import events_after, newest_id

LIFECYCLES = (INCIDENT, CANVASS, REQUEST, UPLOAD)
AGENCY = {"deputy", "supervisor"}
OWNER = {"link", "resident", "business"}
LEAVING = {"resident", "business"}
TASK = {"task"}
ROLES = sorted(AGENCY | OWNER | TASK | {"auditor", "clerk", "administrator", "visitor", "device"})

# Written out again, by hand: a row changed in the product by mistake must not change here.
ALLOWED: dict[str, dict[tuple[str, str], tuple[set[str], Event]]] = {
    "incident": {
        (IncidentState.OPEN, IncidentState.CLOSED): (AGENCY | TASK, Event.INCIDENT_CLOSED),
        (IncidentState.CLOSED, IncidentState.OPEN): (AGENCY, Event.INCIDENT_REOPENED),
    },
    "canvass": {
        (CanvassState.DRAFT, CanvassState.WAITING): (AGENCY, Event.CANVASS_APPROVAL_ASKED),
        (CanvassState.WAITING, CanvassState.APPROVED): ({"supervisor"}, Event.CANVASS_APPROVED),
        (CanvassState.WAITING, CanvassState.DENIED): ({"supervisor"}, Event.CANVASS_DENIED),
        (CanvassState.WAITING, CanvassState.DRAFT): (AGENCY | {"dispatch"}, Event.CANVASS_RECALLED),
        (CanvassState.APPROVED, CanvassState.DRAFT): (AGENCY, Event.CANVASS_CHANGED),
        (CanvassState.DENIED, CanvassState.DRAFT): (AGENCY, Event.CANVASS_CHANGED),
        (CanvassState.DRAFT, CanvassState.SENT): (AGENCY, Event.CANVASS_SENT),
        (CanvassState.APPROVED, CanvassState.SENT): (AGENCY, Event.CANVASS_SENT),
        (CanvassState.SENT, CanvassState.WITHDRAWN): (AGENCY, Event.CANVASS_WITHDRAWN),
        (CanvassState.SENT, CanvassState.EXPIRED): (TASK, Event.CANVASS_EXPIRED),
        (CanvassState.DRAFT, CanvassState.CLOSED): (AGENCY, Event.CANVASS_CLOSED),
        (CanvassState.WAITING, CanvassState.CLOSED): (AGENCY, Event.CANVASS_CLOSED),
        (CanvassState.APPROVED, CanvassState.CLOSED): (AGENCY, Event.CANVASS_CLOSED),
        (CanvassState.DENIED, CanvassState.CLOSED): (AGENCY, Event.CANVASS_CLOSED),
        (CanvassState.SENT, CanvassState.CLOSED): (AGENCY, Event.CANVASS_CLOSED),
        (CanvassState.WITHDRAWN, CanvassState.CLOSED): (AGENCY, Event.CANVASS_CLOSED),
        (CanvassState.EXPIRED, CanvassState.CLOSED): (AGENCY, Event.CANVASS_CLOSED),
    },
    "footage request": {
        (RequestState.SENT, RequestState.FOOTAGE): (OWNER, Event.REQUEST_ANSWERED_FOOTAGE),
        (RequestState.SENT, RequestState.NONE): (OWNER, Event.REQUEST_ANSWERED_NONE),
        (RequestState.SENT, RequestState.DECLINED): (OWNER, Event.REQUEST_DECLINED),
        (RequestState.DECLINED, RequestState.FOOTAGE): (OWNER, Event.REQUEST_ANSWERED_FOOTAGE),
        (RequestState.DECLINED, RequestState.NONE): (OWNER, Event.REQUEST_ANSWERED_NONE),
        (RequestState.NONE, RequestState.FOOTAGE): (OWNER, Event.REQUEST_ANSWERED_FOOTAGE),
        (RequestState.DECLINED, RequestState.WITHDRAWN): (AGENCY | LEAVING | TASK, Event.REQUEST_WITHDRAWN),
        (RequestState.SENT, RequestState.WITHDRAWN): (AGENCY | LEAVING | TASK, Event.REQUEST_WITHDRAWN),
        (RequestState.SENT, RequestState.EXPIRED): (TASK, Event.REQUEST_EXPIRED),
    },
    "upload": {
        (UploadState.RECEIVING, UploadState.READY): (OWNER, Event.UPLOAD_FINISHED),
        (UploadState.READY, UploadState.CHECKING): (OWNER, Event.UPLOAD_GIVEN),
        (UploadState.READY, UploadState.REMOVED): (OWNER | TASK, Event.UPLOAD_REMOVED),
        (UploadState.RECEIVING, UploadState.CHECKING): (OWNER, Event.UPLOAD_FINISHED),
        (UploadState.RECEIVING, UploadState.REFUSED): (OWNER, Event.UPLOAD_REFUSED),
        (UploadState.RECEIVING, UploadState.REMOVED): (OWNER | TASK, Event.UPLOAD_REMOVED),
        (UploadState.CHECKING, UploadState.RECEIVED): (TASK, Event.EVIDENCE_RECEIVED),
        (UploadState.CHECKING, UploadState.REFUSED): (TASK, Event.UPLOAD_REFUSED),
        (UploadState.CHECKING, UploadState.REMOVED): (TASK, Event.UPLOAD_REMOVED),
    },
}
SAID_OF_WHO_MAY = "^(Deputies and supervisors|Supervisors|Residents and businesses|Your role) "

PAIRS = [
    (lifecycle, str(source), str(target))
    for lifecycle in LIFECYCLES
    for source, target in product(lifecycle.states, repeat=2)
]


@pytest.mark.parametrize(("lifecycle", "source", "target"), PAIRS, ids=lambda value: getattr(value, "name", value))
def test_each_pair_is_open_to_exactly_the_roles_of_the_table(lifecycle: Lifecycle, source: str, target: str) -> None:
    who, event = ALLOWED[lifecycle.name].get((source, target), (set(), None))
    for role in ROLES:
        if event is None:
            with pytest.raises(Stale, match="already"):
                lifecycle.check(source=source, target=target, role=role)
        elif role in who:
            assert lifecycle.check(source=source, target=target, role=role).event == event
        else:
            with pytest.raises(Refused, match=SAID_OF_WHO_MAY):
                lifecycle.check(source=source, target=target, role=role)


@pytest.mark.parametrize(
    ("lifecycle", "start"),
    [
        (INCIDENT, IncidentState.OPEN),
        (CANVASS, CanvassState.DRAFT),
        (REQUEST, RequestState.SENT),
        (UPLOAD, UploadState.RECEIVING),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_each_begins_in_one_state(lifecycle: Lifecycle, start: str) -> None:
    assert lifecycle.start == (str(start),)


def _expire(request: FootageRequest) -> None:
    let_time_pass(request)
    requests.expire_due()


@dataclass
class World:
    """A request and a canvass of each state."""

    requests: dict[str, FootageRequest]
    canvasses: dict[str, Canvass]


def make_world() -> World:
    asked = {str(state): request_at(state) for state in RequestState}
    return World(asked, {str(state): canvass_at(state) for state in CanvassState})


REQUEST_ACTS: dict[str, Callable[[FootageRequest], Any]] = {
    RequestState.FOOTAGE: lambda request: requests.give(request=request, by=link_actor(request)),
    RequestState.NONE: lambda request: requests.answer_none(request=request, by=link_actor(request)),
    RequestState.DECLINED: lambda request: requests.decline(request=request, by=link_actor(request)),
    RequestState.WITHDRAWN: lambda request: requests.withdraw(request=request, by=request.incident.opened_by),
    RequestState.EXPIRED: _expire,
}
# What is neither a step nor refused: the same answer twice, a withdrawal whose outcome a deputy may not learn (R4),
# and a schedule that finds nothing due.
QUIET = {
    *((state, state) for state in (RequestState.FOOTAGE, RequestState.NONE, RequestState.DECLINED)),
    *((state, RequestState.WITHDRAWN) for state in (RequestState.DECLINED, RequestState.EXPIRED)),
    (RequestState.WITHDRAWN, RequestState.WITHDRAWN),
    *((state, RequestState.EXPIRED) for state in RequestState if state != RequestState.SENT),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), list(product(RequestState, REQUEST_ACTS)))
def test_each_act_on_a_request_happens_with_its_entry_or_not_at_all(world: World, source: str, target: str) -> None:
    request = world.requests[source]
    requests.expire_due()  # those of the canvass whose days are over
    before = newest_id()
    allowed = ALLOWED["footage request"].get((source, target))
    if allowed or (source, target) in QUIET:
        REQUEST_ACTS[target](request)
    else:
        with pytest.raises(Stale):
            REQUEST_ACTS[target](request)
    request.refresh_from_db()
    assert request.state == (target if allowed else source)
    assert events_after(before) == ([allowed[1].value] if allowed else [])


CANVASS_ACTS: dict[str, Callable[[Canvass], Any]] = {
    CanvassState.SENT: lambda canvass: canvasses.send(canvass=canvass, by=canvass.created_by),
    CanvassState.WITHDRAWN: lambda canvass: canvasses.withdraw(canvass=canvass, by=canvass.created_by),
    CanvassState.CLOSED: lambda canvass: canvasses.close(canvass=canvass, by=canvass.created_by),
}
TWICE = {(state, state) for state in (CanvassState.SENT, CanvassState.WITHDRAWN)}


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), list(product(CanvassState, CANVASS_ACTS)))
def test_each_act_on_a_canvass_happens_with_its_entry_or_not_at_all(world: World, source: str, target: str) -> None:
    canvass = world.canvasses[source]
    before = newest_id()
    allowed = ALLOWED["canvass"].get((source, target))
    if allowed or (source, target) in TWICE:
        CANVASS_ACTS[target](canvass)
    else:
        with pytest.raises(Stale):
            CANVASS_ACTS[target](canvass)
    canvass.refresh_from_db()
    assert canvass.state == (target if allowed else source)
    assert (allowed[1].value in events_after(before)) if allowed else not events_after(before)


@pytest.mark.django_db
def test_an_incident_closes_once_with_one_entry(incident: Incident) -> None:
    incidents.close(incident=incident, by=incident.opened_by)
    before = newest_id()
    with pytest.raises(Stale, match="already “Closed”"):
        incidents.close(incident=incident, by=incident.opened_by)
    assert not events_after(before)
    incident.refresh_from_db()
    assert incident.state == IncidentState.CLOSED


@pytest.fixture
def incident(db: None) -> Incident:
    return incident_at()
