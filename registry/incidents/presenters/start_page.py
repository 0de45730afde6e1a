from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Mark
from fusus_portal.ground.streets import presenters as streets
from fusus_portal.ground.worklist import selectors
from fusus_portal.ground.worklist.sources import WorkItem
from registry.incidents import selectors as incidents
from registry.incidents.models import Incident
from registry.incidents.presenters import incidents as incident_presenters

SHOWN = 50
"""Waiting things that the start page lists at most, those due first."""


def page(user: User) -> dict[str, Any]:
    may_load = has(user.role, Permission.ADMINISTER)
    return {
        "may_open": has(user.role, Permission.OPEN_INCIDENT),
        "may_load": may_load,
        # those who can load streets, and those whom deputies ask who miss them
        "without_streets": streets.without() if may_load or has(user.role, Permission.VERIFY_INCIDENT) else "",
        **work(user),
        "doors": _doors(user),
        "incidents": incident_presenters.with_marks(incidents.incidents_of(user), user),
    }


def work(user: User) -> dict[str, Any]:
    """Return the part of the start page that is fetched again: waiting things, first due on top, counted by kind."""
    found = selectors.waiting_for(user)
    items = [item for item in found if not item.is_door]
    shown = items[:SHOWN]
    marked = incident_presenters.marks_of_incidents([item.of for item in shown if isinstance(item.of, Incident)], user)
    now, counted = timezone.now(), Counter[str]()
    for item in items:
        counted[str(item.tag)] += item.number
    total, rest = counted.total(), sum(item.number for item in items[SHOWN:])
    waits = ngettext("%(number)d thing waits for you", "%(number)d things wait for you", total)
    more = ngettext("And %(number)d more.", "And %(number)d more.", rest)
    return {
        "lines": [_line(item, marked.get(item.of.pk, []) if item.of else [], now) for item in shown],
        "total": waits % {"number": total} if total else "",
        "counts": counted.most_common(),
        "rest": more % {"number": rest} if rest else "",
        "nothing_waits": _("What waits for a word of yours, and replies to your requests, appear here."),
    }


def _line(item: WorkItem, marks: Sequence[Mark], now: datetime) -> dict[str, Any]:
    """Return a line of the start page. marks: of its incident. left: time until it is due, and what happens then."""
    line = {"item": item, "marks": marks}
    if item.due is None:
        return line
    seconds = (item.due - now).total_seconds()
    words = item.at_due if seconds > 0 else _("late by %(time)s")
    return {**line, "due": times.moment(item.due), "left": words % {"time": times.rough(abs(seconds))}}


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
