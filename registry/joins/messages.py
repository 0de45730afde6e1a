from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from registry.incidents.models.incidents import Incident


def incident_joined(context: Context) -> Mapping[str, object]:
    """Context: incident (id)."""
    incident = Incident.objects.get(pk=str(context["incident"]))
    return {
        "number": incident.number,
        "incident_number": incident.number,
        "link": absolute(reverse("incident", args=[incident.pk])),
    }
