from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import maps, times
from fusus_portal.ground.pages.actions import Action
from registry import hooks
from registry.canvasses.policies import unverified_searches
from registry.canvasses.selectors import canvasses, replies
from registry.canvasses.states import BEFORE_SENDING
from registry.footage import selectors
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import closings
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters import dispatch, timeline, windows
from registry.incidents.selectors import incidents as incident_selectors


def page(incident: Incident, user: User, *, kind: str = "", before: str = "") -> dict[str, Any]:
    """Return the page's context in a fixed number of queries. kind, before: part of the timeline in the address."""
    found = list(canvasses.of_incident(incident))
    lines = [_line(each) for each in found]
    added = hooks.areas_of(incident, user)
    return {
        "incident": incident,
        "window": windows.of(incident),
        "closed": why_not(partial(incident_policies.must_be_open, incident)),
        "settles": _settles(incident),
        "actions": _actions(incident, user),
        "people": incident_selectors.people_on(incident),
        "sections": hooks.sections_of(incident, user),
        "difference": dispatch.difference(incident, user),
        "canvasses": lines,
        "replied": sum(canvass.replied for canvass in found),
        "new_replies": replies.new_of(incident, user),
        "evidence": selectors.of_incident(incident),
        "center": maps.pair(incident.point),
        "places": [maps.place(incident.point, incident.place, kind="incident")],
        "areas": [line["outline"] for line in lines] + [each.outline for each in added],
        "added": added,
        **maps.ground(),
        **timeline.page(incident, kind=kind, before=before),
    }


def printed(incident: Incident, user: User) -> dict[str, Any]:
    """Return the context of the printed story. user: prints it; their badge pseudonym is on it."""
    opener = incident.opened_by.pseudonym if incident.opened_by_id else incident.get_source_display()
    facts = [
        (_("Incident"), f"{incident.number} · {incident.type}"),
        (_("Place"), incident.place),
        (_("Time"), windows.of(incident)),
        (_("Opened"), f"{opener}, {times.moment(incident.opened_at)}"),
        (_("Printed"), f"{user.pseudonym}, {times.moment(timezone.now())}"),
    ]
    return {"incident": incident, "facts": facts, **timeline.whole(incident)}


def changed_sentence(before: Incident, after: Incident) -> str:
    if before.is_verified and not after.is_verified:
        return _("Saved. The incident is not verified any more: a supervisor who did not change it looks at it again.")
    return _("Saved.")


def closing(incident: Incident) -> dict[str, Any]:
    of_all = _("Nobody can search around it or ask for footage; in ten minutes nobody can add to what was given.")
    return {"incident": incident, "ends": [*hooks.told_closing(incident), of_all]}


def _settles(incident: Incident) -> str:
    """Return what of a closing waits and until when, the same for all owners asked (promise R4); "" after that."""
    until = closings.ends_at(incident)
    if until is None:
        return ""
    if timezone.now() >= until:
        return _("Owners who could still answer are told about now that nothing is needed any more.")
    return _(
        "Until %(moment)s this can be taken back, and owners can still answer. Then whoever could still answer is told "
        "that nothing is needed any more. What ended at once stays ended."
    ) % {"moment": times.moment(until)}


def _of_closed(incident: Incident, user: User) -> list[Action]:
    if why_not(partial(closings.must_wait, incident)):
        return []
    reason = why_not(partial(closings.may_take_back, user, incident))
    return [Action("reopen", _("Take the closing back"), _address("incident_reopen", incident), reason)]


def _actions(incident: Incident, user: User) -> list[Action]:
    actions = (_of_open if incident_policies.is_open(incident) else _of_closed)(incident, user)
    if has(user.role, Permission.DELAY_LOOKS):
        delays = _address("look_delays", incident)
        actions.append(Action("delays", _("Delays of what owners read"), delays, is_link=True, quiet=True))
    return actions


def _of_open(incident: Incident, user: User) -> list[Action]:
    may_work = why_not(partial(incident_policies.may_work_on, user, incident))
    may_verify = why_not(partial(incident_policies.may_verify, user, incident))
    may_close = why_not(partial(incident_policies.may_see, user, incident))
    may_change = why_not(partial(incident_policies.may_change, user, incident))
    may_search = may_work or why_not(partial(unverified_searches.may_search, incident))
    canvass = Action("canvass", _("New canvass"), _address("canvass_new", incident), may_search, is_link=True)
    verify = Action("verify", _("Verify"), _address("incident_verify", incident), may_verify, primary=True)
    change = Action(
        "change", _("Change it"), _address("incident_change", incident), may_change, is_link=True, quiet=True
    )
    close = Action(
        "close", _("Close the incident"), _address("incident_close", incident), may_close, is_link=True, quiet=True
    )
    return [canvass, change, close] if incident.is_verified else [canvass, verify, change, close]


def _address(name: str, incident: Incident) -> str:
    return reverse(name, args=[incident.pk])


def _line(canvass: Any) -> dict[str, Any]:
    """Return a canvass for the list and the map. area: in square miles, as people read it.

    The map shows its area and two numbers. Cameras are on the canvass's own page, with an entry for each.
    """
    area, row = f"{canvass.square_miles:.2f}", f"canvass-{canvass.pk}"
    prepared = canvass.state in BEFORE_SENDING
    counted = {"asked": canvass.asked, "replied": canvass.replied}
    asked = "" if prepared else _("%(asked)d asked, %(replied)d replied") % counted
    state = canvass.get_state_display()
    return {
        "pk": canvass.pk,
        "row": row,
        "area": area,
        "label": state,
        "summary": asked,
        "outline": maps.outline(canvass.area, asked or state, kind="prepared" if prepared else "", row=row),
    }
