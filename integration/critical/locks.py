"""Locks of declarations: first the incident, then its declaration."""

from integration.critical.models import Declaration
from registry.incidents import locks
from registry.incidents.models import Incident


def declaration(declaration: Declaration) -> tuple[Incident, Declaration]:
    incident = locks.incident(declaration.incident_id)
    found = Declaration.objects.select_for_update(of=("self",), no_key=True).get(pk=declaration.pk)
    found.incident = incident
    return incident, found
