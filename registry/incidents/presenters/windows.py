from django.utils.translation import gettext as _

from fusus_portal.ground.pages import times
from registry.incidents.models.incidents import Incident


def of(incident: Incident) -> str:
    if incident.goes_on:
        return _("since %(moment)s, still going on") % {"moment": times.moment(incident.starts_at)}
    return times.window(incident.starts_at, incident.ends_at)
