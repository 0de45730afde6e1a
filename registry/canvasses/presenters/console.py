"""Pages of a canvass in the console: call, map, findings, approval, sheet."""

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.forms import Form, model_to_dict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.geo.points import MILE_M
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.notifications.channels import email_channel
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.pages import maps, times
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.pages.components import Action, Cell as TableCell, Table, link
from fusus_portal.ground.streets import presenters as streets
from registry.canvasses import policies as canvasses, selectors as canvass_selectors
from registry.canvasses.models import Approval, Canvass, CanvassPurpose, LeftOut
from registry.canvasses.presenters.owners import sample_request
from registry.canvasses.services.approvals import ApprovalQuestion
from registry.canvasses.services.searches import Cell, Findings, FoundCamera
from registry.canvasses.states import CanvassState
from registry.footage import selectors
from registry.footage.models import Evidence
from registry.incidents import hooks
from registry.incidents.hooks import FootageWish
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.incidents.states import IncidentState
from registry.limits.models import Limits
from registry.places import presenters
from registry.rules import CEILING_RADIUS_M


def canvass_actions(
    canvass: Canvass,
    findings: Findings | None,
    approval: Approval | None,
    user: User,
    *,
    may_change: str = "",
    limits: Limits | None = None,
) -> list[Action]:
    """Return the buttons, main one first. may_change: why nobody can search again; "" if the page has a form for it.

    limits: for a draft, the limits in force.
    """
    may_work = "" if findings else _why_not_work(canvass.incident, user)
    closing = Action("close", _("Close this canvass"), _address("canvass_close", canvass), may_work)
    if canvass.state == CanvassState.SENT:
        withdrawing = _("Take back what still waits")
        address = _address("canvass_withdraw", canvass)
        return [Action("withdraw", withdrawing, address, may_work, is_link=True, quiet=True), closing]
    if canvass.state in {CanvassState.WITHDRAWN, CanvassState.EXPIRED}:
        return [closing]
    if canvass.state == CanvassState.CLOSED:
        return []
    discard = Action("close", _("Discard this canvass"), _address("canvass_close", canvass), may_work)
    change = Action("change", _("Search again"), _address("canvass_change", canvass), may_change)
    others = [change, discard] if may_change else [discard]
    if canvass.state == CanvassState.DRAFT and limits and canvasses.needs_approval(canvass, limits):
        address = _address("canvass_ask_approval", canvass)
        return [Action("approval", _("Ask for approval"), address, may_work, is_link=True), *others]
    if canvass.state == CanvassState.DENIED:
        return others
    return [_send_action(canvass, findings, approval, user, may_work), *others]


def why_not_change(canvass: Canvass, user: User) -> str:
    may_work = _why_not_work(canvass.incident, user)
    return may_work or why_not(partial(canvasses.may_redraw_canvass, canvass.incident))


def _send_action(
    canvass: Canvass, findings: Findings | None, approval: Approval | None, user: User, may_work: str
) -> Action:
    owners, hidden = (findings.owners, findings.hidden) if findings else (0, "")
    label = _("Send") if owners is None else _("Send to %(owners)d owners") % {"owners": owners}
    if owners == 1:
        label = _("Send to 1 owner")
    reason = may_work or hidden or why_not(partial(canvasses.must_ask_somebody, canvass, owners=owners or 0))
    if not reason and approval is not None:
        reason = why_not(partial(canvasses.may_send_approved, user, canvass, approval))
    return Action("send", label, _address("canvass_send", canvass), reason, primary=True)


def _why_not_work(incident: Incident, user: User) -> str:
    return why_not(partial(incidents.must_be_open, incident)) or why_not(partial(incidents.may_work_on, user, incident))


def _address(name: str, canvass: Canvass) -> str:
    return reverse(name, args=[canvass.pk])


CALLED_AGO = timedelta(hours=1)


def call_initial() -> dict[str, Any]:
    """Return the first values of a call's form: the last hour and a circle. A person chooses the purpose themselves."""
    now = timezone.now()
    return {"starts_at": now - CALLED_AGO, "ends_at": now, "radius_m": FIRST_RADIUS_M}


def call_page(form: Form, *, shape: str, limits: Limits, exists: Incident | None) -> dict[str, Any]:
    """Return the context of the page of a call. exists: the incident with the typed number, to link to."""
    typed = [form[name].value() for name in ("latitude", "longitude")]
    return {
        "form": form,
        "exists": exists,
        "center": ",".join(map(str, typed)) if all(typed) else "",
        **map_drawing(shape, limits),
        **maps.ground(),
    }


CIRCLE, POLYGON = "circle", "polygon"
FIRST_RADIUS_M = 300
MAP_DIGITS = 6
"""Decimal places of a degree that the map writes: a tenth of a meter."""


def map_initial(incident: Incident) -> dict[str, Any]:
    starts_at, ends_at = canvasses.footage_window(incident.starts_at, incident.until, Limits.current())
    return {
        "latitude": round(incident.latitude, MAP_DIGITS),
        "longitude": round(incident.longitude, MAP_DIGITS),
        "radius_m": FIRST_RADIUS_M,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }


def map_initial_of(canvass: Canvass) -> dict[str, Any]:
    return {
        **model_to_dict(canvass, ["latitude", "longitude", "starts_at", "ends_at", "purpose", "reason"]),
        "radius_m": min(canvass.radius_m, CEILING_RADIUS_M),
        "corners": "\n".join(f"{corner.latitude:.6f}, {corner.longitude:.6f}" for corner in canvass.area.corners),
    }


def map_fields(incident: Incident, form: Form, *, shape: str, limits: Limits) -> dict[str, Any]:
    circle = shape == CIRCLE
    typed = f"{form['latitude'].value()},{form['longitude'].value()}" if circle else ""
    return {
        "incident": incident,
        "form": form,
        "center": typed or maps.pair(incident.point),
        **map_drawing(shape, limits),
    }


def map_drawing(shape: str, limits: Limits) -> dict[str, Any]:
    return {
        "shape": shape,
        "without_streets": streets.without(),
        "other": (CIRCLE, _("Draw a circle instead")) if shape == POLYGON else (POLYGON, _("Draw a polygon instead")),
        "limits": canvasses.limits_sentence(limits),
        "radius_min": round(limits.smallest_radius_m),
        "radius_max": int(CEILING_RADIUS_M),
    }


SHOWN_STATES = (CanvassState.DRAFT, CanvassState.WAITING, CanvassState.APPROVED, CanvassState.DENIED, CanvassState.SENT)


def shows_cameras(canvass: Canvass) -> bool:
    return canvass.state in SHOWN_STATES and canvass.incident.state == IncidentState.OPEN


def draft_page(canvass: Canvass, findings: Findings | None, user: User, *, limits: Limits) -> dict[str, Any]:
    """Return the context of a canvass that asked nobody yet. findings: None without cameras."""
    why = why_not_change(canvass, user)
    page = _page(canvass, findings, user, may_change=why, limits=limits)
    return page | _draft(canvass, findings, user, limits) | {"may_change": not why}


def sent_page(canvass: Canvass, findings: Findings | None, user: User, *, new: Container[UUID]) -> dict[str, Any]:
    """Return the context of a canvass that asked owners. findings: None without cameras. new: as `follow_up`."""
    return _page(canvass, findings, user) | {"follow_up": follow_up(canvass, new)}


def _page(
    canvass: Canvass, findings: Findings | None, user: User, *, may_change: str = "", limits: Limits | None = None
) -> dict[str, Any]:
    shown = findings.cameras if findings else None
    cameras = sorted(shown or (), key=lambda camera: canvass.center.distance_m(camera.point))
    can_delay = not why_not(partial(canvasses.may_delay, user, canvass.incident))
    approval = canvass_selectors.current_approval(canvass) if canvass.beyond_limits else None
    return {
        **canvass_facts(canvass),
        "rows": [_row(camera, canvass, can_delay=can_delay) for camera in cameras],
        "shows_cameras": shown is not None,
        "places": [*map(_marker, cameras), *map(_number, findings.elsewhere if findings else ())],
        "found": findings.found if findings else 0,
        "listed": findings.page if findings else None,
        "actions": canvass_actions(canvass, findings, approval, user, may_change=may_change, limits=limits),
        "approval": approval,
    }


def canvass_facts(canvass: Canvass) -> dict[str, Any]:
    return {
        "canvass": canvass,
        "incident": canvass.incident,
        "window": times.window(canvass.starts_at, canvass.ends_at),
        "size": f"{canvass.square_miles:.2f}",
        "center": maps.pair(canvass.center),
        "corners": maps.ring(canvass.area),
        **maps.ground(),
    }


def follow_up(canvass: Canvass, new: Container[UUID]) -> dict[str, Any]:
    """Return a canvass's replies, latest first, with files and what was asked for by name, such as a clip.

    new: the requests whose reply this person had not seen.
    """
    found = canvass_selectors.follow_up(canvass)
    files: dict[UUID, list[tuple[Evidence, FootageWish | None]]] = defaultdict(list)
    given = list(selectors.of_canvass(canvass))
    wishes = hooks.wishes_among([item.upload_id for item in given])
    for item in given:
        files[item.request_id].append((item, wishes.get(item.upload_id)))
    return {
        "sent": found.sent,
        "rest": found.rest,
        "until": times.moment(found.until) if found.until else "",
        "replies": [(reply, reply.request in new, files[reply.request]) for reply in found.replies],
    }


def decision_page(question: ApprovalQuestion) -> dict[str, Any]:
    canvass, approval = question.canvass, question.approval
    return {
        **canvass_facts(canvass),
        "owners": question.owners,
        "limits": canvasses.why_approval_decided(canvass, Limits.current()),
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


def _draft(canvass: Canvass, findings: Findings | None, user: User, limits: Limits) -> dict[str, Any]:
    read = email_channel.preview_each(
        kind=MessageKind.FOOTAGE_REQUEST, build=partial(sample_request, canvass, sender=user, limits=limits)
    )
    return {
        "to_ask": findings.owners if findings else 0,
        "redraws_left": canvasses.redraws_left(canvass.incident),
        "hidden": findings.hidden if findings else "",
        "is_persons_bound": canvasses.search_at_bound(canvass, limits) is not None,
        "asked_before": findings.already_asked if findings else 0,
        "leave_out_url": reverse("canvass_leave_out", args=[canvass.pk]),
        "put_back_url": reverse("canvass_put_back", args=[canvass.pk]),
        "left_out": findings.left_out if findings else 0,
        "message": read["en"],
        "message_es": read["es"],
    }


def _row(camera: FoundCamera, canvass: Canvass, *, can_delay: bool = False) -> dict[str, Any]:
    """Return a camera of the list. row: HTML id to which its marker links. delay_url: for supervisors alone."""
    details = camera.details
    return {
        "id": camera.id,
        "row": _row_id(camera.id),
        "name": presenters.title(details),
        "address": str(camera.address),
        "place": details.covers,
        "sees": presenters.sees(details),
        "warning": presenters.overwritten(details.days_kept, canvass.starts_at, canvass.ends_at, timezone.now()),
        "distance": _distance(canvass.center.distance_m(camera.point)),
        "left_out": LeftOut.Why(camera.left_out).label if camera.left_out else "",
        "is_confirmed": camera.is_confirmed,
        "delay_url": reverse("look_delay_new", args=[canvass.incident_id, camera.id]) if can_delay else "",
    }


def _marker(camera: FoundCamera) -> dict[str, Any]:
    sector = presenters.sector(camera.details)
    return maps.place(camera.point, camera.details.name, kind="camera", row=_row_id(camera.id), sector=sector)


def _number(cell: Cell) -> dict[str, Any]:
    label = ngettext("%(number)d camera on another page", "%(number)d cameras on other pages", cell.number)
    return maps.place(cell.middle, label % {"number": cell.number}, kind="count") | {"count": cell.number}


def _distance(meters: float) -> str:
    feet = meters / MILE_M * 5280
    if feet < 1000:
        return _("%(feet)d ft") % {"feet": round(feet, -1)}
    return _("%(miles).2f mi") % {"miles": meters / MILE_M}


def _row_id(camera: UUID) -> str:
    return f"camera-{camera}"


def sheet(canvass: Canvass, cameras: Iterable[FoundCamera], user: User) -> dict[str, Any]:
    """Return the sheet to go door to door with. It has no answers, so that no door reveals a decline (promise R4)."""
    doors, printed = _doors(cameras), times.moment(timezone.now())
    return {
        "canvass": canvass,
        "incident": canvass.incident,
        "doors": doors,
        "facts": [
            (_("Incident"), f"{canvass.incident.number} · {canvass.incident.type}, {canvass.incident.place}"),
            (_("Footage wanted"), times.window(canvass.starts_at, canvass.ends_at)),
            (_("Reason"), canvass.reason),
            (_("Deputy"), user.pseudonym),
            (_("Printed"), printed),
        ],
        "deputy": user.pseudonym,
        "printed": printed,
    }


def _doors(cameras: Iterable[FoundCamera]) -> list[dict[str, Any]]:
    """Return the places of the sheet, along the streets. is_confirmed: at the time of the search."""
    found: dict[UUID, list[FoundCamera]] = defaultdict(list)
    for camera in cameras:
        if not camera.left_out:
            found[camera.premises].append(camera)
    return [
        {
            "place": of_place[0].premises,
            "address": str(of_place[0].address),
            "is_confirmed": of_place[0].is_confirmed,
            "cameras": sorted(map(_description, of_place)),
        }
        for of_place in sorted(found.values(), key=lambda of_place: _on_the_way(of_place[0].address))
    ]


def _on_the_way(address: Address) -> tuple[str, str, int, str]:
    number, _space, street = address.street.partition(" ")
    if number.isdecimal():
        return address.city, street, int(number), address.street
    return address.city, address.street, 0, address.street


def _description(camera: FoundCamera) -> str:
    covers = camera.details.covers
    looks_at = _("looks at %(place)s") % {"place": covers} if covers else ""
    return ", ".join(filter(None, [presenters.title(camera.details), looks_at, presenters.sees(camera.details)]))


def purpose_table(purposes: Iterable[CanvassPurpose]) -> Table:
    columns = [_("In English"), _("In Spanish"), _("State")]
    rows = [
        [
            link(each.name, "purpose", each.pk),
            TableCell(each.name_es, lang="es"),
            _("Off the list") if each.retired_at else _("On the list"),
        ]
        for each in purposes
    ]
    return Table(_("Purposes"), columns, rows)


def door_page(canvass: Canvass) -> ActPage:
    sheet = _("Canvass sheet")
    return ActPage(
        title=_("Confirmed at the door"),
        intro=_(
            "Press this when the person at the door says that the address on your sheet is theirs. The owner "
            "sees each press."
        ),
        label=_("Confirmed at the door"),
        way=Way(_address("canvass_sheet", canvass), sheet, sheet),
    )


def withdrawal_page(canvass: Canvass) -> ActPage:
    intro = _(
        "Every owner of this canvass for incident %(number)s who has not answered is told that nothing is "
        "needed any more, and their links stop working. Replies stay, and owners who gave footage can still "
        "add to it. How many were told is not shown."
    )
    return ActPage(
        title=_("Take back what still waits"),
        heading=_("Take back what still waits?"),
        intro=intro % {"number": canvass.incident.number},
        label=_("Take it back"),
        kind="secondary",
        way=Way(_address("canvass", canvass), _("Canvass"), _("Keep waiting")),
    )


def approval_page(canvass: Canvass, limits: str) -> ActPage:
    reads = _(
        "A supervisor other than you reads the area, the hours, the purpose and your reasons, and how many "
        "owners it asks. Changing the canvass afterwards ends the approval."
    )
    title = _("Ask for approval")
    return ActPage(
        title=title,
        heading=f"{title} · {canvass.incident.number}",
        intro=f"{limits} {reads}",
        label=_("Ask the supervisors"),
        way=Way(_address("canvass", canvass), _("Canvass")),
    )
