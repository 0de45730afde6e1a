from uuid import UUID

from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _, override

from audit.log.actors import current_source
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Line, Ticket, open_ticket, record, record_at_once, record_many
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from registry.access_log import services as access_log
from registry.canvasses import locks as canvass_locks
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest, RequestCamera
from registry.canvasses.services import requests, searches
from registry.canvasses.states import RequestState
from registry.footage import locks, media_types, policies, selectors, storage
from registry.footage.models import Evidence, Upload
from registry.footage.states import ON_THE_WAY, UploadState
from registry.incidents import hooks, locks as incident_locks
from registry.incidents.models import Incident
from registry.incidents.policies.incidents import may_see
from registry.incidents.policies.reasons import check_reason
from registry.limits.models import Limits
from registry.places.models import Camera

RECEIVE = "registry.receive_footage"


def receive(*, upload: UUID) -> Evidence | None:
    """Make a given file evidence: hash it, move it to the storage of evidence, answer the request with it.

    Killed at any point and run again, it ends the same: the key is committed before the file moves, and the rest is
    one transaction. Returns None if there is nothing to receive (any more).
    """
    planned = _with_place(upload)
    if planned is None:
        return Evidence.objects.filter(upload=upload).first()
    try:
        with override(planned.request.registrant.language if planned.request.registrant else settings.LANGUAGE_CODE):
            return _receive(planned)
    except Upload.DoesNotExist:  # its owner left while it was being checked
        storage.remove(planned.pk, key=planned.key)
        return None


def open_page(*, evidence: Evidence, by: User) -> None:
    """Record a look at a file's facts, giver and custody; the giver reads this. Raises Refused if not assigned."""
    with transaction.atomic():
        policies.may_view_evidence(by, evidence)
        record(event=Event.EVIDENCE_OPENED, actor=by.actor, subject=evidence.subject, **evidence.in_log)
        owner, within = evidence.request.registrant_id, evidence.in_log
        access_log.see_owner(owner=owner, by=by, subject=evidence.subject, number=evidence.number, within=within)


def open_list(*, incident: Incident, by: User) -> None:
    """Record a look at the list of an incident's footage. Raises Refused for a person who may not see it."""
    with transaction.atomic():
        may_see(by, incident)
        record(event=Event.EVIDENCE_LISTED, actor=by.actor, subject=incident.subject, **incident.in_log)


def view(*, evidence: Evidence, by: User, reason: str) -> Ticket:
    """Record that a person plays a file, then return a ticket for 10 minutes.

    One entry for each camera of the request, so that its owner sees it. Raises Refused for a person not assigned, Stale
    for a deleted file, ValidationError on "reason" for one that says nothing.
    """
    return _look(Event.EVIDENCE_VIEWED, evidence, by, reason)


def download(*, evidence: Evidence, by: User, reason: str) -> Ticket:
    """Record that a person downloads a file, then return a ticket for 10 minutes. Raises as `view`."""
    return _look(Event.EVIDENCE_DOWNLOADED, evidence, by, reason)


def stream_location(*, evidence: Evidence, by: User, ticket: Ticket) -> str:
    """Return the storage key of a file, from the one function of the database that tells it (promise R5).

    The database demands this order: commit the entry, ask for a ticket, show the ticket. Raises Refused unless the
    ticket is this person's, of this sign-in, for this file, and at most 10 minutes old.
    """
    policies.may_view_evidence(by, evidence)
    actor = by.actor
    arguments = [ticket.token, ticket.event, actor.kind.value, actor.id, current_source().sign_in, evidence.pk]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT registry_footage_location_of(%s, %s, %s, %s, %s, %s)", arguments)
            return str(cursor.fetchone()[0])
    except ProgrammingError as error:
        sentence = _("The time to look at this file is over. Open it again, with a reason.")
        raise Refused(sentence, subject=evidence.subject) from error


def lines_of(evidence: Evidence, **more: str) -> list[Line]:
    """Return the lines of an entry about a file, one for each camera that its request asked about. more: its facts."""
    asked = RequestCamera.objects.filter(request=evidence.request_id).select_related("camera__premises")
    subject = evidence.subject
    facts: dict[str, int | str] = {**more, "bytes": evidence.size, "sha256": evidence.sha256}
    lines = [
        Line(subject, camera=str(one.camera_id), premises_type=one.camera.premises.kind, facts=facts) for one in asked
    ]
    return lines or [Line(subject, facts=facts)]


def _receive(planned: Upload) -> Evidence | None:
    try:
        sha256, size = storage.fingerprint(planned.pk, key=planned.key)
        if size != planned.size:
            raise FileNotFoundError(f"{size} of {planned.size} bytes are left")
        storage.keep(planned.pk, key=planned.key)
        kind = media_types.type_of(storage.first_bytes_at(planned.key, media_types.SNIFFED_BYTES))
    except FileNotFoundError:
        _give_up(planned, UploadState.REFUSED, _("This file was lost on our side. Please send it again."))
        return None
    if kind is None:
        _give_up(planned, UploadState.REFUSED, str(media_types.REFUSED_TYPE))
        return None
    try:
        return _received(planned, sha256=sha256, content_type=kind.content_type)
    except Stale as stale:
        _give_up(planned, UploadState.REMOVED, stale.sentence)
        return None


def _look(event: Event, evidence: Evidence, by: User, reason: str) -> Ticket:
    with transaction.atomic(durable=True):
        incident = incident_locks.incident(evidence.request.incident_id)
        policies.may_view_evidence(by, evidence)
        policies.must_be_kept(locks.evidence(evidence.pk, incident=incident))
        known = [incident.number, *incident.type.names, incident.place, evidence.number]
        typed = check_reason(reason, limits=Limits.current(), repeats=known)
        canvass = evidence.request.canvass
        # Owners read the reason of a canvass, or of a clip for its request, as the draft allows
        # (docs/decisions/registry/typed-reasons.md).
        wish = hooks.wishes_among([evidence.upload_id]).get(evidence.upload_id)
        is_of_draft = typed in {canvass.reason, wish and wish.reason}
        facts = {"canvass": str(canvass.pk)} if is_of_draft else {}
        window = {"from": wish.starts_at.isoformat(), "to": wish.ends_at.isoformat()} if wish else {}
        lines = lines_of(evidence, **facts, **window)
        entries = record_many(event=event, actor=by.actor, lines=lines, **incident.in_log, reason=typed)
    return open_ticket(entry=entries[0], actor=by.actor, sign_in=current_source().sign_in)


def _with_place(pk: UUID) -> Upload | None:
    """Choose and commit the key of a file as evidence, once; return None for a file that waits for no check."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update(no_key=True).filter(pk=pk, state=UploadState.CHECKING).first()
        if upload is not None and not upload.key:
            upload.key = storage.new_key()
            upload.save(update_fields=["key"])
    return upload


def _received(planned: Upload, *, sha256: str, content_type: str) -> Evidence:
    with transaction.atomic():
        request, upload = _locked(planned)
        if upload.state != UploadState.CHECKING:
            return Evidence.objects.get(upload=upload)  # another worker was faster
        is_first = request.state != RequestState.FOOTAGE
        if is_first:
            request = requests.give(request=request, by=link_actor(request), arrived_at=upload.answered_at)
        category, now = policies.category_of_incident(request.incident), timezone.now()
        evidence = Evidence.objects.create(
            request=request,
            upload=upload,
            name=upload.name,
            size=upload.size,
            sha256=sha256,
            content_type=content_type,
            received_at=now,
            category=category,
            kept_until=policies.kept_until(now, category=category, incident=request.incident),
        )
        _write_location(evidence, upload.key)
        rule = steps.check(upload, UploadState.RECEIVED, task_actor(RECEIVE))
        upload.state, upload.key, upload.sha256 = UploadState.RECEIVED, "", sha256
        upload.save(update_fields=["state", "key", "sha256"])
        entry = _record_received(Event(rule.event), evidence, request)
        if not is_first:
            requests.withdraw_asking(request=request)
        _tell_giver(request, entry)
        requests.tell_askers(request=request, upload=upload.pk, is_first=is_first)
    return evidence


def _give_up(planned: Upload, target: UploadState, sentence: str) -> None:
    with transaction.atomic():
        _request, upload = _locked(planned)
        if upload.state != UploadState.CHECKING:
            return
        upload.key, upload.refusal = "", sentence[:300]
        steps.take(upload, target, task_actor(RECEIVE), facts={"bytes": upload.size})
        transaction.on_commit(lambda: storage.discard(planned.pk))
        transaction.on_commit(lambda: storage.delete(planned.key))


def _locked(planned: Upload) -> tuple[FootageRequest, Upload]:
    locked = canvass_locks.with_incident(FootageRequest.objects.only("incident_id").get(pk=planned.request_id))
    upload = Upload.objects.select_for_update(no_key=True).get(pk=planned.pk)
    upload.request = locked
    return locked, upload


def _write_location(evidence: Evidence, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_footage_location (evidence, storage_key) VALUES (%s, %s)", [evidence.pk, key]
        )


def _record_received(event: Event, evidence: Evidence, request: FootageRequest) -> AuditEntry:
    return record_at_once(
        event=event,
        actor=task_actor(RECEIVE),
        subject=evidence.subject,
        **request.in_log,
        facts={
            "upload": str(evidence.upload_id),
            "number": evidence.number,
            "bytes": evidence.size,
            "sha256": evidence.sha256,
            "kept_until": evidence.kept_until.isoformat(),
        },
    )


def _tell_giver(request: FootageRequest, entry: AuditEntry) -> None:
    """Send the receipt of a reply's files once no file is arriving: one message for a reply, not one for a file."""
    waiting = timezone.now() - policies.STILL_ARRIVING
    recent = Q(touched_at__gt=waiting) | Q(state=UploadState.CHECKING, given_at__gt=waiting)
    arriving = Upload.objects.filter(recent, request=request, state__in=ON_THE_WAY, given_at__isnull=False)
    if arriving.exists():
        return
    notifications.send(
        kind=MessageKind.FOOTAGE_RECEIVED,
        to=request.registrant,
        about=request.subject,
        context={"request": str(request.pk)},
        waits_for=entry.pk,
    )


def show_place(*, evidence: Evidence, by: User) -> list[Camera]:
    """Return the camera of a file with its premises as asked about; all cameras of its request if none is named.

    Each showing of each camera is an entry. An owner who left has no camera here. Raises Refused for a person not
    assigned, and for more owners than an unverified incident may show; Stale for a deleted file.
    """
    with searches.bounds_flagged(by), transaction.atomic():
        searches.hold_searcher(evidence.request.incident, by)
        incident = incident_locks.incident(evidence.request.incident_id)
        policies.may_view_evidence(by, evidence)
        policies.must_be_kept(locks.evidence(evidence.pk, incident=incident))
        canvass = Canvass.objects.get(pk=evidence.request.canvass_id)
        canvass.incident = incident
        cameras = selectors.recorded_by(evidence, canvass)
        owners = searches.owners_of(cameras)
        searches.may_see_owners(canvass, by, owners)
        searches.note_sights(incident, by, owners)
        if cameras:
            searches.note_cameras(Event.CAMERA_SHOWN, canvass, by.actor, cameras)
        else:
            record(event=Event.EVIDENCE_OPENED, actor=by.actor, subject=evidence.subject, **incident.in_log)
    return cameras
