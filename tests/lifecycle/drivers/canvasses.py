"""Steps of canvasses."""

from collections.abc import Callable

from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import approvals, canvasses
from registry.canvasses.states import CANVASS, CanvassState
from registry.limits.models import Limits
from tests.factories import (
    LARGE_RADIUS_M,
    LARGE_REASON,
    canvass_at,
    draft_of,
    incident_at,
    let_time_pass,
    person,
    wanted_of,
)
from tests.lifecycle.drivers import AGENCY, Taken, beginning, drives, take
from tests.registry.incidents.dispatching import Sender, deliver, item


@drives(CANVASS, CanvassState.DRAFT, CanvassState.WAITING, *AGENCY)
def ask_for_approval(role: str) -> Taken:
    """The person who prepared a canvass asks the supervisors."""
    canvass = draft_of(incident_at(by=person(role)), radius_m=LARGE_RADIUS_M)
    return take(canvass, lambda: approvals.ask(canvass=canvass, by=canvass.created_by, reason=LARGE_REASON))


@drives(CANVASS, CanvassState.WAITING, CanvassState.APPROVED, "supervisor")
def approve(role: str) -> Taken:
    """Another supervisor approves a canvass."""
    canvass, by = beginning(canvass_at, "waiting"), person(role)
    return take(canvass, lambda: approvals.grant(canvass=canvass, by=by))


@drives(CANVASS, CanvassState.WAITING, CanvassState.DENIED, "supervisor")
def deny(role: str) -> Taken:
    """Another supervisor denies a canvass."""
    canvass, by = beginning(canvass_at, "waiting"), person(role)
    return take(canvass, lambda: approvals.deny(canvass=canvass, by=by, note="Half of it is enough."))


@drives(CANVASS, CanvassState.WAITING, CanvassState.DRAFT, *AGENCY)
def change_waiting(role: str) -> Taken:
    """A canvass is drawn anew while a supervisor thinks."""
    return _change(canvass_at("waiting", by=person(role)))


@drives(CANVASS, CanvassState.WAITING, CanvassState.DRAFT, "dispatch")
def free_waiting(role: str) -> Taken:
    """Dispatch confirms the incident of a canvass, so nobody has to approve what is within the limits."""
    Limits.objects.update(unverified_incidents_a_day=1)
    by, sender = person("deputy"), Sender()
    draft_of(incident_at(by=by, verified=False))
    canvass = draft_of(incident_at(by=by, verified=False, number="2026-500001"))
    approvals.ask(canvass=canvass, by=by, reason=LARGE_REASON)
    return take(canvass, lambda: deliver(sender.token(item("2026-500001"))))


@drives(CANVASS, CanvassState.APPROVED, CanvassState.DRAFT, *AGENCY)
def change_approved(role: str) -> Taken:
    """A canvass is drawn anew after it was approved."""
    return _change(canvass_at("approved", by=person(role)))


@drives(CANVASS, CanvassState.DENIED, CanvassState.DRAFT, *AGENCY)
def change_denied(role: str) -> Taken:
    """A canvass is drawn anew after it was denied."""
    return _change(canvass_at("denied", by=person(role)))


def _change(canvass: Canvass) -> Taken:
    wanted = wanted_of(canvass.incident)
    return take(canvass, lambda: canvasses.change(canvass=canvass, by=canvass.created_by, wanted=wanted))


@drives(CANVASS, CanvassState.DRAFT, CanvassState.SENT, *AGENCY)
def send(role: str) -> Taken:
    """The person who drafted a canvass sends it."""
    return _send(canvass_at("draft", by=person(role)))


@drives(CANVASS, CanvassState.APPROVED, CanvassState.SENT, *AGENCY)
def send_approved(role: str) -> Taken:
    """A canvass is sent as a supervisor approved it."""
    return _send(canvass_at("approved", by=person(role)))


def _send(canvass: Canvass) -> Taken:
    return take(canvass, lambda: canvasses.send(canvass=canvass, by=canvass.created_by))


@drives(CANVASS, CanvassState.SENT, CanvassState.WITHDRAWN, *AGENCY)
def withdraw(role: str) -> Taken:
    """A canvass is withdrawn, with the requests that wait."""
    canvass = canvass_at("sent", by=person(role))
    return take(canvass, lambda: canvasses.withdraw(canvass=canvass, by=canvass.created_by))


@drives(CANVASS, CanvassState.SENT, CanvassState.EXPIRED, "task")
def expire(role: str) -> Taken:
    """The clock ends a canvass."""
    canvass = beginning(canvass_at, "sent")
    let_time_pass(FootageRequest.objects.get(canvass=canvass))
    return take(canvass, canvasses.expire_due)


def _closing(state: str) -> Callable[[str], Taken]:
    def close(role: str) -> Taken:
        canvass = canvass_at(state, by=person(role))
        return take(canvass, lambda: canvasses.close(canvass=canvass, by=canvass.created_by))

    return close


for before in CanvassState:
    if before != CanvassState.CLOSED:
        drives(CANVASS, before, CanvassState.CLOSED, *AGENCY)(_closing(before))
