"""Tabs of an incident, each a page of its own: overview, canvasses, log. Nouns above add theirs (`hooks.Panels`)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import maps, times
from fusus_portal.ground.pages.components import Action, Cell, Mark, Table, link, number
from registry.canvasses import policies, selectors as canvasses
from registry.canvasses.states import BEFORE_SENDING
from registry.incidents import hooks, selectors as incidents
from registry.incidents.hooks import IncidentTab
from registry.incidents.models import Incident
from registry.incidents.policies import incidents as incident_policies
from registry.incidents.presenters.incidents import dispatch_difference, timeline_page, window_of, with_marks

OVERVIEW = IncidentTab(
    url_name="incident", label=gettext_lazy("Overview"), permission=Permission.OPEN_INCIDENT, place=0
)
CANVASSES = IncidentTab(
    url_name="incident_canvasses", label=gettext_lazy("Canvass"), permission=Permission.OPEN_INCIDENT, place=10
)
LOG = IncidentTab(url_name="incident_log", label=gettext_lazy("Log"), permission=Permission.OPEN_INCIDENT, place=90)


def head(incident: Incident, user: User, tab: str) -> dict[str, Any]:
    """Return what stands above each tab. tab: the URL name of the one that is shown."""
    with_marks([incident], user)
    shown = [each for each in hooks.tabs() if has(user.role, each.permission)]
    is_first, where = tab == OVERVIEW.url_name, [incident.place, window_of(incident)]
    label = next((each.label for each in shown if each.url_name == tab), "")
    return {
        "incident": incident,
        "heading": f"{incident.number} · {incident.type}" if is_first else f"{label} · {incident.number}",
        "about": " · ".join(where if is_first else [str(incident.type), *where]),
        "tabs": [
            {
                "label": each.label,
                "url": _address(each.url_name, incident),
                "current": each.url_name == tab,
                "new": each.new(incident, user),
            }
            for each in shown
        ],
        "sections": hooks.sections_of(incident, user, tab),
    }


def overview(incident: Incident, user: User) -> dict[str, Any]:
    """Return the context of an incident's first tab in a fixed number of queries."""
    lines = [_line(each) for each in canvasses.canvasses_of_incident(incident) if not each.by_name]
    added = hooks.areas_of(incident, user)
    return {
        **head(incident, user, OVERVIEW.url_name),
        "closed": why_not(incident_policies.must_be_open, incident),
        "settles": _settles(incident),
        "actions": _actions(incident, user),
        "people": incidents.people_on(incident),
        "difference": dispatch_difference(incident, user),
        "canvasses": lines,
        "center": maps.pair(incident.point),
        "places": [maps.place(incident.point, incident.place, kind="incident")],
        "areas": [line["outline"] for line in lines] + [each.outline for each in added],
        "added": added,
        **maps.ground(),
    }


def canvass_tab(incident: Incident, user: User) -> dict[str, Any]:
    found = list(canvasses.canvasses_of_incident(incident))
    new = _new_canvass(incident, user) if incident_policies.is_open(incident) else None
    return {
        **head(incident, user, CANVASSES.url_name),
        "heading": f"{_('Canvasses')} · {incident.number}",
        "actions": [new] if new else [],
        "table": _canvass_table(found) if found else None,
    }


def log_tab(incident: Incident, user: User, *, kind: str, before: str) -> dict[str, Any]:
    """Return the timeline's context. kind, before: its part, as in the address."""
    return head(incident, user, LOG.url_name) | timeline_page(incident, kind=kind, before=before)


def change_page(incident: Incident, user: User) -> dict[str, Any]:
    """Return what stands above the form. full: why only a shorter time can be saved now, or ""."""
    full = why_not(incident_policies.may_wait_again, incident) if incident.is_verified else ""
    return {"incident": incident, "section": correction_section(incident, user), "full": full}


def correction_marks(shown: Iterable[Incident], _user: User) -> dict[Any, Mark]:
    waiting = incidents.uncorrected().filter(incident__in=list(shown))
    return {each.incident_id: Mark(_("Sent back")) for each in waiting}


def correction_section(incident: Incident, user: User) -> dict[str, Any]:
    """Return what was said when the incident was last sent back, until somebody verifies it; {} if it was not."""
    found = incidents.latest_corrections([incident]).get(incident.pk)
    if found is None or incident.is_verified or not incident_policies.is_open(incident):
        return {}
    said = {"person": found.asked_by.pseudonym, "moment": times.moment(found.asked_at)}
    made = ""
    if found.made_by is not None and found.made_at is not None:
        changed = {"person": found.made_by.pseudonym, "moment": times.moment(found.made_at)}
        made = _("%(person)s changed it after that, %(moment)s.") % changed
    return {
        "incident": incident,
        "said": _("%(person)s sent it back, %(moment)s:") % said,
        "sentence": found.sentence,
        "made": made,
        "may_correct": not made and not why_not(incident_policies.may_work_on, user, incident),
    }


def _settles(incident: Incident) -> str:
    """Return until when a closing can be taken back, the same for all owners asked (promise R4); "" once settled."""
    until = incident_policies.reopens_until(incident)
    if until is None:
        return ""
    if timezone.now() >= until:
        return _("Owners who could still answer are told about now that nothing is needed any more.")
    return _(
        "Until %(moment)s this can be taken back, and owners can still answer. Then owners who could still answer are "
        "told that nothing is needed any more. What ended at once stays ended."
    ) % {"moment": times.moment(until)}


def _of_closed(incident: Incident, user: User) -> list[Action]:
    if why_not(incident_policies.must_be_reopenable, incident):
        return []
    reason = why_not(incident_policies.may_reopen, user, incident)
    return [Action("reopen", _("Take the closing back"), _address("incident_reopen", incident), reason)]


def _actions(incident: Incident, user: User) -> list[Action]:
    actions = (_of_open if incident_policies.is_open(incident) else _of_closed)(incident, user)
    if has(user.role, Permission.DELAY_LOOKS):
        delays = _address("look_delays", incident)
        actions.append(Action("delays", _("Delays of what owners read"), delays, is_link=True, quiet=True))
    return actions


def _of_open(incident: Incident, user: User) -> list[Action]:
    reason = why_not(incident_policies.may_see, user, incident)
    change = Action("change", _("Change it"), _address("incident_change", incident), reason, is_link=True, quiet=True)
    close = Action(
        "close", _("Close the incident"), _address("incident_close", incident), reason, is_link=True, quiet=True
    )
    return [_new_canvass(incident, user), *_of_unverified(incident, user), change, close]


def _of_unverified(incident: Incident, user: User) -> list[Action]:
    """Return the two answers of a supervisor to an incident that nobody has verified."""
    if incident.is_verified:
        return []
    reason = why_not(incident_policies.may_verify, user, incident)
    verify = Action("verify", _("Verify"), _address("incident_verify", incident), reason, primary=True)
    back = Action("send_back", _("Send it back"), _address("incident_send_back", incident), is_link=True, quiet=True)
    return [verify] if why_not(incident_policies.may_send_back, user, incident) else [verify, back]


def _new_canvass(incident: Incident, user: User) -> Action:
    reason = why_not(incident_policies.may_work_on, user, incident) or why_not(policies.may_search_around, incident)
    return Action("canvass", _("New canvass"), _address("canvass_new", incident), reason, is_link=True)


def _address(name: str, incident: Incident) -> str:
    return reverse(name, args=[incident.pk])


def _line(canvass: Any) -> dict[str, Any]:
    """Return a canvass for the list and the map of its incident. area: in square miles, as people read it.

    The map shows its area and two numbers. Cameras are on the canvass's own page, with an entry for each.
    """
    row, state = f"canvass-{canvass.pk}", canvass.get_state_display()
    prepared = canvass.state in BEFORE_SENDING
    counted = {"asked": canvass.asked, "replied": canvass.replied}
    asked = "" if prepared else _("%(asked)d asked, %(replied)d replied") % counted
    return {
        "pk": canvass.pk,
        "row": row,
        "area": _size(canvass),
        "label": state,
        "summary": asked,
        "outline": maps.outline(canvass.area, asked or state, kind="prepared" if prepared else "", row=row),
    }


def _size(canvass: Any) -> str:
    return f"{canvass.square_miles:.2f}"


def _canvass_table(found: Iterable[Any]) -> Table:
    columns = [_("Sent"), _("Area"), _("Asked by")]
    counts = [number(_("Asked")), number(_("Replied")), number(_("No reply to show"))]
    return Table(_("Canvasses, latest first"), [*columns, *counts, _("State")], map(_canvass_row, found))


def _canvass_row(canvass: Any) -> list[object]:
    """Return a canvass with the numbers that deputies may know: declined, unopened and ignored look alike (R4)."""
    sent = times.moment(canvass.sent_at) if canvass.sent_at else _("Not sent yet")
    area = _("one camera") if canvass.by_name else _("%(size)s square miles") % {"size": _size(canvass)}
    counts = [canvass.asked, canvass.replied, canvass.asked - canvass.replied] if canvass.sent_at else [None] * 3
    state = Cell(tags=[("", canvass.get_state_display())])
    return [link(sent, "canvass", canvass.pk), area, canvass.asker.pseudonym, *counts, state]
