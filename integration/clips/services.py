"""Clips: a deputy asks, the CORE sends them to the owner, who looks and then gives them or not.

A clip that the camera's rule gives goes straight into the reply. Nobody at the agency learns that an owner looked
(promise R4): the file is kept apart until it is given. Then its custody, playing and retention are as for all footage.
"""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.database import writing as database
from fusus_portal.ground.lifecycle import NotYours
from integration.clips import policies, selectors
from integration.clips.models import CLIP_ONCE, Clip
from integration.clips.policies import Stage
from integration.clips.states import ClipState
from integration.cores import policies as core_policies
from integration.cores.models import Core, DeviceCamera
from integration.cores.services.credentials import device_actor
from integration.critical import policies as critical
from integration.live import locks as live_locks
from integration.live.services import gate
from integration.live.services.gate import ViewRefused
from integration.live.video import relays
from integration.sharing.models import SharingRule
from registry.canvasses import locks as canvass_locks
from registry.canvasses.models import CanvassPurpose, FootageRequest
from registry.canvasses.services import requests
from registry.canvasses.services.requests import SingleRequest
from registry.canvasses.states import RequestState
from registry.footage import policies as footage
from registry.footage.models import Upload
from registry.footage.services import uploads
from registry.footage.states import UploadState
from registry.incidents import locks as incident_locks
from registry.incidents.models import Incident


def ask(
    *,
    incident: Incident,
    camera: DeviceCamera,
    by: User,
    starts_at: datetime,
    ends_at: datetime,
    purpose: CanvassPurpose,
    reason: str,
) -> Clip:
    """Ask a camera's owner for a clip. The conditions are those of a live view, at this moment.

    The incident must be verified, even with broken glass. If the owner's rule for the camera gives clips, it gives this
    one at once; once a canvass has asked the owner, or while a clip waits for them, the rule gives none in this
    incident, whatever the owner answers (promise R4). An owner whose rule alone had answered gets a mail for the first
    clip that it does not give. Raises ViewRefused with the sentence of the condition that fails, Refused for an
    unverified incident, ValidationError on "starts_at", "ends_at", "reason" and "purpose", Stale if the owner can't be
    asked.
    """
    try:
        with transaction.atomic():
            return _ask(incident, camera, by, SingleRequest(camera.camera, starts_at, ends_at, purpose, reason))
    except ViewRefused as refused:
        gate.note_refusal_before(refused.condition, by=by, camera=camera, incident=incident)
        raise


def fetch(*, clip: Clip, by: User) -> Clip:
    """Have the CORE send a clip to its owner alone. Doing it twice has one effect. Raises NotYours, Stale."""
    with transaction.atomic():
        locked = _own(clip, by)
        policies.must_be_connected(locked)
        now = timezone.now()
        if not policies.is_coming(locked, now):
            policies.must_be(locked, Stage.OPEN, now)
            _order(locked, by.actor)
    return locked


def look(*, clip: Clip, by: User) -> Clip:
    """Record that the owner looks, before the page plays a clip. Raises NotYours, Stale if no file waits for them."""
    with transaction.atomic():
        locked = _own(clip, by)
        policies.must_be(locked, Stage.HERE, timezone.now())
        _note(Event.CLIP_LOOKED, locked, by.actor, {})
    return locked


def give(*, clip: Clip, by: User) -> Clip:
    """Give a clip that arrived, as its owner. Raises NotYours, Stale if no file waits for the owner."""
    with transaction.atomic():
        locked = _own(clip, by)
        policies.must_be(locked, Stage.HERE, timezone.now())
        [locked.upload] = uploads.give(request=locked.request, files=[_begun(locked).pk], by=by)
        _note(Event.CLIP_GIVEN, locked, by.actor, {"by_rule": 0})
    return locked


def orders_for(core: Core) -> list[dict[str, Any]]:
    """Return the clips that a CORE must send now. One that a rule gave counts only while the rule still gives clips."""
    return [
        {
            "kind": "clip",
            "id": str(clip.pk),
            "channel": clip.camera.channel,
            "from": int(clip.starts_at.timestamp()),
            "to": int(clip.ends_at.timestamp()),
            "tus": reverse("core_clip", args=[clip.pk]),
        }
        for clip in selectors.ordered(core)
        if clip.camera is not None and _is_allowed(clip)
    ]


def begin(*, core: Core, clip: UUID, size: int, sha256: str) -> Upload:
    """Begin to receive a clip; return its file, new or already begun. Raises NotYours, and as `uploads.create`."""
    with transaction.atomic():
        locked, request = _wanted(core, clip)
        there = locked.upload
        if there is not None and there.state == UploadState.RECEIVING and (there.size, locked.sha256) == (size, sha256):
            return there
        behind = _behind(locked)
        locked.upload = uploads.create(
            request=request,
            name=f"{behind.channel}-{timezone.localtime(locked.starts_at):%Y%m%d-%H%M%S}.mp4",
            size=size,
            content_type="video/mp4",
            camera=str(behind.camera_id),
            starts_at=locked.starts_at,
            is_given=locked.by_rule,
            is_apart=not locked.by_rule,
            by=_owner(request),
        )
        locked.sha256 = sha256
        locked.save(update_fields=["upload", "sha256"])
        return locked.upload


def begun(*, core: Core, clip: UUID) -> Upload:
    """Return the file of a clip that a CORE began to send. Raises NotYours if it began none."""
    with transaction.atomic():
        locked, _request = _wanted(core, clip)
    return _begun(locked)


def append(*, core: Core, clip: UUID, offset: int, piece: bytes) -> Upload:
    """Append the next bytes to a clip's file; the last bytes complete it. Raises NotYours, and as `uploads.append`."""
    with transaction.atomic():
        locked, request = _wanted(core, clip)
    upload = uploads.append(upload=_begun(locked), offset=offset, stream=BytesIO(piece), by=_owner(request))
    if upload.state != UploadState.RECEIVING:
        _finish(locked, ClipState.SENT, device_actor(core), {"bytes": upload.size, "sha256": locked.sha256})
    return upload


def fail(*, core: Core, clip: UUID) -> Clip:
    """Record that a CORE has no recording of a clip's time; ask its owner, if their rule alone had answered.

    Raises NotYours for a clip that it was not told to send.
    """
    with transaction.atomic():
        locked, request = _wanted(core, clip)
        was_answered = selectors.is_answered_by_rule(request)
        failed = _finish(locked, ClipState.FAILED, device_actor(core), {})
        if was_answered and request.state == RequestState.SENT:
            requests.ask_after_all(requests=[request])
    return failed


def _ask(incident: Incident, camera: DeviceCamera, by: User, wanted: SingleRequest) -> Clip:
    locked = incident_locks.incident(incident.pk)
    behind = live_locks.hold_camera(camera)
    now = timezone.now()
    tidy = critical.check_fresh_reason(wanted.reason, incident=locked)
    gate.must_see(deputy=by, camera=behind, incident=locked, now=now, reason=tidy)
    policies.must_be_verified(locked)
    policies.check_window(wanted.starts_at, wanted.ends_at, incident=locked, core=behind.core, now=now)
    before = requests.known_request(incident=locked, camera=behind.camera)
    asked = replace(wanted, camera=behind.camera, reason=tidy)
    request = requests.ask_one(incident=locked, by=by, asked=asked)
    answered_by_rule = selectors.is_answered_by_rule(request)
    clip = Clip(
        incident=locked,
        camera=behind,
        request=request,
        asked_by=by,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        reason=tidy,
    )
    with database.refuse_duplicate(CLIP_ONCE, field="starts_at", sentence=_("This clip was asked for already.")):
        clip.save(force_insert=True)
    _note(Event.CLIP_ASKED, clip, by.actor, {}, reason=tidy)
    rule = SharingRule.objects.filter(camera=behind).first()
    if policies.rule_speaks(rule, is_first=before is None, answered_by_rule=answered_by_rule):
        owner = behind.camera.premises.registrant.user.actor
        clip.by_rule = True
        _order(clip, owner)
        _note(Event.CLIP_GIVEN, clip, owner, {"by_rule": 1})
    elif answered_by_rule:
        requests.ask_after_all(requests=[request])
    return clip


def _own(clip: Clip, by: User) -> Clip:
    """Lock a clip as its owner, who may answer with it. Raises NotYours, Stale once its request is closed."""
    locked, request = _locked(clip)
    footage.may_give_files(by.actor, request)
    demand(by, Permission.OWN_DEVICES, subject=locked.subject)
    locked.request = request
    return locked


def _begun(clip: Clip) -> Upload:
    if clip.upload is None:
        raise NotYours(_("There is no such clip."), subject=clip.subject)
    return clip.upload


def _locked(clip: Clip) -> tuple[Clip, FootageRequest]:
    request = canvass_locks.request(clip.request_id, incident=incident_locks.incident(clip.incident_id))
    rows = Clip.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("camera__core", "camera__camera__premises", "upload", "incident__type").get(pk=clip.pk)
    return locked, request


def _wanted(core: Core, pk: UUID) -> tuple[Clip, FootageRequest]:
    """Lock a clip that a CORE is told to send. Raises NotYours for any other, Stale once its request is closed."""
    core_policies.must_be_active(core)
    found = selectors.ordered(core).filter(pk=pk).first()
    if found is None or not _is_allowed(found):
        raise NotYours(_("There is no such clip."), subject=core.subject)
    locked, request = _locked(found)
    locked.request = request
    is_coming = policies.is_coming(locked, timezone.now())
    if not is_coming or locked.camera is None or locked.camera.core_id != core.pk:
        raise NotYours(_("There is no such clip."), subject=locked.subject)
    footage.may_give_files(_owner(request).actor, request)
    return locked, request


def _is_allowed(clip: Clip) -> bool:
    return not clip.by_rule or (clip.camera is not None and selectors.rule_gives(clip.camera, timezone.now()))


def _owner(request: FootageRequest) -> User:
    if request.registrant is None:
        raise NotYours(_("There is no such clip."), subject=request.subject)
    return request.registrant.user


def _behind(clip: Clip) -> DeviceCamera:
    if clip.camera is None:
        raise NotYours(_("There is no such clip."), subject=clip.subject)
    return clip.camera


def _finish(clip: Clip, target: ClipState, actor: Actor, facts: dict[str, int | str]) -> Clip:
    with transaction.atomic():
        locked, _request = _locked(clip)
        if locked.state == ClipState.ORDERED:
            _step(locked, target, actor, facts)
    return locked


def _order(clip: Clip, actor: Actor) -> None:
    """Tell the CORE to send a clip, once more if needed. The sweep of uploads deletes the file of an earlier try."""
    if clip.state != ClipState.ORDERED:
        steps.check(clip, ClipState.ORDERED, actor)
    clip.state, clip.ordered_at, clip.over_at, clip.upload = ClipState.ORDERED, timezone.now(), None, None
    clip.save()
    relays.wake(_behind(clip).core_id)
    _note(Event.CLIP_ORDERED, clip, actor, {"by_rule": int(clip.by_rule)})


def _step(clip: Clip, target: ClipState, actor: Actor, facts: dict[str, int | str]) -> None:
    rule = steps.check(clip, target, actor)
    clip.state, clip.over_at = target, timezone.now()
    clip.save()
    relays.wake(_behind(clip).core_id)
    _note(Event(rule.event), clip, actor, {"by_rule": int(clip.by_rule), **facts})


def _note(event: Event, clip: Clip, actor: Actor, facts: dict[str, int | str], *, reason: str = "") -> None:
    camera = _behind(clip).camera
    record(
        event=event,
        actor=actor,
        subject=clip.subject,
        camera=str(camera.pk),
        reason=reason,
        facts={"from": clip.starts_at.isoformat(), "to": clip.ends_at.isoformat(), **facts},
        **camera.premises.in_log,
        **clip.incident.in_log,
    )
