from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages.actions import Action
from registry.canvasses.models.approvals import Approval
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.policies import canvasses, unverified_searches
from registry.canvasses.services.findings import Findings
from registry.canvasses.states import CanvassState
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import incidents


def actions(
    canvass: Canvass, findings: Findings | None, approval: Approval | None, user: User, *, may_change: str
) -> list[Action]:
    """Return the buttons, the main one first. may_change: why it can't be searched again; "" if a form does it."""
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
    if canvass.beyond_limits and canvass.state == CanvassState.DRAFT:
        ask = Action(
            "approval", _("Ask for approval"), _address("canvass_ask_approval", canvass), may_work, is_link=True
        )
        return [ask, *others]
    if canvass.state == CanvassState.DENIED:
        return others
    return [_send(canvass, findings, approval, user, may_work), *others]


def why_not_change(canvass: Canvass, user: User) -> str:
    may_work = _why_not_work(canvass.incident, user)
    return may_work or why_not(partial(unverified_searches.may_redraw, canvass.incident))


def _send(canvass: Canvass, findings: Findings | None, approval: Approval | None, user: User, may_work: str) -> Action:
    owners = findings.owners if findings else 0
    label = _("Send") if owners is None else _("Send to %(owners)d owners") % {"owners": owners}
    if owners == 1:
        label = _("Send to 1 owner")
    reason = may_work or _why_not_send(canvass, findings)
    if not reason and approval is not None:
        reason = why_not(partial(canvasses.may_send_approved, user, canvass, approval))
    return Action("send", label, _address("canvass_send", canvass), reason, primary=True)


def _why_not_work(incident: Incident, user: User) -> str:
    return why_not(partial(incidents.must_be_open, incident)) or why_not(partial(incidents.may_work_on, user, incident))


def _why_not_send(canvass: Canvass, findings: Findings | None) -> str:
    owners, hidden = (findings.owners, findings.hidden) if findings else (0, "")
    return hidden or why_not(partial(canvasses.must_ask_somebody, canvass, owners=owners or 0))


def _address(name: str, canvass: Canvass) -> str:
    return reverse(name, args=[canvass.pk])
