from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Line, record_many
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from registry.canvasses import locks as canvass_locks
from registry.canvasses.models.canvasses import FootageRequest
from registry.footage import locks, storage
from registry.footage.models.files import Evidence, Giver, Upload
from registry.footage.policies import retention
from registry.footage.services.custody import lines_of
from registry.footage.states import EVIDENCE, EvidenceState
from registry.incidents import locks as incident_locks
from registry.rules import DELETION_ANNOUNCED

DELETER = "registry.delete_footage"


def announce_due() -> int:
    """Announce deletions that come near to the givers; return the number of files."""
    return _each_request(_to_announce(), _announce)


def begin_due() -> int:
    """Begin to delete the files that are due, announced and without a legal hold; return how many."""
    return _each_request(_to_begin(), _begin)


def begun() -> list[UUID]:
    files = Evidence.objects.filter(state=EvidenceState.DELETING).order_by("deleting_at", "pk")
    return list(files.values_list("pk", flat=True))


def finish(*, evidence: UUID) -> bool:
    """Delete a file whose deletion has begun, and write its tombstone; True if this call did it.

    The row already says so, and nobody can play the file. First the file is deleted; then one transaction forgets its
    place and writes the tombstone. Killed anywhere and run again, it ends the same.
    """
    key = _ask("SELECT registry_footage_to_delete(%s)", evidence)
    if key:
        storage.delete(key)
    with transaction.atomic():
        found = Evidence.objects.select_related("request").get(pk=evidence)
        incident = incident_locks.incident(found.request.incident_id)
        request = canvass_locks.request(found.request_id, incident=incident)
        locked = locks.evidence(evidence, incident=incident)
        if locked.state != EvidenceState.DELETING:
            return False
        _ask("SELECT registry_forget_footage(%s)", evidence)
        entry = _leave_tombstone(locked, request)
        _forget_giver(request)
        _tell_deleted(locked, request, entry)
    return True


def _to_announce() -> Q:
    soon = timezone.now() + DELETION_ANNOUNCED
    return Q(state=EvidenceState.KEPT, announced_at__isnull=True, kept_until__lte=soon) & ~Q(retention.held())


def _to_begin() -> Q:
    now = timezone.now()
    due = Q(state=EvidenceState.KEPT, kept_until__lte=now, announced_at__lte=now - DELETION_ANNOUNCED)
    return due & ~Q(retention.held())


def _each_request(due: Q, act: Callable[[FootageRequest, Sequence[Evidence]], None]) -> int:
    requests = set(Evidence.objects.filter(due).values_list("request", flat=True))
    count = 0
    for request in FootageRequest.objects.filter(pk__in=requests).order_by("sent_at", "pk"):
        with transaction.atomic():
            locked = canvass_locks.with_incident(request)
            rows = Evidence.objects.select_for_update(of=("self",), no_key=True)
            files = list(rows.filter(due, request=locked).order_by("received_at", "pk"))
            if files:
                act(locked, files)
            count += len(files)
    return count


def _announce(request: FootageRequest, files: Sequence[Evidence]) -> None:
    Evidence.objects.filter(pk__in=[file.pk for file in files]).update(announced_at=timezone.now())
    _record(Event.DELETION_ANNOUNCED, request, files)
    _tell(MessageKind.FOOTAGE_ENDING, request, files)


def _begin(request: FootageRequest, files: Sequence[Evidence]) -> None:
    rule = EVIDENCE.check(source=EvidenceState.KEPT, target=EvidenceState.DELETING, role=task_actor(DELETER).role)
    due = Evidence.objects.filter(pk__in=[file.pk for file in files])
    due.update(state=EvidenceState.DELETING, deleting_at=timezone.now())
    _record(Event(rule.event), request, files)


def _leave_tombstone(file: Evidence, request: FootageRequest) -> AuditEntry:
    rule = steps.check(file, EvidenceState.DELETED, task_actor(DELETER))
    file.state, file.deleted_at, file.name = EvidenceState.DELETED, timezone.now(), ""
    file.save(update_fields=["state", "deleted_at", "name"])
    Upload.objects.filter(pk=file.upload_id).update(name="")
    return _record_lines(Event(rule.event), request, lines_of(file, number=file.number))[-1]


def _forget_giver(request: FootageRequest) -> None:
    """Delete the giver's name with the last file: custody needs it until then."""
    if not Evidence.objects.filter(request=request).exclude(state=EvidenceState.DELETED).exists():
        Giver.objects.filter(request=request).delete()


def _tell_deleted(file: Evidence, request: FootageRequest, entry: AuditEntry) -> None:
    """Send one message for the files whose deletion began together, with the last of them."""
    together = Evidence.objects.filter(request=request, deleting_at=file.deleting_at).order_by("received_at", "pk")
    if not together.filter(state=EvidenceState.DELETING).exists():
        _tell(MessageKind.FOOTAGE_DELETED, request, list(together), waits_for=entry.pk)


def _tell(
    kind: MessageKind, request: FootageRequest, files: Sequence[Evidence], *, waits_for: int | None = None
) -> None:
    notifications.send(
        kind=kind,
        to=request.registrant,
        about=request.subject,
        context={"request": str(request.pk), "files": " ".join(str(file.pk) for file in files)},
        waits_for=waits_for,
    )


def _record(event: Event, request: FootageRequest, files: Sequence[Evidence]) -> None:
    lines = [Line(file.subject, facts={"kept_until": file.kept_until.isoformat()}) for file in files]
    _record_lines(event, request, lines)


def _record_lines(event: Event, request: FootageRequest, lines: Sequence[Line]) -> list[AuditEntry]:
    return record_many(event=event, actor=task_actor(DELETER), lines=lines, **request.in_log)


def _ask(statement: str, evidence: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, [evidence])
        return str(cursor.fetchone()[0] or "")
