"""The page of one incident."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.selectors import entries_of_incident
from fusus_portal.accounts.models import User
from registry.forms.incidents import AssignForm
from registry.models import Incident
from registry.policies import canvasses as canvass_policy
from registry.policies import incidents as policy
from registry.policies import why_not
from registry.presenters import maps, times
from registry.presenters.actions import Action
from registry.presenters.timeline import moments
from registry.selectors import canvasses as known_canvasses
from registry.selectors import evidence as known_evidence
from registry.selectors import incidents as known
from registry.selectors.canvasses import Progress
from registry.states import BEFORE_SENDING


@dataclass(frozen=True, slots=True)
class CanvassLine:
    """One canvass in the list. area: in square miles, as people read it."""

    pk: UUID
    area: str
    label: str
    summary: str


def page(incident: Incident, user: User) -> dict[str, Any]:
    """Return what the page says, in at most ten queries."""
    assigning = not why_not(partial(policy.may_assign, user, incident))
    return {
        "incident": incident,
        "window": times.window(incident.starts_at, incident.ends_at),
        "actions": _actions(incident, user),
        "people": known.people_on(incident),
        "assign_form": AssignForm(incident=incident) if assigning else None,
        "canvasses": [_line(found) for found in known_canvasses.of_incident(incident)],
        "evidence": known_evidence.of_incident(incident),
        "timeline": moments(entries_of_incident(str(incident.pk))),
        "center": maps.pair(incident.point),
        "places": [maps.place(incident.point, incident.place, kind="incident")],
        **maps.ground(),
    }


def _actions(incident: Incident, user: User) -> list[Action]:
    closed = why_not(partial(policy.must_be_open, incident))
    may_work = closed or why_not(partial(policy.may_work_on, user, incident))
    may_verify = closed or why_not(partial(policy.may_verify, user, incident))
    may_close = closed or why_not(partial(policy.may_close, user, incident))
    may_search = may_work or why_not(partial(canvass_policy.may_search, incident))
    canvass = Action("canvass", _("New canvass"), _address("canvass_new", incident), may_search, is_link=True)
    verify = Action("verify", _("Verify"), _address("incident_verify", incident), may_verify, primary=True)
    close = Action("close", _("Close the incident"), _address("incident_close", incident), may_close)
    return [canvass, close] if incident.is_verified else [canvass, verify, close]


def _address(name: str, incident: Incident) -> str:
    return reverse(name, args=[incident.pk])


def _line(found: Progress) -> CanvassLine:
    canvass = found.canvass
    asked = "" if canvass.state in BEFORE_SENDING else _("%(number)d asked") % {"number": found.asked}
    return CanvassLine(canvass.pk, f"{canvass.square_miles:.2f}", canvass.get_state_display(), asked)
