"""The pages of a canvass: drawing it, looking at what it finds, following it up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.geo import MILE_M, Point
from fusus_portal.notifications import services as notifications
from fusus_portal.notifications.kinds import MessageKind
from registry.forms.canvasses import CanvassForm
from registry.messages import sample_request
from registry.models import Canvass, Evidence, Incident, Limits
from registry.policies import canvasses as policy
from registry.policies import incidents as incident_policy
from registry.policies import looks as delay_policy
from registry.policies import why_not
from registry.presenters import maps, times
from registry.presenters.actions import Action
from registry.selectors import canvasses as known
from registry.selectors import evidence as known_evidence
from registry.services.canvasses import Findings, FoundCamera
from registry.states import CanvassState, IncidentState

FIRST_RADIUS_M = 300


@dataclass(frozen=True, slots=True)
class CameraRow:
    """One camera in the list. row: the id that its marker on the map leads to.

    delay_url: where a supervisor delays what its owner reads, "" for everybody else.
    """

    row: str
    name: str
    address: str
    place: str
    distance: str
    delay_url: str = ""


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One reply. kind: the tag's kind."""

    number: str
    label: str
    kind: str
    at: datetime
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Replies:
    """What came of a canvass. rest: everybody who has not given an answer that is told, one number (promise R4)."""

    sent: int
    replied: int
    rest: int
    replies: list[ReplyRow]


def initial(incident: Incident) -> dict[str, Any]:
    """Return what the form proposes: around the incident, during the incident."""
    return {
        "latitude": incident.latitude,
        "longitude": incident.longitude,
        "radius_m": FIRST_RADIUS_M,
        "starts_at": max(incident.starts_at, incident.ends_at - Limits.current().longest_window),
        "ends_at": incident.ends_at,
    }


def drawing(incident: Incident, form: CanvassForm) -> dict[str, Any]:
    """Return what the page to draw a canvass says."""
    limits = Limits.current()
    return {
        "incident": incident,
        "form": form,
        "center": f"{form['latitude'].value()},{form['longitude'].value()}",
        "radius": form["radius_m"].value(),
        "radius_min": round(limits.smallest_radius_m),
        "radius_max": round(limits.largest_radius_m),
        **maps.ground(),
    }


def shows_cameras(canvass: Canvass) -> bool:
    """Return whether the canvass's cameras are still shown: its incident is open, and so is it."""
    return canvass.state != CanvassState.CLOSED and canvass.incident.state == IncidentState.OPEN


def page(canvass: Canvass, findings: Findings | None, user: User) -> dict[str, Any]:
    """Return what the page of a canvass says. findings: None when its cameras are not shown any more."""
    shown = findings.cameras if findings else None
    cameras = _nearest_first(shown or (), canvass.center)
    context = {
        "canvass": canvass,
        "window": times.window(canvass.starts_at, canvass.ends_at),
        "incident": canvass.incident,
        "rows": _rows(cameras, canvass, user),
        "shows_cameras": shown is not None,
        "places": [maps.place(camera.point, camera.name, kind="camera", row=_id(camera.id)) for camera in cameras],
        "center": maps.pair(canvass.center),
        "actions": _actions(canvass, findings, user),
        **maps.ground(),
    }
    if canvass.state == CanvassState.DRAFT:
        return context | _draft(canvass, findings, user)
    return context | {"follow_up": follow_up(canvass)}


def follow_up(canvass: Canvass) -> Replies:
    """Return the replies with their files, latest first."""
    found = known.follow_up(canvass)
    files: dict[UUID, list[Evidence]] = defaultdict(list)
    for item in known_evidence.of_canvass(canvass):
        files[item.request_id].append(item)
    rows = [
        ReplyRow(
            reply.number,
            _("Footage") if reply.has_footage else _("No footage"),
            "good" if reply.has_footage else "quiet",
            reply.replied_at,
            files[reply.request],
        )
        for reply in found.replies
    ]
    return Replies(found.sent, len(rows), found.rest, rows)


def _draft(canvass: Canvass, findings: Findings | None, user: User) -> dict[str, Any]:
    kind, build = MessageKind.FOOTAGE_REQUEST, partial(sample_request, canvass, sender=user, limits=Limits.current())
    return {
        "to_ask": findings.owners if findings else 0,
        "asked_before": findings.already_asked if findings else 0,
        "message": notifications.preview(kind=kind, language="en", build=build),
        "message_es": notifications.preview(kind=kind, language="es", build=build),
    }


def _actions(canvass: Canvass, findings: Findings | None, user: User) -> list[Action]:
    send_url, close_url = reverse("canvass_send", args=[canvass.pk]), reverse("canvass_close", args=[canvass.pk])
    may_work = "" if findings else _why_not_work(canvass.incident, user)
    if canvass.state == CanvassState.SENT:
        return [Action("close", _("Close this canvass"), close_url, may_work)]
    if canvass.state == CanvassState.CLOSED:
        return []
    owners = findings.owners if findings else 0
    label = _("Send to 1 owner") if owners == 1 else _("Send to %(owners)d owners") % {"owners": owners}
    reason = may_work or _why_not_send(canvass, owners)
    return [
        Action("send", label, send_url, reason, primary=True),
        Action("close", _("Discard this canvass"), close_url, may_work),
    ]


def _why_not_work(incident: Incident, user: User) -> str:
    return why_not(partial(incident_policy.must_be_open, incident)) or why_not(
        partial(incident_policy.may_work_on, user, incident)
    )


def _why_not_send(canvass: Canvass, owners: int) -> str:
    return why_not(partial(policy.must_ask_somebody, canvass, owners=owners)) or why_not(
        partial(policy.may_ask, canvass, canvass.incident, owners=owners)
    )


def _nearest_first(cameras: Iterable[FoundCamera], center: Point) -> list[FoundCamera]:
    return sorted(cameras, key=lambda camera: center.distance_m(camera.point))


def _rows(cameras: Sequence[FoundCamera], canvass: Canvass, user: User) -> list[CameraRow]:
    rows = [_row(camera, canvass.center) for camera in cameras]
    if why_not(partial(delay_policy.may_delay, user, canvass.incident)):
        return rows
    addresses = [reverse("look_delay_new", args=[canvass.incident_id, camera.id]) for camera in cameras]
    return [replace(row, delay_url=address) for row, address in zip(rows, addresses, strict=True)]


def _row(camera: FoundCamera, center: Point) -> CameraRow:
    description = f"{camera.name} ({camera.kind})" if camera.kind else camera.name
    return CameraRow(
        _id(camera.id),
        description,
        str(camera.address),
        camera.covers,
        _distance(center.distance_m(camera.point)),
    )


def _distance(meters: float) -> str:
    feet = meters / MILE_M * 5280
    if feet < 1000:
        return _("%(feet)d ft") % {"feet": round(feet, -1)}
    return _("%(miles).2f mi") % {"miles": meters / MILE_M}


def _id(camera: UUID) -> str:
    return f"camera-{camera}"
