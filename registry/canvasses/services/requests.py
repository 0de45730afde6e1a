"""Footage requests: written, answered, reminded of, withdrawn, expired, and doors confirmed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.selectors import entries_about
from audit.log.services import Line, record_each, record_many
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, actor_of, task_actor
from fusus_portal.ground.database.writing import insert_many
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import Area
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter
from registry.canvasses import locks, policies, selectors
from registry.canvasses.models import Canvass, CanvassPurpose, FootageRequest, RequestCamera, request_number
from registry.canvasses.services import searches
from registry.canvasses.states import REQUEST, TOLD, UNTOLD, CanvassState, RequestState
from registry.footage.models import Upload
from registry.footage.states import UploadState
from registry.incidents import hooks, locks as incident_locks
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.incidents.states import IncidentState
from registry.limits.models import Limits
from registry.places import locks as place_locks
from registry.places.models import Camera, ConfirmedBy, Premises
from registry.places.services import premises as premise_services
from registry.registrants.models import Registrant

EXPIRER = "registry.expire_requests"
EXPIRED_AT_ONCE = 1000


def decline(*, request: FootageRequest, by: User | Actor) -> FootageRequest:
    """Answer that the owner would rather give no footage. No deputy is told: it looks like no answer (promise R4).

    The owner may answer otherwise until the time ends. Raises Stale as every answer does, and if a clip was given.
    """
    with transaction.atomic():
        return _answer(request.pk, by=actor_of(by), target=RequestState.DECLINED)


def answer_none(*, request: FootageRequest, by: User | Actor) -> FootageRequest:
    """Answer that there is no footage. The deputy who asked is told."""
    with transaction.atomic():
        return _answer(request.pk, by=actor_of(by), target=RequestState.NONE)


def give(*, request: FootageRequest, by: User | Actor, arrived_at: datetime | None = None) -> FootageRequest:
    """Answer with footage, in the transaction that makes the first file evidence.

    arrived_at: when the whole file had arrived, which decides if it came in time. Files may be added until the request
    expires: for further files this only checks, and tells nobody again. Raises NotYours, or Stale for a request that is
    withdrawn, expired, of a closed incident, or answered otherwise.
    """
    with transaction.atomic():
        locked, actor = _locked(request.pk), actor_of(by)
        if locked.state == RequestState.FOOTAGE:
            policies.may_answer_request(actor, locked)
            policies.must_be_valid_request(locked, at=arrived_at)
            return locked
        return _answer(request.pk, by=actor, target=RequestState.FOOTAGE, at=arrived_at)


def withdraw(*, request: FootageRequest, by: User) -> None:
    """Withdraw a request that waits for an answer, or was declined, which is the same to the agency (promise R4).

    A request that has ended stays as it is, without an error. Raises Stale if the deputy knows its answer.
    """
    with transaction.atomic():
        locked = _locked(request.pk)
        incidents.must_be_open(locked.incident)
        incidents.may_work_on(by, locked.incident)
        if locked.state in TOLD:
            raise Stale(_("This request has been answered."), subject=locked.subject)
        withdraw_waiting(incident=locked.incident, actor=by.actor, pk=locked.pk)


def expire_due() -> int:
    """End the requests whose time has passed; return how many. A file that waits for its check came in time."""
    return sum(iter(_expire_batch, 0))


def _answer(pk: UUID, *, by: Actor, target: RequestState, at: datetime | None = None) -> FootageRequest:
    locked = _locked(pk)
    policies.may_answer_request(by, locked)
    policies.must_be_valid_request(locked, at=at)
    if locked.state == target:
        return locked
    policies.must_take_answer(locked, target)
    if target != RequestState.FOOTAGE and locked.uploads.filter(state=UploadState.CHECKING).exists():
        checked = _("Footage that was given is being checked now, so this request is answered.")
        raise Stale(hooks.others_of(locked.pk).given or checked, subject=locked.subject)
    if target == RequestState.DECLINED:
        policies.must_not_be_given(locked)
    turned_down_at, locked.replied_at = locked.last_turned_down_at, timezone.now()
    locked.turned_down_at = turned_down_at if target == RequestState.FOOTAGE else locked.replied_at
    steps.take(locked, target, by)
    _withdraw_answered(locked)
    if target in TOLD:
        _tell(locked, locked.canvass.asker)
    return locked


def _withdraw_answered(request: FootageRequest) -> None:
    """Delete messages on their way that this answer settles. One that asks stays if a clip waits beside footage."""
    stays = request.state == RequestState.FOOTAGE and hooks.others_of(request.pk).offers
    notifications.withdraw_many(subjects=[request.subject], but=MessageKind.FOOTAGE_REQUEST if stays else None)


def withdraw_asking(*, request: FootageRequest) -> None:
    """Delete a mail on its way that asks, once a further file, such as a clip, leaves nothing that waits.

    One that tells a deputy of an earlier file stays.
    """
    if not hooks.others_of(request.pk).offers:
        notifications.withdraw_many(subjects=[request.subject], kind=MessageKind.FOOTAGE_REQUEST)


def _locked(pk: UUID) -> FootageRequest:
    incident_pk = FootageRequest.objects.values_list("incident_id", flat=True).get(pk=pk)
    return locks.request(pk, incident=incident_locks.incident(incident_pk))


def tell_askers(*, request: FootageRequest, upload: UUID, is_first: bool) -> None:
    """Tell people who asked for this very file, such as a clip, that it is here. is_first: not the canvass's asker."""
    for person in hooks.askers_of(upload):
        if not is_first or person != request.canvass.asker:
            _tell(request, person)


def _tell(request: FootageRequest, person: User) -> None:
    notifications.send(
        kind=MessageKind.FOOTAGE_REPLY,
        to=person,
        about=request.subject,
        context={"request": str(request.pk), "has_footage": int(request.state == RequestState.FOOTAGE)},
    )


def _expire_batch() -> int:
    actor = task_actor(EXPIRER)
    rule = REQUEST.check(source=RequestState.SENT, target=RequestState.EXPIRED, role=actor.role)
    with transaction.atomic():
        rows = FootageRequest.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        waiting = Upload.objects.filter(request=OuterRef("pk"), state=UploadState.CHECKING)
        due = rows.filter(~Exists(waiting), state=RequestState.SENT, expires_at__lte=timezone.now())
        requests = list(due.select_related("incident__type").order_by("expires_at", "pk")[:EXPIRED_AT_ONCE])
        FootageRequest.objects.filter(pk__in=[request.pk for request in requests]).update(state=RequestState.EXPIRED)
        lines: dict[Incident, list[Line]] = defaultdict(list)
        for request in requests:
            lines[request.incident].append(Line(request.subject))
        for incident, of_incident in lines.items():
            record_many(event=Event(rule.event), actor=actor, lines=of_incident, **incident.in_log)
    return len(requests)


SENDING = (Event.REQUEST_SENT,)


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


def ask_owners(*, canvass: Canvass, cameras: Sequence[Camera], actor: Actor, sent_at: datetime) -> list[AskedOwner]:
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
    lines = [Line(one.subject) for one in asked.values()]
    record_each(event=Event.REQUEST_SENT, actor=actor, lines=lines, **canvass.in_log)
    notifications.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=_letters(list(asked.values())))
    return list(asked.values())


def ask_after_all(*, requests: Sequence[FootageRequest]) -> None:
    """Write the mail that asks to each owner, in place of one on its way, in the act that makes an answer needed."""
    asked = [
        AskedOwner(one.pk, one.number, one.registrant.pk, one.registrant.user.email, one.registrant.language)
        for one in requests
        if one.registrant
    ]
    FootageRequest.objects.filter(pk__in=[one.request for one in asked]).update(asked_after_all_at=timezone.now())
    notifications.withdraw_many(subjects=[one.subject for one in asked], kind=MessageKind.FOOTAGE_REQUEST)
    notifications.send_many(kind=MessageKind.FOOTAGE_REQUEST, letters=_letters(asked))


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
    found.update(state=RequestState.WITHDRAWN, replied_at=None, turned_down_at=None, version=F("version") + 1)
    lines = [Line(request.subject) for request in requests]
    record_each(event=Event(rule.event), actor=actor, lines=lines, **incident.in_log)
    notifications.withdraw_many(subjects=[request.subject for request in requests])
    if tell:
        unanswered = [request for request in requests if request.state == RequestState.SENT]
        letters = [Letter(one.registrant, one.subject, {"request": str(one.pk)}) for one in unanswered]
        notifications.send_many(kind=MessageKind.REQUEST_WITHDRAWN, letters=letters)
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
    """Return a message to each owner, to be sent once the entry of that owner's request is sealed."""
    entries = {entry.subject_id: entry.pk for entry in entries_about([one.subject for one in asked], SENDING)}
    return [Letter(one, one.subject, {"request": str(one.request)}, waits_for=entries[one.subject.id]) for one in asked]


REMINDER = "registry.remind"
REMINDED_AT_ONCE = 1000


def remind_due() -> int:
    """Remind owners of requests that have waited long enough, unseen by deputies (promise R4); return how many.

    One transaction an incident and batch, in a number of queries that does not depend on the number of reminders.
    Nobody is reminded who has answered in any way, whose rule for clips has, whose file waits for its check, or whose
    link is dead. Where the agency sends no reminder, an owner whose rule gave in vain is asked once all the same.
    """
    limits = Limits.current()
    due = _due(timezone.now(), limits).order_by().values("incident_id")
    incidents = list(Incident.objects.filter(pk__in=due).select_related("type").order_by("opened_at", "pk"))
    return sum(sum(iter(partial(_remind_batch, incident, limits), 0)) for incident in incidents)


@transaction.atomic
def _remind_batch(incident: Incident, limits: Limits) -> int:
    now = timezone.now()
    due = _due(now, limits).filter(incident=incident)
    rows = due.select_for_update(of=("self",), no_key=True, skip_locked=True)
    requests = list(rows.select_related("registrant__user").order_by("sent_at", "pk")[:REMINDED_AT_ONCE])
    if not requests:
        return 0
    facts = [{"reminder": request.reminders + 1} if limits.reminders else {} for request in requests]
    lines = [Line(request.subject, facts=of_one) for request, of_one in zip(requests, facts, strict=True)]
    record_each(event=Event.REQUEST_REMINDED, actor=task_actor(REMINDER), lines=lines, **incident.in_log)
    if limits.reminders:
        _remind(requests, now)
    else:
        ask_after_all(requests=requests)
    return len(requests)


def _remind(requests: Sequence[FootageRequest], now: datetime) -> None:
    found = FootageRequest.objects.filter(pk__in=[request.pk for request in requests])
    found.update(reminders=F("reminders") + 1, reminded_at=now)
    letters = [
        Letter(one.registrant, one.subject, {"request": str(one.pk), "reminder": one.reminders + 1}) for one in requests
    ]
    notifications.send_many(kind=MessageKind.FOOTAGE_REMINDER, letters=letters)


def _due(now: datetime, limits: Limits) -> QuerySet[FootageRequest]:
    """Return the requests to remind of, or without reminders those whose owner a rule answered in vain, never asked.

    PostgreSQL checks these conditions again once it has a row's lock.
    """
    if limits.reminders:
        return _silent(now).filter(_waited_long_enough(now, limits))
    return _silent(now).filter(hooks.promised_without_owner(), asked_after_all_at__isnull=True, reminders=0)


def _silent(now: datetime) -> QuerySet[FootageRequest]:
    """Return the requests that wait for their owner, in a canvass and an incident that still ask."""
    arriving = Upload.objects.filter(request=OuterRef("pk"), state=UploadState.CHECKING)
    return FootageRequest.objects.filter(
        ~Exists(arriving),
        selectors.waits_for_owner(now),
        canvass__state=CanvassState.SENT,
        incident__state=IncidentState.OPEN,
    )


def _waited_long_enough(now: datetime, limits: Limits) -> Q:
    """Return the condition on requests whose next reminder is due, as `policies.has_further_reminder`."""
    waited = Q(pk__in=[])
    for gone, wait in enumerate(limits.reminder_waits):
        since = "reminded_at" if gone else "sent_at"
        asked = Q(asked_after_all_at__isnull=True) | Q(asked_after_all_at__lte=now - wait)
        waited |= Q(asked, **{"reminders": gone, f"{since}__lte": now - wait})
    return waited


@dataclass(frozen=True, slots=True)
class SingleRequest:
    camera: Camera
    starts_at: datetime
    ends_at: datetime
    purpose: CanvassPurpose
    reason: str


def known_request(*, incident: Incident, camera: Camera) -> FootageRequest | None:
    """Return the request by which a camera's owner was asked for this incident, or None."""
    return FootageRequest.objects.filter(incident=incident, registrant=camera.premises.registrant_id).first()


def ask_one(*, incident: Incident, by: User, asked: SingleRequest) -> FootageRequest:
    """Ask the owner of one camera without a search, inside the caller's transaction; incident and owner are locked.

    An owner is contacted once for an incident: if the search of an earlier request includes the camera, circle or
    polygon, it joins that request, and no second mail is sent. Raises Stale if that search does not include it, or the
    request ended as the deputy knows.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("one owner is asked inside the transaction of the act")
    before = known_request(incident=incident, camera=asked.camera)
    if before is not None:
        return _add_camera(before, incident, by, asked)
    canvass = Canvass(
        incident=incident,
        created_by=by,
        purpose=asked.purpose,
        reason=asked.reason,
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
        by_name=True,
    )
    policies.must_be_listed_purpose(asked.purpose)
    canvass.area = Area(asked.camera.premises.point, Limits.current().smallest_radius_m)
    policies.check_nearby(canvass.area, incident)
    canvass.save(force_insert=True)
    sent_at = timezone.now()
    canvass.sent_by, canvass.sent_at = by, sent_at
    steps.take(canvass, CanvassState.SENT, by, facts={"owners": 1}, reason=canvass.reason)
    searches.note_cameras(Event.CAMERA_ASKED, canvass, by.actor, [asked.camera])
    [one] = ask_owners(canvass=canvass, cameras=[asked.camera], actor=by.actor, sent_at=sent_at)
    return FootageRequest.objects.get(pk=one.request)


def _add_camera(request: FootageRequest, incident: Incident, by: User, asked: SingleRequest) -> FootageRequest:
    canvass = Canvass.objects.get(pk=request.canvass_id)
    canvass.incident = incident
    sentence = _("This owner was asked for footage of this incident before, and is asked once.")
    if request.is_over(timezone.now()) or not _takes_more(request, canvass):
        raise Stale(sentence, subject=incident.subject)
    if not selectors.is_in_search(canvass, asked.camera):
        why = _("That search does not include this camera.")
        raise Stale(f"{sentence} {why}", subject=incident.subject)
    if not RequestCamera.objects.filter(request=request, camera=asked.camera).exists():
        RequestCamera.objects.create(request=request, camera=asked.camera)
    searches.note_cameras(Event.CAMERA_ASKED, canvass, by.actor, [asked.camera])
    return request


def _takes_more(request: FootageRequest, canvass: Canvass) -> bool:
    """True if a request can take another camera, by what deputies know: it has footage, or its canvass still asks."""
    if request.state in TOLD:
        return request.state == RequestState.FOOTAGE
    return canvass.state == CanvassState.SENT


def confirm_door(*, canvass: Canvass, by: User, premises: UUID) -> Premises:
    """Record that a person at the door said that this place of the sheet is theirs.

    The entry is written whatever is known of the place, and the sheet does not change: neither reveals an answer. A
    place with another address by now is not confirmed; the deputy is not told. Raises NotYours for a place not on the
    sheet, Refused for a person not assigned, Stale once the canvass shows no cameras.
    """
    with transaction.atomic():
        incident = incident_locks.incident(canvass.incident_id)
        incidents.must_be_open(incident)
        incidents.may_work_on(by, incident)
        address = _address(locks.canvass(canvass.pk, incident=incident), by, premises)
        locked = place_locks.premises(premises)
        premise_services.note_confirmation(
            Event.DOOR_CONFIRMED, locked, by.actor, incident.in_log, canvass=str(canvass.pk)
        )
        if locked.address == address:
            premise_services.confirm(premises=locked, way=ConfirmedBy.DOOR, actor=by.actor, within=incident.in_log)
    return locked


def _address(canvass: Canvass, by: User, premises: UUID) -> Address:
    findings, _cameras = searches.find(canvass, by=by)
    if findings.cameras is None:
        raise Refused(findings.hidden, subject=canvass.subject)
    for camera in findings.cameras:
        if camera.premises == premises and not camera.left_out:
            return camera.address
    raise NotYours(_("This place is not on the sheet."), subject=canvass.subject)
