from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.worklist.sources import Source, Telling, WorkItem
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.selectors import approvals
from registry.canvasses.selectors import replies as reply_selectors
from registry.canvasses.states import CanvassState
from registry.incidents.policies import closings

TOLD_BEFORE = timedelta(hours=3)


def to_decide(user: User) -> list[WorkItem]:
    """Return the canvasses that this supervisor may decide. They lapse with an unverified incident."""
    return [
        WorkItem(
            _("To approve"),
            "warn",
            _text(each),
            reverse("canvass_approval", args=[each.pk]),
            due=closings.lapses_at(each.incident),
            at_due=_("incident closes in %(time)s"),
            about=each.subject,
            of=each.incident,
        )
        for each in approvals.to_decide(user)
    ]


def decided(user: User) -> list[WorkItem]:
    return [
        WorkItem(
            each.get_state_display(),
            "good" if each.state == CanvassState.APPROVED else "warn",
            _text(each),
            reverse("canvass", args=[each.pk]),
            of=each.incident,
        )
        for each in approvals.decided(user)
    ]


def replies(user: User) -> list[WorkItem]:
    return [
        WorkItem(
            _("Replies"),
            "good",
            ngettext("%(replied)d new reply · %(number)s", "%(replied)d new replies · %(number)s", number)
            % {"replied": number, "number": incident.number},
            reverse("incident_replies", args=[incident.pk]),
            of=incident,
        )
        for incident, number in reply_selectors.waiting_for(user).items()
    ]


def _text(canvass: Canvass) -> str:
    return _("Canvass beyond the limits · %(number)s") % {"number": canvass.incident.number}


SOURCES = (
    Source(
        name="canvasses_to_approve",
        permission=Permission.APPROVE_CANVASS,
        find=to_decide,
        telling=Telling(
            words=ngettext_lazy("A canvass waits for approval.", "%(number)d canvasses wait for approval.", "number"),
            waits=lambda: approvals.waiting().exists(),
            at_once=False,  # the act itself writes to those on the incident
            before=TOLD_BEFORE,
        ),
    ),
    Source(name="canvasses_decided", permission=Permission.CANVASS, find=decided),
    Source(name="canvasses_replies", permission=Permission.CANVASS, find=replies),
)
