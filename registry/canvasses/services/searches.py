"""Cameras that a canvass finds, and the limits of one person before an incident is verified."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.utils import timezone

from audit.ledger import alarms
from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.selectors import FOLDED
from audit.log.services import Line, record, record_each
from audit.log.sightings import record_sightings
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.lifecycle import why_not
from registry.canvasses import policies, selectors
from registry.canvasses.models import Canvass, LeftOut, SearchBound, UnverifiedSearch, UnverifiedSight
from registry.canvasses.selectors import Candidate, Outline
from registry.canvasses.states import BEFORE_SENDING
from registry.incidents.models import Incident
from registry.limits.models import Limits
from registry.places.models import Camera
from registry.places.services.cameras import CameraDetails, line_of
from registry.rules import UNVERIFIED_WEEK

Found = TypeVar("Found", Outline, Candidate)

CAMERAS_A_PAGE: Final = 50
CELL_M: Final = 200.0
"""Meters. Cameras on other pages are counted by squares of this side: a quarter of a city's block or more."""

METERS_A_DEGREE: Final = 111_320.0
"""Meters in a degree of latitude."""


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """A camera as a deputy sees it in a canvass: never whose it is.

    details: the fields of `SEARCHED_FIELDS`. left_out: why, or "". is_confirmed: its place was confirmed when searched.
    """

    id: UUID
    premises: UUID
    is_confirmed: bool
    details: CameraDetails
    address: Address
    point: Point
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    middle: Point
    number: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Cameras of a canvass to show. owners: how many people it asks. already_asked: how many were asked before.

    owners: None if hidden before verification: then no number is told. cameras: of one page, or all; None while they
    are hidden. hidden: why, in a sentence, or "". found: number of cameras on all pages. left_out: how many of these
    are left out. page: the one shown, None for all. elsewhere: cameras on the other pages, counted by squares.
    """

    owners: int | None
    already_asked: int
    cameras: tuple[FoundCamera, ...] | None
    hidden: str = ""
    found: int = 0
    left_out: int = 0
    page: Page[Outline] | None = None
    elsewhere: tuple[Cell, ...] = ()


def find(canvass: Canvass, *, by: User, page: int | str | None = None) -> tuple[Findings, list[Camera]]:
    """Return what a locked canvass shows to a person, and the cameras that need an entry. Raises Stale as `show`."""
    policies.must_show_cameras(canvass)
    is_draft = canvass.state in BEFORE_SENDING
    outlines = selectors.camera_outlines(canvass) if is_draft else selectors.camera_outlines_asked(canvass)
    owners = {outline.owner for outline in (_to_ask(outlines) if is_draft else outlines)}
    before = {outline.owner for outline in outlines if outline.asked_before}
    seen = {outline.owner for outline in outlines}
    hidden = (is_draft and _why_waits(canvass)) or why_not(partial(may_see_owners, canvass, by, seen))
    if hidden:
        return _hidden(canvass, hidden, owners=len(owners), before=len(before)), []
    listed = None if page is None else Paginator(outlines, CAMERAS_A_PAGE).get_page(page)
    at_hand = None if listed is None else [outline.camera for outline in listed]
    candidates = _shown(canvass, at_hand, is_draft=is_draft)
    found = Findings(
        len(owners),
        len(before),
        tuple(_found(candidate.camera, candidate.left_out) for candidate in candidates),
        found=len(outlines),
        left_out=sum(bool(outline.left_out) for outline in outlines),
        page=listed,
        elsewhere=_elsewhere(outlines, at_hand or ()) if listed and listed.has_other_pages() else (),
    )
    return found, [candidate.camera for candidate in candidates]


def _shown(canvass: Canvass, among: list[UUID] | None, *, is_draft: bool) -> list[Candidate]:
    if is_draft:
        return selectors.camera_candidates(canvass, among=among)
    asked = selectors.cameras_asked(canvass, among=among)
    return [Candidate(camera, asked_before=False, left_out="") for camera in asked]


def _elsewhere(outlines: list[Outline], at_hand: Collection[UUID]) -> tuple[Cell, ...]:
    shown, numbers = set(at_hand), Counter[tuple[int, int]]()
    high = CELL_M / METERS_A_DEGREE
    wide = high / math.cos(math.radians(outlines[0].point.latitude))
    for outline in outlines:
        if outline.camera not in shown:
            numbers[math.floor(outline.point.latitude / high), math.floor(outline.point.longitude / wide)] += 1
    return tuple(
        Cell(Point((row + 0.5) * high, (column + 0.5) * wide), number)
        for (row, column), number in sorted(numbers.items())
    )


def owners_of(cameras: Iterable[Camera]) -> set[UUID]:
    return {camera.premises.registrant_id for camera in cameras}


def cameras_to_ask(canvass: Canvass) -> list[Camera]:
    """Return the cameras that a locked canvass would ask about now, each with its premises."""
    return [candidate.camera for candidate in _to_ask(selectors.camera_candidates(canvass))]


def note(event: Event, canvass: Canvass, actor: Actor, **facts: int | str) -> None:
    record(event=event, actor=actor, subject=canvass.subject, reason=canvass.reason, **canvass.in_log, facts=facts)


def note_cameras(event: Event, canvass: Canvass, actor: Actor, cameras: list[Camera]) -> None:
    """Write an entry for each camera found, shown or asked about. A repeated showing may only be counted."""
    lines: list[Line] = [line_of(camera, facts={"canvass": str(canvass.pk)}) for camera in cameras]
    write = record_sightings if event in FOLDED else record_each
    write(event=event, actor=actor, lines=lines, reason=canvass.reason, **canvass.in_log)


def _why_waits(canvass: Canvass) -> str:
    if not canvass.beyond_limits:
        return ""
    limits = Limits.current()
    within = why_not(partial(policies.must_be_within_bounds, canvass, limits))
    return within or why_not(partial(policies.must_be_approved, canvass, limits))


def _hidden(canvass: Canvass, why: str, *, owners: int, before: int) -> Findings:
    """Return findings without cameras; before verification without the number of owners too."""
    is_told = canvass.incident.is_verified
    return Findings(owners if is_told else None, before if is_told else 0, None, why)


def _to_ask(found: list[Found]) -> list[Found]:
    """Drop owners asked before, cameras left out, and all cameras of an owner who is left out; return the rest."""
    spared = {each.owner for each in found if each.left_out not in {"", LeftOut.Why.VIEW}}
    return [each for each in found if not each.asked_before and not each.left_out and each.owner not in spared]


def _found(camera: Camera, left_out: str) -> FoundCamera:
    details = CameraDetails(**{name: getattr(camera, name) for name in selectors.SEARCHED_FIELDS})
    place = camera.premises
    return FoundCamera(camera.pk, place.pk, place.is_confirmed, details, place.address, place.point, left_out)


def hold_searcher(incident: Incident, by: User) -> None:
    """Lock a person's row, before the incident's: searches and looks in several windows run one by one."""
    if not incident.is_verified:
        User.objects.select_for_update(no_key=True).get(pk=by.pk)


def count_search(canvass: Canvass, by: User, owners: AbstractSet[UUID]) -> bool:
    """Count a search of a locked canvass; True if it exceeds one person's limits, which raises the alarm."""
    incident = canvass.incident
    if incident.is_verified:
        return False
    seen = selectors.seen_unverified(incident=incident, by=by)
    bound = policies.bound_of_search(seen, owners, Limits.current())
    UnverifiedSearch.objects.create(incident=incident, by=by, bound=bound)
    if bound:
        _raise_alarm(by)
    return bool(bound)


def count_refused_search(canvass: Canvass, by: User) -> None:
    """Count a refused redrawing, so that nobody finds out the number of owners by trying."""
    UnverifiedSearch.objects.create(incident=canvass.incident, by=by, bound=SearchBound.WIDE)


def may_see_owners(canvass: Canvass, by: User, owners: AbstractSet[UUID]) -> None:
    """Raise Refused for too many owners around an unverified incident, or, with an alarm, in a person's week."""
    if canvass.incident.is_verified:
        return
    seen = selectors.seen_unverified(incident=canvass.incident, by=by)
    policies.may_show_owners(canvass, seen, owners)
    try:
        policies.may_see_owners(canvass, seen, owners, Limits.current())
    except policies.BeyondOnePerson:
        _raise_alarm(by)
        raise


@contextmanager
def bounds_flagged(by: User) -> Iterator[None]:
    """Raise the alarm again after a refused act, whose transaction is undone. Use it around the transaction."""
    try:
        yield
    except policies.BeyondOnePerson:
        with transaction.atomic():
            _raise_alarm(by)
        raise


def note_sights(incident: Incident, by: User, owners: Iterable[UUID]) -> None:
    """Record whose addresses a person was shown, and delete such records older than a week."""
    if incident.is_verified:
        return
    now = timezone.now()
    UnverifiedSight.objects.filter(by=by, at__lte=now - UNVERIFIED_WEEK).delete()
    UnverifiedSight.objects.bulk_create(
        [UnverifiedSight(incident=incident, by=by, registrant_id=owner, at=now) for owner in sorted(owners)],
        update_conflicts=True,
        unique_fields=["by", "incident", "registrant"],
        update_fields=["at"],
    )


def _raise_alarm(by: User) -> None:
    """Raise the alarm about a person's searches, which auditors settle, once for a person and day."""
    what = f"{by.pseudonym} searched more without a second person's word than one person may, {timezone.localdate()}."
    alarms.raise_alarm(kind=alarms.AlarmKind.HOMES_SEARCHED, what=what)
