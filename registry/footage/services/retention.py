from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Line, record, record_many
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.lifecycle import find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from registry.canvasses import locks as canvass_locks
from registry.canvasses.models import FootageRequest
from registry.footage import locks, policies, storage
from registry.footage.models import Evidence, Giver, LegalHold, RetentionCategory, Upload
from registry.footage.services.custody import lines_of
from registry.footage.states import EVIDENCE, EvidenceState, HoldState
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident
from registry.incidents.policies.reasons import check_reason
from registry.limits.models import Limits
from registry.rules import DELETION_ANNOUNCED

DELETER = "registry.delete_footage"


def announce_deletions() -> int:
    due = Q(announced_at__isnull=True, kept_until__lte=timezone.now() + DELETION_ANNOUNCED)
    return _each_request(due, _announce_deletion)


def begin_deletions() -> int:
    """Begin to delete the files that are due, announced and without a legal hold; return how many."""
    now = timezone.now()
    due = Q(kept_until__lte=now, announced_at__lte=now - DELETION_ANNOUNCED)
    return _each_request(due, _begin_deletion)


def finish_deletion(*, evidence: UUID) -> bool:
    """Delete a file whose deletion has begun, and write its tombstone; True if this call did it.

    Nobody can play the file any more. First the file is deleted; then one transaction forgets its key and writes the
    tombstone. Killed anywhere and run again, it ends the same.
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
        if not Evidence.objects.filter(request=request).exclude(state=EvidenceState.DELETED).exists():
            Giver.objects.filter(request=request).delete()  # custody needs the name until the last file is deleted
        _tell_deleted(locked, request, entry)
    return True


def _each_request(due: Q, act: Callable[[FootageRequest, Sequence[Evidence]], None]) -> int:
    """Act on the due files that are kept and not on hold, request by request; return the number of files."""
    due &= Q(state=EvidenceState.KEPT) & ~Q(policies.hold_condition())
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


def _announce_deletion(request: FootageRequest, files: Sequence[Evidence]) -> None:
    Evidence.objects.filter(pk__in=[file.pk for file in files]).update(announced_at=timezone.now())
    _record_deletions(Event.DELETION_ANNOUNCED, request, files)
    _tell_giver(MessageKind.FOOTAGE_ENDING, request, files)


def _begin_deletion(request: FootageRequest, files: Sequence[Evidence]) -> None:
    rule = EVIDENCE.check(source=EvidenceState.KEPT, target=EvidenceState.DELETING, role=task_actor(DELETER).role)
    due = Evidence.objects.filter(pk__in=[file.pk for file in files])
    due.update(state=EvidenceState.DELETING, deleting_at=timezone.now())
    _record_deletions(Event(rule.event), request, files)


def _leave_tombstone(file: Evidence, request: FootageRequest) -> AuditEntry:
    rule = steps.check(file, EvidenceState.DELETED, task_actor(DELETER))
    file.state, file.deleted_at, file.name = EvidenceState.DELETED, timezone.now(), ""
    file.save(update_fields=["state", "deleted_at", "name"])
    Upload.objects.filter(pk=file.upload_id).update(name="")
    return _record_lines(Event(rule.event), request, lines_of(file, number=file.number))[-1]


def _tell_deleted(file: Evidence, request: FootageRequest, entry: AuditEntry) -> None:
    """Send one message for the files whose deletion began together, with the last of them."""
    together = Evidence.objects.filter(request=request, deleting_at=file.deleting_at).order_by("received_at", "pk")
    if not together.filter(state=EvidenceState.DELETING).exists():
        _tell_giver(MessageKind.FOOTAGE_DELETED, request, list(together), waits_for=entry.pk)


def _tell_giver(
    kind: MessageKind, request: FootageRequest, files: Sequence[Evidence], *, waits_for: int | None = None
) -> None:
    notifications.send(
        kind=kind,
        to=request.registrant,
        about=request.subject,
        context={"request": str(request.pk), "files": " ".join(str(file.pk) for file in files)},
        waits_for=waits_for,
    )


def _record_deletions(event: Event, request: FootageRequest, files: Sequence[Evidence]) -> None:
    lines = [Line(file.subject, facts={"kept_until": file.kept_until.isoformat()}) for file in files]
    _record_lines(event, request, lines)


def _record_lines(event: Event, request: FootageRequest, lines: Sequence[Line]) -> list[AuditEntry]:
    return record_many(event=event, actor=task_actor(DELETER), lines=lines, **request.in_log)


def _ask(statement: str, evidence: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, [evidence])
        return str(cursor.fetchone()[0] or "")


def place_hold(*, incident: Incident, evidence: Evidence | None = None, reason: str, by: User) -> LegalHold:
    """Place a hold on one file, or on all footage of an incident, including files that arrive later.

    The same hold twice has one effect. An announced deletion is announced anew once the hold is lifted.
    Raises Refused by role, Stale for a deleted file, ValidationError on "reason".
    """
    with transaction.atomic():
        locked = incident_locks.incident(incident.pk)
        demand(by, Permission.KEEP_EVIDENCE, subject=locked.subject)
        file = locks.evidence(evidence.pk, incident=locked) if evidence else None
        if file:
            policies.must_be_kept(file)
        typed = check_reason(reason, limits=Limits.current(), repeats=[locked.number, *locked.type.names, locked.place])
        same = LegalHold.objects.filter(incident=locked, evidence=file, state=HoldState.PLACED, reason=typed).first()
        if same is not None:
            return same
        hold = LegalHold.objects.create(incident=locked, evidence=file, reason=typed, placed_by=by)
        _announce_anew(locked, file)
        _record_hold(Event.HOLD_PLACED, hold, by, typed)
    return hold


def lift_hold(*, hold: LegalHold, reason: str, by: User) -> LegalHold:
    """Lift a hold. Deletion continues; files that are due are announced first.

    Raises Refused by role, Stale for a lifted hold, ValidationError on "reason".
    """
    with transaction.atomic():
        incident = incident_locks.incident(hold.incident_id)
        demand(by, Permission.KEEP_EVIDENCE, subject=incident.subject)
        rows = LegalHold.objects.select_for_update(of=("self",), no_key=True).filter(pk=hold.pk)
        locked = find_or_refuse(rows, _("There is no such legal hold."), subject=hold.subject)
        rule = steps.check(locked, HoldState.LIFTED, by)
        known = [incident.number, *incident.type.names, locked.reason]
        typed = check_reason(reason, limits=Limits.current(), repeats=known)
        locked.incident = incident
        locked.state, locked.lifted_by, locked.lifted_at = HoldState.LIFTED, by, timezone.now()
        locked.lift_reason = typed
        locked.save(update_fields=["state", "lifted_by", "lifted_at", "lift_reason"])
        _record_hold(Event(rule.event), locked, by, typed)
    return locked


def _announce_anew(incident: Incident, evidence: Evidence | None) -> None:
    files = Evidence.objects.filter(request__incident=incident, state=EvidenceState.KEPT)
    if evidence is not None:
        files = files.filter(pk=evidence.pk)
    files.filter(announced_at__isnull=False).update(announced_at=None)


def _record_hold(event: Event, hold: LegalHold, by: User, reason: str) -> None:
    record(
        event=event,
        actor=by.actor,
        subject=hold.evidence.subject if hold.evidence else hold.incident.subject,
        **hold.in_log,
        reason=reason,
        facts={"hold": str(hold.pk)},
    )


def add_category(*, name: str, name_es: str = "", days: int, floor_days: int, by: User) -> RetentionCategory:
    """Add a category of retention. Raises Refused by role, ValidationError by field: name, days, floor_days."""
    demand(by, Permission.ADMINISTER)
    tidy = " ".join(name.split())
    policies.check_category(None, name=tidy, days=days, floor_days=floor_days)
    with transaction.atomic():
        category = RetentionCategory.objects.create(
            name=tidy, name_es=" ".join(name_es.split()), days=days, floor_days=floor_days
        )
        _record_category(Event.RETENTION_ADDED, category, by)
    return category


def change_category(
    *,
    category: RetentionCategory,
    name: str,
    name_es: str = "",
    days: int,
    floor_days: int,
    by: User,
) -> RetentionCategory:
    """Change a category. Footage received before keeps its day of deletion; footage received later gets the new one.

    Raises as `add_category`; floor_days never goes down.
    """
    demand(by, Permission.ADMINISTER)
    tidy = " ".join(name.split())
    with transaction.atomic():
        locked = RetentionCategory.objects.select_for_update(no_key=True).get(pk=category.pk)
        policies.check_category(locked, name=tidy, days=days, floor_days=floor_days)
        before = locked.days
        locked.name, locked.name_es = tidy, " ".join(name_es.split())
        locked.days, locked.floor_days = days, floor_days
        locked.save(update_fields=["name", "name_es", "days", "floor_days"])
        _record_category(Event.RETENTION_CHANGED, locked, by, before=before)
    return locked


def classify_evidence(*, evidence: Evidence, category: RetentionCategory, reason: str, by: User) -> Evidence:
    """Put a file into a category. The longest time that applies wins, and the file's deletion is announced anew.

    Raises Refused by role, Stale for a deleted file, ValidationError on "reason".
    """
    with transaction.atomic():
        incident = incident_locks.incident(evidence.request.incident_id)
        demand(by, Permission.KEEP_EVIDENCE, subject=incident.subject)
        locked = locks.evidence(evidence.pk, incident=incident)
        policies.must_be_kept(locked)
        typed = policies.check_category_reason(reason, evidence=locked, category=category)
        if locked.category_id == category.pk:
            return locked
        locked.category, locked.announced_at = category, None
        locked.kept_until = policies.kept_until(locked.received_at, category=category, incident=incident)
        locked.save(update_fields=["category", "kept_until", "announced_at"])
        record(
            event=Event.EVIDENCE_CLASSIFIED,
            actor=by.actor,
            subject=locked.subject,
            **incident.in_log,
            reason=typed,
            facts={"category": category.name, "kept_until": locked.kept_until.isoformat()},
        )
    return locked


def _record_category(event: Event, category: RetentionCategory, by: User, *, before: int = 0) -> None:
    facts: dict[str, int | str] = {"name": category.name, "days": category.days, "floor_days": category.floor_days}
    if before:
        facts["days_before"] = before
    record(event=event, actor=by.actor, subject=category.subject, facts=facts)
