"""What a canvass finds: shown to a deputy, and asked. Parts of the acts in `canvasses` and `selection`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.selectors import FOLDED
from audit.log.services import Line, record, record_each
from audit.log.sightings import record_sightings
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.lifecycle import why_not
from registry.canvasses.models.approvals import LeftOut
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.policies import canvasses
from registry.canvasses.selectors import search
from registry.canvasses.selectors.search import Candidate
from registry.canvasses.services import unverified_searches
from registry.canvasses.states import BEFORE_SENDING
from registry.places.models import Camera
from registry.places.services.cameras import CameraDetails, line_of


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """A camera as a deputy sees it in a canvass: what it is, its address and point; never whose it is.

    details: what `search.SEARCHED` names. left_out: why it is left out (`LeftOut.Why`), "" when it is not.
    premises: the id of its place. is_confirmed: whether that was confirmed when the canvass searched.
    """

    id: UUID
    premises: UUID
    is_confirmed: bool
    details: CameraDetails
    address: Address
    point: Point
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a canvass shows. owners: how many people it asks. already_asked: how many were asked before.

    owners is None where an area is refused before the incident is verified: then no number is told.
    cameras: None while a supervisor has to verify the incident, or to approve the canvass, before they are shown.
    hidden: why, in a sentence, or "".
    """

    owners: int | None
    already_asked: int
    cameras: tuple[FoundCamera, ...] | None
    hidden: str = ""


def findings(canvass: Canvass, *, by: User) -> tuple[Findings, list[Camera]]:
    """Return what a locked canvass shows to a person, and the cameras of which an entry is due.

    Raises Stale when it shows none.
    """
    canvasses.must_show_cameras(canvass)
    if canvass.state not in BEFORE_SENDING:
        return _asked(canvass, by)
    candidates = search.candidates(canvass)
    owners = len({_owner(candidate) for candidate in _to_ask(candidates)})
    before = len({_owner(candidate) for candidate in candidates if candidate.asked_before})
    seen = {_owner(candidate) for candidate in candidates}
    hidden = why_not(partial(canvasses.must_be_approved, canvass)) or why_not(
        partial(unverified_searches.may_see, canvass, by, seen)
    )
    if hidden:
        return _hidden(canvass, hidden, owners=owners, before=before), []
    shown = tuple(_found(candidate.camera, candidate.left_out) for candidate in candidates)
    return Findings(owners, before, shown), [candidate.camera for candidate in candidates]


def owners_of(cameras: Iterable[Camera]) -> set[UUID]:
    """Return whose cameras they are, by the registrants' ids."""
    return {camera.premises.registrant_id for camera in cameras}


def to_ask(canvass: Canvass) -> list[Camera]:
    """Return the cameras that a locked canvass would ask about now, each with its premises."""
    return [candidate.camera for candidate in _to_ask(search.candidates(canvass))]


def note(event: Event, canvass: Canvass, actor: Actor, **facts: int | str) -> None:
    """Write the entry of an act on a canvass."""
    record(
        event=event,
        actor=actor,
        subject=canvass.subject,
        reason=canvass.reason,
        **canvass.in_log,
        facts=facts,
    )


def note_cameras(event: Event, canvass: Canvass, actor: Actor, cameras: list[Camera]) -> None:
    """Write the entry of each camera that a canvass found, showed or asked about; one shown again may be counted."""
    lines: list[Line] = [line_of(camera, facts={"canvass": str(canvass.pk)}) for camera in cameras]
    write = record_sightings if event in FOLDED else record_each
    write(event=event, actor=actor, lines=lines, reason=canvass.reason, **canvass.in_log)


def _asked(canvass: Canvass, by: User) -> tuple[Findings, list[Camera]]:
    cameras = search.cameras_asked(canvass)
    owners = owners_of(cameras)
    if hidden := why_not(partial(unverified_searches.may_see, canvass, by, owners)):
        return _hidden(canvass, hidden, owners=len(owners), before=0), []
    return Findings(len(owners), 0, tuple(_found(camera, "") for camera in cameras)), cameras


def _hidden(canvass: Canvass, why: str, *, owners: int, before: int) -> Findings:
    """Return what is told of cameras that are not shown: before verification not even how many owners they have."""
    is_told = canvass.incident.is_verified
    return Findings(owners if is_told else None, before if is_told else 0, None, why)


def _to_ask(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out who was asked before, the cameras left out, and whoever owns one that was left out for its owner."""
    spared = {_owner(each) for each in candidates if each.left_out not in {"", LeftOut.Why.VIEW}}
    return [each for each in candidates if not each.asked_before and not each.left_out and _owner(each) not in spared]


def _owner(candidate: Candidate) -> UUID:
    return candidate.camera.premises.registrant_id


def _found(camera: Camera, left_out: str) -> FoundCamera:
    details = CameraDetails(**{name: getattr(camera, name) for name in search.SEARCHED})
    place = camera.premises
    return FoundCamera(camera.pk, place.pk, place.is_confirmed, details, place.address, place.point, left_out)
