"""The console's start page: what waits for whoever signed in."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.ledger.alarms import AlarmKind, open_alarms
from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import times
from registry import hooks
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.selectors import approvals, canvasses
from registry.canvasses.states import CanvassState
from registry.hooks import WaitingWork
from registry.incidents.models.incidents import Incident
from registry.incidents.presenters import marks
from registry.incidents.selectors import dispatch, incidents


def page(user: User) -> dict[str, Any]:
    """Return what the page says to this person."""
    return {
        "may_open": has(user.role, Permission.OPEN_INCIDENT),
        "waiting": [
            *_alarms(user),
            *hooks.waiting_for(user),
            *(_of_incident(_("To verify"), found) for found in incidents.to_verify(user)),
            *(_of_incident(_("Dispatch differs"), found.incident) for found in dispatch.differing(user)),
            *(_of_incident(_("Assign people"), found) for found in dispatch.without_people(user)),
            *(_of_canvass(_("To approve"), "warn", found, "canvass_approval") for found in approvals.to_decide(user)),
            *map(_decided, approvals.decided(user)),
            *_replies(user),
            *_flagged(user),
            *_elsewhere(user),
        ],
        "incidents": marks.marked(incidents.mine(user), user),
        "nothing_waits": _("Replies to your requests, and incidents and canvasses that wait for a word, appear here."),
    }


def _alarms(user: User) -> list[WaitingWork]:
    if not has(user.role, Permission.AUDIT):
        return []
    return [
        WaitingWork(_("Alarm"), "warn", str(AlarmKind(alarm.kind).sentence), reverse("audit_alarm", args=[alarm.pk]))
        for alarm in open_alarms()
    ]


def _of_incident(tag: str, incident: Incident) -> WaitingWork:
    text = f"{incident.number} · {incident.type}"
    return WaitingWork(tag, "warn", text, reverse("incident", args=[incident.pk]))


def _of_canvass(tag: str, kind: str, canvass: Canvass, page_name: str) -> WaitingWork:
    text = _("Canvass beyond the limits · %(number)s") % {"number": canvass.incident.number}
    return WaitingWork(tag, kind, text, reverse(page_name, args=[canvass.pk]))


def _decided(canvass: Canvass) -> WaitingWork:
    kind = "good" if canvass.state == CanvassState.APPROVED else "warn"
    return _of_canvass(canvass.get_state_display(), kind, canvass, "canvass")


def _replies(user: User) -> list[WaitingWork]:
    return [
        WaitingWork(
            _("Replies"),
            "good",
            _("%(replied)d of %(asked)d replied · %(number)s")
            % {"replied": found.replied, "asked": found.asked, "number": found.incident.number},
            reverse("canvass", args=[found.pk]),
        )
        for found in canvasses.with_replies(user)
    ]


def _flagged(user: User) -> list[WaitingWork]:
    opens = has(user.role, Permission.OPEN_INCIDENT)
    return [
        WaitingWork(
            _("Not verified in time"),
            "warn",
            _("%(number)s · %(type)s closed automatically, %(day)s")
            % {"number": incident.number, "type": incident.type, "day": times.day(incident.lapsed_at)},
            reverse("incident", args=[incident.pk]) if opens else reverse("audit"),
        )
        for incident in incidents.flagged(user)
        if incident.lapsed_at is not None
    ]


def _elsewhere(user: User) -> list[WaitingWork]:
    doors = [
        (Permission.IMPORT_DISPATCH, _("Dispatch"), _("Take a file from dispatch"), "dispatch_file"),
        (Permission.AUDIT, _("Audit"), _("Open the audit log"), "audit"),
        (Permission.FULFILMENT, _("Fulfilment"), _("Open fulfilment"), "fulfilment"),
        (Permission.PEOPLE, _("People"), _("Agency accounts: invitations, roles, locks"), "people"),
    ]
    return [
        WaitingWork(tag, "quiet", text, reverse(name))
        for permission, tag, text, name in doors
        if has(user.role, permission)
    ]
