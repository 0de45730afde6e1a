from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import Line, record_many
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import actor_of, task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from registry import hooks
from registry.canvasses import locks
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.policies import requests
from registry.canvasses.services import request_writer
from registry.canvasses.states import REQUEST, TOLD, RequestState
from registry.footage.models.files import Upload
from registry.footage.states import UploadState
from registry.incidents import locks as incident_locks
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import incidents

EXPIRER = "registry.expire_requests"
EXPIRED_AT_ONCE = 1000


def decline(*, request: FootageRequest, by: User | Actor) -> FootageRequest:
    """Answer that the owner would rather not. No deputy is told: it looks like no answer (promise R4).

    Until the time to answer ends the owner may answer otherwise, and the agency reads that as the first answer. Raises
    Stale as every answer does, and if a clip was given.
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
    expires: for them this only checks, and tells nobody again. Raises NotYours, or Stale for a request that is
    withdrawn, expired, of a closed incident, or answered otherwise.
    """
    with transaction.atomic():
        locked, actor = _locked(request.pk), actor_of(by)
        if locked.state == RequestState.FOOTAGE:
            requests.may_answer(actor, locked)
            requests.must_be_valid(locked, at=arrived_at)
            return locked
        return _answer(request.pk, by=actor, target=RequestState.FOOTAGE, at=arrived_at)


def withdraw(*, request: FootageRequest, by: User) -> None:
    """Withdraw a request that waits for an answer, or was declined, which is the same to the agency.

    For a request already withdrawn or expired nothing happens, silently (promise R4). Raises Stale if the deputy knows
    its answer.
    """
    with transaction.atomic():
        locked = _locked(request.pk)
        incidents.must_be_open(locked.incident)
        incidents.may_work_on(by, locked.incident)
        if locked.state in TOLD:
            raise Stale(_("This request has been answered."), subject=locked.subject)
        request_writer.withdraw_waiting(incident=locked.incident, actor=by.actor, pk=locked.pk)


def expire_due() -> int:
    """End the requests whose time has passed; return how many. A file that waits for its check came in time."""
    return sum(iter(_expire_batch, 0))


def _answer(pk: UUID, *, by: Actor, target: RequestState, at: datetime | None = None) -> FootageRequest:
    locked = _locked(pk)
    requests.may_answer(by, locked)
    requests.must_be_valid(locked, at=at)
    if locked.state == target:
        return locked
    requests.must_take(locked, target)
    if target != RequestState.FOOTAGE and locked.uploads.filter(state=UploadState.CHECKING).exists():
        given = hooks.others_of(locked).given or _("You gave files, so this request is answered.")
        raise Stale(given, subject=locked.subject)
    if target == RequestState.DECLINED:
        requests.must_not_be_given(locked)
    locked.replied_at = timezone.now()
    steps.take(locked, target, by)
    notifications.withdraw_many(subjects=[locked.subject])  # a request or reminder still on its way to the owner
    if target in TOLD:
        _tell_deputy(locked)
    return locked


def _locked(pk: UUID) -> FootageRequest:
    incident_pk = FootageRequest.objects.values_list("incident_id", flat=True).get(pk=pk)
    return locks.request(pk, incident=incident_locks.incident(incident_pk))


def _tell_deputy(request: FootageRequest) -> None:
    notifications.send(
        kind=MessageKind.FOOTAGE_REPLY,
        to=request.canvass.asker,
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
        for incident, of_incident in _by_incident(requests).items():
            record_many(
                event=Event(rule.event),
                actor=actor,
                lines=[Line(request.subject) for request in of_incident],
                **incident.in_log,
            )
    return len(requests)


def _by_incident(requests: list[FootageRequest]) -> dict[Incident, list[FootageRequest]]:
    grouped: dict[Incident, list[FootageRequest]] = {}
    for request in requests:
        grouped.setdefault(request.incident, []).append(request)
    return grouped
