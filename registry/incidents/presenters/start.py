"""The start page: what waits for a person, in rows with their acts, and the map of the incidents that they may see."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import presenters as agency
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import maps, times
from fusus_portal.ground.pages.components import Mark
from fusus_portal.ground.worklist import selectors as worklist
from fusus_portal.ground.worklist.sources import WorkItem
from registry.incidents import hooks, selectors as incidents
from registry.incidents.models import Incident
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters.incidents import marks_of_incidents, window_of, with_marks

WORK_SHOWN: Final = 50
"""Waiting things that the start page lists at most, those due first."""

OWN_SHOWN: Final = 20
"""Open incidents of a person that the start page lists at most, the latest."""

ALL_OWN: Final = {"standing": incidents.IncidentStanding.OPEN, "whose": "own"}
"""Filter of the list of incidents that shows all of them."""

ON_MAP: Final = 200
"""Open incidents on the map at most, the latest."""

NOTHING_WAITS: Final = {
    Role.DEPUTY: gettext_lazy(
        "New replies, people who ask to join an incident of yours, and answers to what you asked appear here."
    ),
    Role.SUPERVISOR: gettext_lazy(
        "Incidents to verify, canvasses to approve, people who ask to join, and new replies appear here."
    ),
    Role.AUDITOR: gettext_lazy("Alarms, the weekly review, findings past their day, and broken glass appear here."),
    Role.CLERK: gettext_lazy("Orders to pack, parcels to unpack, returns, refunds and claims appear here."),
    Role.ADMINISTRATOR: gettext_lazy("What another administrator proposed and you may approve appears here."),
}


def start_page(user: User, *, since: datetime) -> dict[str, Any]:
    """Return the context of the start page. since: rows that the person first saw later are new on it."""
    latest = list(incidents.incidents_of(user)[: OWN_SHOWN + 1])
    own = with_marks(latest[:OWN_SHOWN], user)
    for incident in own:
        incident.lights = _lights(incident.pk)  # type: ignore[attr-defined]
    may_open = has(user.role, Permission.OPEN_INCIDENT)
    return {
        "may_open": may_open,
        "warnings": agency.warnings_for(user),
        **start_work(user, since=since),
        **(maps.ground() if may_open else {}),
        "looked_at": times.for_address(since),
        "doors": _doors(user),
        "incidents": own,
        "all_own": f"{reverse('incidents')}?{urlencode(ALL_OWN)}" if len(latest) > OWN_SHOWN else "",
    }


def start_work(user: User, *, since: datetime | None) -> dict[str, Any]:
    """Return the part of the start page that is fetched again: waiting things, first due on top, counted by kind."""
    items = [item for item in worklist.waiting_for(user) if not item.is_door]
    shown = items[:WORK_SHOWN]
    marked = marks_of_incidents([item.of for item in shown if isinstance(item.of, Incident)], user)
    new = worklist.new_among(shown, user, since=since)
    now, counted = timezone.now(), Counter[str]()
    for item in items:
        counted[str(item.tag)] += item.number
    total, rest = counted.total(), sum(item.number for item in items[WORK_SHOWN:])
    waits = ngettext("%(number)d thing waits for you", "%(number)d things wait for you", total)
    more = ngettext("And %(number)d more.", "And %(number)d more.", rest)
    return {
        "shown": shown,
        "lines": [
            _work_line(item, marked.get(item.of.pk, []) if item.of else [], now, is_new=item.key in new)
            for item in shown
        ],
        "total": waits % {"number": total} if total else "",
        "counts": counted.most_common(),
        "rest": more % {"number": rest} if rest else "",
        "nothing_waits": NOTHING_WAITS.get(Role(user.role), _("What waits for a word of yours appears here.")),
        **_on_map(user),
    }


def _work_line(item: WorkItem, marks: Sequence[Mark], now: datetime, *, is_new: bool) -> dict[str, Any]:
    """Return a line of the start page. marks: of its incident. left: time until it is due, and what happens then."""
    incident = item.of.pk if isinstance(item.of, Incident) else item.on_map
    line = {
        "item": item,
        "key": item.key,
        "url": reverse("work_open", args=[item.key]) if item.is_news else item.url,
        "detail": " · ".join(filter(None, (item.where, item.who))),
        "lights": _lights(incident) if incident else "",
        "marks": marks,
        "is_new": is_new,
    }
    if item.due is None:
        return line
    seconds = (item.due - now).total_seconds()
    words = item.at_due if seconds > 0 else _("late by %(time)s")
    return {**line, "due": times.moment(item.due), "left": words % {"time": times.rough(abs(seconds))}}


def _lights(incident: UUID) -> str:
    """Return the name by which a row and what the map draws of its incident light each other up."""
    return f"incident-{incident}"


def _on_map(user: User) -> dict[str, Any]:
    """Return the open incidents that this person may see, with their areas and declared circles: no camera, no home."""
    shown = list(incidents.search_incidents(user, standing=incidents.IncidentStanding.OPEN)[:ON_MAP])
    areas = [maps.outline(area, "", kind=kind, row=_lights(pk)) for pk, area, kind in hooks.outlines_of(shown)]
    places = [
        maps.place(each.point, f"{each.number} · {each.type}", kind="incident", row=_lights(each.pk))
        | {"url": reverse("incident", args=[each.pk])}
        for each in shown
    ]
    return {"places": places, "areas": areas}


def _doors(user: User) -> list[WorkItem]:
    """Return links to the pages where this person works, even if nothing waits there."""
    doors = [
        (Permission.IMPORT_DISPATCH, _("Dispatch"), _("Take a file from dispatch"), "dispatch_file"),
        (Permission.AUDIT, _("Audit"), _("Open the audit log"), "audit"),
        (Permission.FULFILMENT, _("Fulfilment"), _("Open fulfilment"), "fulfilment"),
        (Permission.PEOPLE, _("People"), _("Agency accounts: invitations, roles, locks"), "people"),
    ]
    return [
        WorkItem(tag, "quiet", text, reverse(name), number=0)
        for permission, tag, text, name in doors
        if has(user.role, permission)
    ]


def call_page(incident: Incident, user: User) -> dict[str, Any]:
    """Return the facts on which a supervisor verifies an incident. refusal: why this person can't, or ""."""
    opener = incident.opened_by.name if incident.opened_by_id else incident.get_source_display()
    return {
        "incident": incident,
        "facts": [
            (_("Where"), incident.place),
            (_("When"), window_of(incident)),
            (_("Opened by"), f"{opener}, {times.moment(incident.opened_at)}"),
        ],
        "refusal": why_not(incident_policies.must_be_open, incident)
        or why_not(incident_policies.may_verify, user, incident),
        "places": [maps.place(incident.point, incident.place, kind="incident")],
        "center": maps.pair(incident.point),
        **maps.ground(),
    }
