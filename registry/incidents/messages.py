from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind
from registry.incidents.models import Incident


class IncidentJoinedMessage(AgencyKind, kind=MessageKind.INCIDENT_JOINED):
    purpose = _("Tells a deputy who asked to join an incident that a colleague said yes. Nothing is sent for a no.")
    subject = _("You work on incident %(incident_number)s now")
    needs = "incident_number link"
    about_incident = True
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: incident (id)."""
        incident = Incident.objects.get(pk=str(context["incident"]))
        return {
            "number": incident.number,
            "incident_number": incident.number,
            "link": absolute(reverse("incident", args=[incident.pk])),
        }
