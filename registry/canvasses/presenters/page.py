from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import MILE_M, Point
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.pages import maps, times
from registry.access_log import policies
from registry.canvasses.models.approvals import LeftOut
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.policies import unverified_searches
from registry.canvasses.presenters.actions import actions, why_not_change
from registry.canvasses.presenters.request_text import sample_request
from registry.canvasses.selectors import approvals
from registry.canvasses.selectors import canvasses as canvass_selectors
from registry.canvasses.selectors import replies as reply_selectors
from registry.canvasses.services.approvals import Question
from registry.canvasses.services.findings import Cell, Findings, FoundCamera
from registry.canvasses.states import BEFORE_SENDING, CanvassState
from registry.footage import selectors
from registry.footage.models.files import Evidence
from registry.incidents.states import IncidentState
from registry.limits.models import Limits
from registry.places import presenters

SHOWN = (CanvassState.DRAFT, CanvassState.WAITING, CanvassState.APPROVED, CanvassState.DENIED, CanvassState.SENT)


@dataclass(frozen=True, slots=True)
class FoundCameraRow:
    """A camera in the list. row: id of the row that its map marker links to. left_out: why, in words.

    delay_url: where a supervisor delays the notice to its owner; "" for everyone else.
    """

    id: UUID
    row: str
    name: str
    address: str
    place: str
    sees: str
    warning: str
    distance: str
    left_out: str
    is_confirmed: bool
    delay_url: str = ""


def shows_cameras(canvass: Canvass) -> bool:
    return canvass.state in SHOWN and canvass.incident.state == IncidentState.OPEN


def page(canvass: Canvass, findings: Findings | None, user: User, *, looked_at: datetime) -> dict[str, Any]:
    """Return the page's context. findings: None without cameras. looked_at: when this person last saw a new reply."""
    shown = findings.cameras if findings else None
    cameras = _nearest_first(shown or (), canvass.center)
    approval = approvals.current(canvass) if canvass.beyond_limits else None
    may_change = why_not_change(canvass, user) if canvass.state in BEFORE_SENDING else ""
    context = {
        **about(canvass),
        "rows": _rows(cameras, canvass, user),
        "shows_cameras": shown is not None,
        "places": [*map(_marker, cameras), *map(_number, findings.elsewhere if findings else ())],
        "found": findings.found if findings else 0,
        "listed": findings.page if findings else None,
        "actions": actions(canvass, findings, approval, user, may_change=may_change),
        "approval": approval,
    }
    if canvass.state in BEFORE_SENDING:
        return context | _draft(canvass, findings, user) | {"may_change": not may_change}
    return context | {"follow_up": follow_up(canvass, user, since=looked_at), "looked_at": in_address(looked_at)}


def in_address(moment: datetime) -> int:
    return (moment - reply_selectors.BEGINNING) // timedelta(microseconds=1)


def about(canvass: Canvass) -> dict[str, Any]:
    return {
        "canvass": canvass,
        "incident": canvass.incident,
        "window": times.window(canvass.starts_at, canvass.ends_at),
        "size": f"{canvass.square_miles:.2f}",
        "center": maps.pair(canvass.center),
        "corners": maps.ring(canvass.area),
        **maps.ground(),
    }


def follow_up(canvass: Canvass, user: User, *, since: datetime | None) -> dict[str, Any]:
    """Return a canvass's replies with files, latest first. since: a reply first seen later is still new."""
    new = reply_selectors.new_among([canvass], user, since=since)
    found = canvass_selectors.follow_up(canvass)
    files: dict[UUID, list[Evidence]] = defaultdict(list)
    for item in selectors.of_canvass(canvass):
        files[item.request_id].append(item)
    return {
        "sent": found.sent,
        "rest": found.rest,
        "until": times.moment(found.until) if found.until else "",
        "replies": [(reply, reply.request in new, files[reply.request]) for reply in found.replies],
    }


def decision(question: Question) -> dict[str, Any]:
    canvass, approval = question.canvass, question.approval
    return {
        **about(canvass),
        "owners": question.owners,
        "limits": unverified_searches.why_decided(canvass, Limits.current()),
        "places": [maps.place(canvass.incident.point, canvass.incident.place, kind="incident")],
        "facts": [
            (_("Who asks"), approval.asked_by.pseudonym),
            (_("Why beyond the limits"), approval.reason),
            (_("Purpose"), canvass.purpose.label),
            (_("Reason of the canvass"), canvass.reason),
            (_("Footage from"), times.window(canvass.starts_at, canvass.ends_at)),
            (_("Area"), _("%(size).2f square miles") % {"size": canvass.square_miles}),
            (_("Owners who would be asked"), str(question.owners)),
        ],
    }


def _draft(canvass: Canvass, findings: Findings | None, user: User) -> dict[str, Any]:
    limits = Limits.current()
    read = notifications.preview_each(
        kind=MessageKind.FOOTAGE_REQUEST, build=partial(sample_request, canvass, sender=user, limits=limits)
    )
    return {
        "to_ask": findings.owners if findings else 0,
        "redraws_left": unverified_searches.redraws_left(canvass.incident),
        "hidden": findings.hidden if findings else "",
        "is_persons_bound": unverified_searches.held_by(canvass, limits) is not None,
        "asked_before": findings.already_asked if findings else 0,
        "leave_out_url": reverse("canvass_leave_out", args=[canvass.pk]),
        "put_back_url": reverse("canvass_put_back", args=[canvass.pk]),
        "left_out": findings.left_out if findings else 0,
        "message": read["en"],
        "message_es": read["es"],
    }


def _nearest_first(cameras: Iterable[FoundCamera], center: Point) -> list[FoundCamera]:
    return sorted(cameras, key=lambda camera: center.distance_m(camera.point))


def _rows(cameras: Sequence[FoundCamera], canvass: Canvass, user: User) -> list[FoundCameraRow]:
    rows = [_row(camera, canvass) for camera in cameras]
    if why_not(partial(policies.may_delay, user, canvass.incident)):
        return rows
    addresses = [reverse("look_delay_new", args=[canvass.incident_id, camera.id]) for camera in cameras]
    return [replace(row, delay_url=address) for row, address in zip(rows, addresses, strict=True)]


def _row(camera: FoundCamera, canvass: Canvass) -> FoundCameraRow:
    details = camera.details
    return FoundCameraRow(
        camera.id,
        _id(camera.id),
        presenters.title(details),
        str(camera.address),
        details.covers,
        presenters.sees(details),
        presenters.overwritten(details.days_kept, canvass.starts_at, canvass.ends_at, timezone.now()),
        _distance(canvass.center.distance_m(camera.point)),
        str(LeftOut.Why(camera.left_out).label) if camera.left_out else "",
        camera.is_confirmed,
    )


def _marker(camera: FoundCamera) -> dict[str, Any]:
    sector = presenters.sector(camera.details)
    return maps.place(camera.point, camera.details.name, kind="camera", row=_id(camera.id), sector=sector)


def _number(cell: Cell) -> dict[str, Any]:
    label = ngettext("%(number)d camera on another page", "%(number)d cameras on other pages", cell.number)
    return maps.place(cell.middle, label % {"number": cell.number}, kind="count") | {"count": cell.number}


def _distance(meters: float) -> str:
    feet = meters / MILE_M * 5280
    if feet < 1000:
        return _("%(feet)d ft") % {"feet": round(feet, -1)}
    return _("%(miles).2f mi") % {"miles": meters / MILE_M}


def _id(camera: UUID) -> str:
    return f"camera-{camera}"
