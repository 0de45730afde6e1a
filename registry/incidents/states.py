"""Lifecycles of incidents and of questions to join.

Neither verification nor the time to take a closing back is a state. A question whose time is over looks declined.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from audit.log.events import Event
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.lifecycle import Lifecycle, Other, Rule


class IncidentState(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


INCIDENT = Lifecycle(
    name="incident",
    states=IncidentState,
    start=[IncidentState.OPEN],
    transitions={
        (IncidentState.OPEN, IncidentState.CLOSED): Rule(Event.INCIDENT_CLOSED, Permission.OPEN_INCIDENT, Other.TASK),
        (IncidentState.CLOSED, IncidentState.OPEN): Rule(Event.INCIDENT_REOPENED, Permission.OPEN_INCIDENT),
    },
)


class JoinState(TextChoices):
    ASKED = "asked", _("Waits for an answer")
    ADMITTED = "admitted", _("Yes")
    DECLINED = "declined", _("No")


JOIN = Lifecycle(
    name="join question",
    states=JoinState,
    start=[JoinState.ASKED],
    transitions={
        (JoinState.ASKED, JoinState.ADMITTED): Rule(Event.JOIN_ADMITTED, Permission.OPEN_INCIDENT),
        (JoinState.ASKED, JoinState.DECLINED): Rule(Event.JOIN_DECLINED, Permission.OPEN_INCIDENT),
    },
)
