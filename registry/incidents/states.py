"""Lifecycle of an incident. Verification is no state, nor is the time to take its closing back."""

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
