"""Acts on a canvass before it is sent, and on the list of purposes."""

from uuid import UUID

from audit.log.events import Event
from registry.canvasses.services import approvals, canvasses
from registry.places.models import Camera
from tests.audit.acts import Act, calls
from tests.factories import (
    LARGE_RADIUS_M,
    LARGE_REASON,
    canvass_at,
    draft_of,
    incident_at,
    person,
    purpose,
    registrant_at,
    wanted_of,
)


@calls(canvasses.change, Event.CANVASS_CHANGED)
def change() -> Act:
    """It is drawn anew while it waits for approval."""
    canvass = canvass_at("waiting")
    wanted = wanted_of(canvass.incident)
    return lambda: canvasses.change(canvass=canvass, by=canvass.created_by, wanted=wanted)


@calls(approvals.ask, Event.CANVASS_APPROVAL_ASKED)
def ask_for_approval() -> Act:
    """A supervisor is written to."""
    person("supervisor")
    registrant_at()
    canvass = draft_of(incident_at(), radius_m=LARGE_RADIUS_M)
    return lambda: approvals.ask(canvass=canvass, by=canvass.created_by, reason=LARGE_REASON)


@calls(approvals.review, Event.CANVASS_VIEWED)
def review() -> Act:
    """A supervisor reads what is asked for."""
    canvass, by = canvass_at("waiting"), person("supervisor")
    return lambda: approvals.review(canvass=canvass, by=by)


@calls(approvals.grant, Event.CANVASS_APPROVED)
def grant() -> Act:
    """A supervisor approves it."""
    canvass, by = canvass_at("waiting"), person("supervisor")
    return lambda: approvals.grant(canvass=canvass, by=by)


@calls(approvals.deny, Event.CANVASS_DENIED)
def deny() -> Act:
    """A supervisor denies it."""
    canvass, by = canvass_at("waiting"), person("supervisor")
    return lambda: approvals.deny(canvass=canvass, by=by, note="Half of it is enough.")


@calls(canvasses.leave_out, Event.CANVASS_LEFT_OUT)
def leave_out() -> Act:
    """Two cameras are left out."""
    canvass = canvass_at("draft", cameras=3)
    chosen = _some_cameras()
    return lambda: canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=chosen, why="contacted")


@calls(canvasses.put_back, Event.CANVASS_PUT_BACK)
def put_back() -> Act:
    """They are put back."""
    canvass = canvass_at("draft", cameras=3)
    chosen = _some_cameras()
    canvasses.leave_out(canvass=canvass, by=canvass.created_by, cameras=chosen, why="view")
    return lambda: canvasses.put_back(canvass=canvass, by=canvass.created_by, cameras=chosen)


def _some_cameras() -> list[UUID]:
    return list(Camera.objects.order_by("pk").values_list("pk", flat=True)[:2])


@calls(approvals.add_purpose, Event.PURPOSE_ADDED)
def add_purpose() -> Act:
    """An administrator adds to the list."""
    by = person("administrator")
    return lambda: approvals.add_purpose(by=by, name="Find a stolen vehicle", name_es="Encontrar un vehículo robado")


@calls(approvals.change_purpose, Event.PURPOSE_CHANGED)
def change_purpose() -> Act:
    """It is worded anew."""
    by, found = person("administrator"), purpose()
    return lambda: approvals.change_purpose(purpose=found, by=by, name="Identify a car", name_es="Identificar un coche")


@calls(approvals.retire_purpose, Event.PURPOSE_RETIRED)
def retire_purpose() -> Act:
    """It is taken off the list."""
    by, found = person("administrator"), purpose()
    return lambda: approvals.retire_purpose(purpose=found, by=by)


@calls(approvals.restore_purpose, Event.PURPOSE_RESTORED)
def restore_purpose() -> Act:
    """It is put back."""
    by, found = person("administrator"), purpose()
    approvals.retire_purpose(purpose=found, by=by)
    return lambda: approvals.restore_purpose(purpose=found, by=by)
