from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.selectors import entries_about
from audit.log.services import Line, record_each
from fusus_portal.ground.database.writing import insert_many
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from registry.canvasses.models.canvasses import Canvass, FootageRequest, RequestCamera, request_number
from registry.canvasses.states import REQUEST, UNTOLD, RequestState
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits
from registry.people.models import Registrant
from registry.places.models import Camera

SENT = (Event.REQUEST_SENT,)


@dataclass(frozen=True, slots=True)
class AskedOwner:
    """An owner who is asked: the new request's id and number, and the address to write to."""

    request: UUID
    number: str
    registrant: UUID
    email: str
    language: str

    @property
    def subject(self) -> Subject:
        return Subject("request", str(self.request))


def ask(*, canvass: Canvass, cameras: Sequence[Camera], actor: Actor, sent_at: datetime) -> list[AskedOwner]:
    """Ask each owner of these cameras once, in a fixed number of queries; called by the service that sends the canvass.

    cameras: each with its premises. A registrant with three places gets one request.
    """
    asked = {one.registrant: one for one in _owners(cameras)}
    shared = {
        "canvass_id": canvass.pk,
        "incident_id": canvass.incident_id,
        "sent_at": sent_at,
        "expires_at": sent_at + Limits.current().link_life,
    }
    varying: dict[str, list[Any]] = {
        "id": [one.request for one in asked.values()],
        "number": [one.number for one in asked.values()],
        "registrant_id": list(asked),
    }
    insert_many(FootageRequest, shared=shared, varying=varying)
    _ask_about([(camera.pk, asked[owner]) for camera in cameras if (owner := camera.premises.registrant_id) in asked])
    record_each(
        event=Event.REQUEST_SENT,
        actor=actor,
        lines=[Line(one.subject) for one in asked.values()],
        **canvass.in_log,
    )
    notifications.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=_letters(list(asked.values())))
    return list(asked.values())


def withdraw_waiting(*, incident: Incident, actor: Actor, tell: bool = True, **chosen: Any) -> int:
    """Withdraw the waiting requests of a locked incident, or those of one canvass, registrant or pk; return how many.

    Declined requests are withdrawn with them: else a later answer would reveal the decline (promise R4). Their links
    stop working, and unsent messages are deleted. tell: write to the owners who have not answered.
    """
    rows = FootageRequest.objects.select_for_update(of=("self",), no_key=True)
    waiting = rows.filter(incident=incident, state__in=UNTOLD, **chosen).order_by("pk")
    requests = list(waiting.select_related("registrant__user"))
    if not requests:
        return 0
    [rule] = {REQUEST.check(source=at, target=RequestState.WITHDRAWN, role=actor.role) for at in UNTOLD}
    found = FootageRequest.objects.filter(pk__in=[request.pk for request in requests])
    found.update(state=RequestState.WITHDRAWN, replied_at=None, version=F("version") + 1)
    record_each(
        event=Event(rule.event),
        actor=actor,
        lines=[Line(request.subject) for request in requests],
        **incident.in_log,
    )
    notifications.withdraw_many(subjects=[request.subject for request in requests])
    if tell:
        _tell([request for request in requests if request.state == RequestState.SENT])
    return len(requests)


def _ask_about(cameras: Sequence[tuple[UUID, AskedOwner]]) -> None:
    varying: dict[str, list[Any]] = {
        "id": [uuid4() for _camera in cameras],
        "request_id": [one.request for _camera, one in cameras],
        "camera_id": [camera for camera, _one in cameras],
    }
    insert_many(RequestCamera, shared={}, varying=varying)


def _owners(cameras: Sequence[Camera]) -> list[AskedOwner]:
    ids = {camera.premises.registrant_id for camera in cameras}
    # Locked until the requests are written: an owner who leaves meanwhile waits, and one who has left is not asked.
    held = Registrant.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    owners = list(held.values_list("pk", "user__email", "language"))
    numbers = _free_numbers(len(owners))
    return [AskedOwner(uuid4(), numbers.pop(), pk, email, language) for pk, email, language in owners]


def _free_numbers(count: int) -> set[str]:
    """Return this many unused numbers. Random ones collide once in some thousand canvasses."""
    numbers: set[str] = set()
    while len(numbers) < count:
        made = {request_number() for _ in range(count - len(numbers))}
        numbers |= made - set(FootageRequest.objects.filter(number__in=made).values_list("number", flat=True))
    return numbers


def _letters(asked: Sequence[AskedOwner]) -> list[Letter]:
    """Return a message to each owner. Each waits for the seal of its own entry."""
    entries = {entry.subject_id: entry.pk for entry in entries_about([one.subject for one in asked], SENT)}
    return [Letter(one, one.subject, {"request": str(one.request)}, waits_for=entries[one.subject.id]) for one in asked]


def _tell(requests: Sequence[FootageRequest]) -> None:
    notifications.send_many(
        kind=MessageKind.REQUEST_WITHDRAWN,
        letters=[Letter(one.registrant, one.subject, {"request": str(one.pk)}) for one in requests],
    )
