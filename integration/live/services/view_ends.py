"""The end of views: at once, in the transaction of the act that ends them, with one entry for each."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from integration.live.locks import running_views
from integration.live.models import GrantEnd, ViewGrant
from integration.live.selectors import gate as gate_selectors
from integration.live.services import gate as gate_services
from integration.live.services import streams
from integration.live.states import GrantState
from integration.live.video import store
from integration.live.video.connection import LiveUnavailable
from registry.places.services.cameras import line_of

TIMES = frozenset({"time", "running"})
"""Conditions that end a view because its time is up; each other one takes it away."""


def end(
    views: Sequence[ViewGrant],
    *,
    actor: Actor,
    how: GrantEnd,
    condition: str = "",
    reason: str = "",
    now: datetime | None = None,
) -> int:
    """End locked views; return the number. condition: the one that failed. reason: of a person who ended another's."""
    at = now or timezone.now()
    for view in views:
        view.end, view.condition = how, condition
        _end(view, actor, reason, at)
    for stream in {view.stream_id: view.stream for view in views}.values():
        streams.close_unseen(stream)
    gate_services.forget([view.pk for view in views])
    return len(views)


def end_refused(
    *,
    actor: Actor,
    cameras: Iterable[UUID] | None = None,
    registrant: UUID | None = None,
    incident: UUID | None = None,
    deputy: UUID | None = None,
) -> None:
    """End the views that the gate refuses from now on, inside the act that changed it.

    It asks the policy again, so nothing of it is copied into the acts. cameras: of the registry. Everything is read as
    the act has written it, so it is called after the act has saved, and before it writes entries about cameras: locks
    on views come before those of the cameras' counters.
    """
    found = gate_selectors.running()
    if cameras is not None:
        found = found.filter(camera__camera__in=list(cameras))
    if registrant is not None:
        found = found.filter(camera__camera__premises__registrant=registrant)
    if incident is not None:
        found = found.filter(incident=incident)
    if deputy is not None:
        found = found.filter(deputy=deputy)
    now, views = timezone.now(), running_views([view.pk for view in found])
    for view in views:
        decision = gate_services.of_grant(view, now)
        if not decision:
            end([view], actor=actor, how=end_of(decision.name), condition=decision.name, now=now)
    gate_services.forget([view.pk for view in views])


def end_of(condition: str) -> GrantEnd:
    return GrantEnd.OVER if condition in TIMES else GrantEnd.REFUSED


def _end(view: ViewGrant, actor: Actor, reason: str, at: datetime) -> None:
    rule = steps.check(view, GrantState.ENDED, actor)
    view.state = GrantState.ENDED
    # A late task adds no time in which nothing could be seen.
    view.ended_at = max(view.began_at, min(at, view.ends_at))
    with suppress(LiveUnavailable):
        view.sent_bytes = store.sent(view.pk)
    view.save(update_fields=["state", "end", "condition", "ended_at", "sent_bytes"])
    facts: dict[str, int | str] = {
        "view": str(view.pk),
        "end": str(view.end),
        "seconds": int((view.ended_at - view.began_at).total_seconds()),
        "minutes": view.minutes,
        "bytes": view.sent_bytes,
    }
    if view.condition:
        facts["condition"] = view.condition
    camera = view.camera
    line = line_of(camera.camera) if camera else None
    record(
        event=Event(rule.event),
        actor=actor,
        subject=line.subject if line else view.subject,
        camera=line.camera if line else "",
        premises_type=view.premises_kind,
        area=view.zip_code[:5],
        reason=reason,
        facts=facts,
        **view.incident.in_log,
    )
